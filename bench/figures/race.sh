#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Can the verdicts of `descent race` be trusted on this machine? Races whose truth is known: the same
# command twice, the same training twice, each on the machine as it is, which should be idle, and
# beside a program that takes half of the last processor; and a command that has 2 % or 5 % more to do.
#
#   bench/figures/race.sh [OPTION...]     half an hour; see --help. Writes results/race.md
#
# shellcheck disable=SC2016,SC2034 # backquotes are Markdown's; `load` and `python` are for machine()
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

unset OMP_NUM_THREADS
command_line="bench/figures/race.sh${*:+$(printf ' %q' "$@")}"
races=50 turns=100 rounds=300 output=$root/results/race.md build='' may_add=yes
python='' # no other program takes part, so machine() has none to ask

usage()
{
    cat <<'USAGE'
bench/figures/race.sh: races between sides whose difference is known

  --races N            of each of six kinds (50); a few to see whether it works
  --turns N            millions of turns of a command's loop (100: about 0.1 s), and of epochs of
                       a training, twice as many
  --rounds N           of a race, at most (300)
  --output FILE        the table (results/race.md)
  --build DIR          a configured build folder to take the program from (made: build)
  --no-install         install nothing
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --races | --turns | --rounds) set_number "$1" "$2" "$count" ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

# A line for each race: KIND, OUTCOME, ROUNDS, SECONDS.
race() # KIND OPERAND...
{
    local i
    for ((i = 1; i <= races; i++)); do
        "$build/descent" race --format json --rounds "$rounds" --order-seed "$i" "${@:2}" 2>/dev/null >one.json || [ $? -le 2 ]
        jq -r --arg kind "$1" '[$kind, .outcome, .plan.rounds, .seconds] | @tsv' one.json >>races.tsv
    done
    printf '%s: %d races\n' "$1" "$races" >&2
}

race_equal() # WHERE
{
    race "the same command, $1" -- ./spin "$turns" -- ./spin "$turns"
    race "the same training, $1" "$build/descent" "$build/descent" --data blobs:rows=20000,features=20,seed=1 \
        --solver gd --rate 0.1 --threads 1 --epochs $((turns * 2))
}

# Thousandths more turns, of which none is allowed.
race_slower() # WORDS THOUSANDTHS
{
    race "$1 slower" --fail-slower 0 -- ./spin "$turns" -- ./spin "$turns" "$2"
}

print_table()
{
    awk -F '\t' -v OFS=' | ' '
        !($1 in races) { kinds[++count] = $1 }
        { races[$1]++; found[$1, $2]++; rounds[$1] += $3; if ($4 > most[$1]) most[$1] = $4 }
        END {
            print "| B is | races | slower | more time, allowed | not told apart | faster | invalid | rounds, mean | longest |"
            print "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
            for (i = 1; i <= count; i++) {
                kind = kinds[i]
                print "| " kind, races[kind], found[kind, "slower"] + 0, found[kind, "more time"] + 0,
                    found[kind, "not apart"] + 0, found[kind, "faster"] + found[kind, "less time"],
                    found[kind, "noisy"] + found[kind, "copies apart"], sprintf("%.1f", rounds[kind] / races[kind]),
                    sprintf("%.0f s |", most[kind])
            }
        }' races.tsv
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
[ -z "$may_add" ] || [ -n "$build" ] || install_packages "$packages_to_build" "$packages_to_benchmark"
build_programs descent
build=$(cd "$build" && pwd)
need_tools jq taskset cc

work=$(mktemp -d "${TMPDIR:-/tmp}/descent-races.XXXXXX")
spinner=''
trap '[ -z "$spinner" ] || kill "$spinner"; rm -rf "$work"' EXIT
cc -O1 -o "$work/spin" "$root/bench/figures/spin.c"
cd "$work"

race_equal 'idle'
race_slower '2 %' 20
race_slower '5 %' 50
last=$(($(nproc) - 1))
taskset -c "$last" sh -c 'while :; do ./spin 20; sleep 0.02; done' &
spinner=$!
race_equal 'beside a load'
kill "$spinner"
wait "$spinner" 2>/dev/null || true
spinner=''

{
    print_heading 'Can races be trusted?' figures/race.sh machine_alone
    printf 'Each race of at most 300 s and %d rounds, with `--resolution 2`. The load took half of processor %d. "Slower" is exit code 1.\n\n' "$rounds" "$last"
    print_table
} >table.md
cat table.md
mkdir -p "$(dirname "$output")"
cp table.md "$output.part"
mv "$output.part" "$output"
printf '\nWritten: %s\n' "$output"
