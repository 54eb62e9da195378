#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Can the verdicts of `descent race` be trusted on this machine? Races whose truth is known, in parts:
#
#   known     the same command twice, the same training twice, each on the machine as it is, which should be
#             idle, and beside a program that takes half of the last processor; and a command that has 2 % or
#             5 % more to do
#   planted   a command against one with a fault planted in it (planted.c): what is said of each
#   layout    descent against itself, linked from the same objects in another order, raced as it is and
#             with --relink
#
#   bench/figures/race.sh [OPTION...]     three quarters of an hour; see --help. Writes results/race.md
#
# shellcheck disable=SC2016,SC2034 # backquotes are Markdown's; `load` and `python` are for machine()
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

unset OMP_NUM_THREADS
command_line="bench/figures/race.sh${*:+$(printf ' %q' "$@")}"
parts='known planted layout'
races=50 turns=100 rounds=300 output=$root/results/race.md build='' may_add=yes
python='' # no other program takes part, so machine() has none to ask

usage()
{
    cat <<'USAGE'
bench/figures/race.sh: races between sides whose difference is known

  --parts LIST         of known,planted,layout (all of them)
  --races N            of each known kind (50), and a tenth as many of links; a few to see whether it works
  --turns N            millions of turns of a command's loop (100: about 0.1 s), and of epochs of
                       a training, fifty times as many
  --rounds N           of a race, at most (300)
  --output FILE        the table (results/race.md)
  --build DIR          a configured build folder to take the program from (made: build)
  --no-install         install nothing
USAGE
}

set_parts() # LIST
{
    local part
    parts=${1//,/ }
    for part in $parts; do
        case $part in known | planted | layout) ;; *) refuse "there is no part '$part'" ;; esac
    done
}

set_option() # OPTION VALUE
{
    case $1 in
    --parts) set_parts "$2" ;;
    --races | --turns | --rounds) set_number "$1" "$2" "$count" ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

# A line in PART.tsv for each of COUNT races: KIND, OUTCOME, ROUNDS, SECONDS.
race() # KIND COUNT OPERAND...
{
    local i
    for ((i = 1; i <= $2; i++)); do
        "$build/descent" race --format json --rounds "$rounds" --order-seed "$i" "${@:3}" 2>/dev/null >one.json || [ $? -le 2 ]
        jq -r --arg kind "$1" '[$kind, .outcome, .plan.rounds, .seconds] | @tsv' one.json >>"$part.tsv"
    done
    printf '%s: %d races\n' "$1" "$2" >&2
}

print_races() # PART
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
        }' "$1.tsv"
}

# --- Sides whose difference is known ---------------------------------------------------------

# The data of the training stay in the second-level cache: the third is shared with whoever else is on the host.
race_equal() # WHERE
{
    race "the same command, $1" "$races" -- ./spin "$turns" -- ./spin "$turns"
    race "the same training, $1" "$races" "$build/descent" "$build/descent" --data blobs:rows=1000,features=20,seed=1 \
        --solver gd --rate 0.1 --threads 1 --epochs $((turns * 50))
}

# Thousandths more turns, of which none is allowed.
race_slower() # WORDS THOUSANDTHS
{
    race "$1 slower" "$races" --fail-slower 0 -- ./spin "$turns" -- ./spin "$turns" "$2"
}

measure_known()
{
    cc -O1 -o spin "$root/bench/figures/spin.c"
    race_equal 'idle'
    race_slower '2 %' 20
    race_slower '5 %' 50
    taskset -c $(($(nproc) - 1)) sh -c 'while :; do ./spin 20; sleep 0.02; done' &
    spinner=$!
    race_equal 'beside a load'
    kill "$spinner"
    wait "$spinner" 2>/dev/null || true
    spinner=''
}

print_known()
{
    printf '## Sides whose difference is known\n\n'
    printf 'Each race of at most 300 s and %d rounds, with `--resolution 2`. The load took half of the last processor. "Slower" is exit code 1.\n\n' "$rounds"
    print_races known
}

# --- Faults ----------------------------------------------------------------------------------

# A row: the exit code, and the line that people read first.
race_planted() # WORDS KIND [FILE]
{
    local code=0 said
    "$build/descent" race --rounds "$rounds" --order-seed 1 -- ./planted "$turns" -- ./planted "$turns" "${@:2}" >said.out 2>said.err || code=$?
    said=$(head -n 1 said.out)
    [ -n "$said" ] || said=$(tail -n 1 said.err)
    printf '| %s | %d | %s |\n' "$1" "$code" "${said#descent: }" >>planted.rows
    printf '%s: raced\n' "$1" >&2
}

measure_planted()
{
    cc -O1 -o planted "$root/bench/figures/planted.c" -pthread -lm
    race_planted 'a tenth less to do, and another last bit' last-bit
    race_planted 'a tenth of the work in another thread' thread
    race_planted 'other words on standard output every time' chatter
    race_planted 'a crash in round 3' crash runs
}

print_planted()
{
    printf '## Faults planted in B\n\n| B has | exit code | what is said |\n| --- | --- | --- |\n'
    cat planted.rows
}

# --- The order of links ----------------------------------------------------------------------

# The command that links descent, in the build folder, with all objects in the order that sort's options ask for.
link_command() # [OPTION-OF-SORT]
{
    local objects
    objects=$(cd "$build" && find src/CMakeFiles/descent_{harness,numerics}.dir -name '*.o' | sort "$@" | tr '\n' ' ')
    ninja -C "$build" -t commands descent | tail -n 1 |
        sed "s|src/libdescent_harness.a|$objects|; s|src/libdescent_numerics.a||g"
}

race_links() # KIND COUNT OPTION...
{
    race "$@" ./forwards ./backwards --data blobs:rows=2000,features=20,seed=1 --solver sgd --rate 0.1 --threads 1 --epochs $((turns * 10))
}

measure_layout()
{
    local order
    link_command >"$build/link-forwards.txt"
    link_command -r >"$build/link-backwards.txt"
    for order in forwards backwards; do
        (cd "$build" && sh -c "$(sed "s| -o descent | -o $work/$order |" "link-$order.txt")")
    done
    race_links 'of the same objects in another order' "$some"
    race_links 'the same, `--relink 12`' "$some" --relink 12 --link-a "$build/link-forwards.txt" --link-b "$build/link-backwards.txt"
}

print_layout()
{
    printf '## Descent, with its objects linked in two orders\n\n'
    print_races layout
}

# ---------------------------------------------------------------------------------------------

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
some=$(((races + 9) / 10))
[ -z "$may_add" ] || [ -n "$build" ] || install_packages "$packages_to_build" "$packages_to_benchmark"
build_programs descent
build=$(cd "$build" && pwd)
need_tools jq taskset cc ninja

work=$(mktemp -d "${TMPDIR:-/tmp}/descent-races.XXXXXX")
spinner=''
trap '[ -z "$spinner" ] || kill "$spinner"; rm -rf "$work"' EXIT
cd "$work"
for part in $parts; do
    "measure_$part"
done

{
    print_heading 'Can races be trusted?' figures/race.sh machine_alone
    for part in $parts; do
        "print_$part"
        echo
    done
} >table.md
cat table.md
echo
write_table table.md
