#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Two sweeps at a time on the same processors: should threads that wait spin (OMP_WAIT_POLICY=active) or
# sleep (passive)? configs/waiting.yaml is run twice: beside another sweep, whose threads are bound to the
# same processors and wait in the same two ways in turn, and alone. Rounds are interleaved, so that both ways
# meet the same neighbour.
#
#   bench/figures/waiting.sh [OPTION...]     some minutes; see --help. Writes results/waiting.md
#
# shellcheck disable=SC2034 # `load` and `python` are for machine()
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

unset OMP_NUM_THREADS OMP_WAIT_POLICY
command_line="bench/figures/waiting.sh${*:+$(printf ' %q' "$@")}"
rounds=15 rows=20000 output=$root/results/waiting.md build='' may_add=yes
python='' # no other program takes part, so machine() has none to ask

usage()
{
    cat <<'USAGE'
bench/figures/waiting.sh: threads that spin beside threads that sleep, where two sweeps share a machine

  --rounds N           (15)
  --rows N             of the data (20000)
  --quick              few rounds and rows: to see whether it works
  --output FILE        the table (results/waiting.md)
  --build DIR          a configured build folder to take the program from (made: build)
  --no-install         install nothing
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --rounds | --rows) set_number "$1" "$2" "$count" ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

set_quick()
{
    rounds=3 rows=500
}

# The sweep under another name.
sweep_file() # NAME REPEATS
{
    sed -E "s/^name: .*/name: $1/; s/rows: [0-9]+/rows: $rows/; s/^repeats: .*/repeats: $2/" \
        "$root/configs/waiting.yaml" >"$1.yaml"
}

# Returns once a sweep has recorded trials, which it has not when its first reference solve begins.
await_trials() # NAME
{
    until [ "$("$build/descent" export "$1" --format csv 2>/dev/null | wc -l)" -gt 2 ]; do
        kill -0 "$neighbour" || { cat "$1.log" && exit 1; }
        sleep 0.1
    done
}

# What compare says of a sweep: its first line and the table.
section() # TITLE NAME [OPTION...]
{
    printf '## %s\n\n' "$1"
    "$build/descent" compare "$2" --by environment "${@:3}" | sed -E 's/^(#+ )/##\1/'
    printf '\n'
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
[ -z "$may_add" ] || [ -n "$build" ] || install_packages "$packages_to_build"
build_programs descent

work=$(mktemp -d "${TMPDIR:-/tmp}/descent-waiting.XXXXXX")
neighbour=''
trap '[ -z "$neighbour" ] || kill "$neighbour"; wait; rm -rf "$work"' EXIT
cd "$work"
sweep_file alone "$rounds"
sweep_file beside "$rounds"
sweep_file neighbour 1000000

"$build/descent" sweep alone.yaml --results . --quiet
"$build/descent" sweep neighbour.yaml --results . --quiet >neighbour.log 2>&1 &
neighbour=$!
await_trials neighbour
"$build/descent" sweep beside.yaml --results . --quiet
kill "$neighbour" || { cat neighbour.log && exit 1; }
wait "$neighbour" || true
neighbour=''

{
    print_heading 'Two sweeps at a time: threads that spin, or sleep' figures/waiting.sh machine_alone
    printf 'Time to a gap by threads that wait actively and passively, of one sweep:\n\n'
    section 'Beside another sweep on the same processors' beside --disturbed count
    section 'Alone' alone
} >table.md
write_table table.md
