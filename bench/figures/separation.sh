#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Can the verdicts of comparisons be trusted on this machine? Training runs are compared with
# themselves, which must not be separated, and with themselves slowed by a tenth, which must be:
# separation.c says how. The table has a bar for both.
#
#   bench/figures/separation.sh [OPTION...]     a few minutes on an idle machine; see --help. Writes
#                                       results/separation.md
#
# shellcheck disable=SC2016,SC2034 # backquotes are Markdown's; `load` and `python` are for machine()
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

unset OMP_NUM_THREADS
command_line="bench/figures/separation.sh${*:+$(printf ' %q' "$@")}"
comparisons=200 output=$root/results/separation.md build='' may_add=yes
python='' # no other program takes part, so machine() has none to ask

usage()
{
    cat <<'USAGE'
bench/figures/separation.sh: compare training runs whose true verdict is known

  --comparisons N      of each kind, 15 rounds each (200); a few to see whether it works
  --output FILE        the table (results/separation.md)
  --build DIR          a configured build folder to take the programs from (made: build)
  --no-install         install nothing
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --comparisons) set_number "$1" "$2" "$count" ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
[ -z "$may_add" ] || [ -n "$build" ] || install_packages "$packages_to_build"
build_programs descent separation

# The table takes the place of an older one only when it is complete.
part=$(mktemp "${TMPDIR:-/tmp}/descent-separation.XXXXXX")
trap 'rm -f "$part"' EXIT
status=0
{
    print_heading 'Can verdicts be trusted?' figures/separation.sh machine_alone
    "$build/bench/separation" --comparisons "$comparisons"
} >"$part" || status=$?
cat "$part"
[ "$status" -eq 0 ] || exit "$status"
echo
write_table "$part"
