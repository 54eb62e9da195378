#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Does a busy machine make compare say what an idle one denies? A small sweep is run once on the machine
# as it is, which should be idle, and then again and again while another program takes one processor.
# A verdict on the busy machine that names another side than the one on the idle machine contradicts it:
# there must be none. That there are fewer verdicts is right: noise takes them.
#
#   bench/figures/busy.sh [OPTION...]     some minutes; see --help. Writes results/busy.md
#
# shellcheck disable=SC2016,SC2034 # backquotes are Markdown's; `load` and `python` are for machine()
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

unset OMP_NUM_THREADS
command_line="bench/figures/busy.sh${*:+$(printf ' %q' "$@")}"
sweeps=50 output=$root/results/busy.md build='' may_add=yes
python='' # no other program takes part, so machine() has none to ask

usage()
{
    cat <<'USAGE'
bench/figures/busy.sh: compare the verdicts of an idle machine with those of a busy one

  --sweeps N           on the busy machine (50); a few to see whether it works
  --output FILE        the table (results/busy.md)
  --build DIR          a configured build folder to take the program from (made: build)
  --no-install         install nothing
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --sweeps) set_number "$1" "$2" "$count" ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

# One line a target: DATA, GAP, OUTCOME, SIDE.
sweep_once() # FILE
{
    "$build/descent" sweep busy.yaml --results . --quiet --fresh >/dev/null
    "$build/descent" compare busy --format json |
        jq -r '.problems[] | .data as $data | .targets[] | [$data, (.gap | tostring), .outcome, .ahead // "-"] | @tsv' >"$1"
}

# Of each target that the idle machine decided: what the busy one said.
print_table() # IDLE BUSY...
{
    awk -F '\t' -v OFS=' | ' '
        { key = $1 "\t" $2 }
        FILENAME == ARGV[1] { if ($3 == "faster") { side[key] = $4; keys[++count] = key }; next }
        key in side {
            if ($3 == "faster" && $4 != side[key]) other[key]++
            else if ($3 == "faster") same[key]++
            else if ($3 == "disturbed") withheld[key]++
            else open[key]++
        }
        END {
            print "| data | gap | faster on the idle machine | the same | no significant difference | not measurable | another side |"
            print "| --- | --- | --- | --- | --- | --- | --- |"
            for (i = 1; i <= count; i++) {
                split(keys[i], part, "\t")
                print "| " part[1], part[2], side[keys[i]], same[keys[i]] + 0, open[keys[i]] + 0, withheld[keys[i]] + 0, other[keys[i]] + 0 " |"
                wrong += other[keys[i]]
            }
            printf "\nVerdicts that contradict the idle machine: %d (there must be none): %s\n", wrong, wrong ? "MISSED" : "holds"
        }' "$@"
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
[ -z "$may_add" ] || [ -n "$build" ] || install_packages "$packages_to_build" "$packages_to_benchmark"
build_programs descent
need_tools jq taskset

work=$(mktemp -d "${TMPDIR:-/tmp}/descent-busy.XXXXXX")
spinner=''
trap '[ -z "$spinner" ] || kill "$spinner"; rm -rf "$work"' EXIT
cd "$work"
cat >busy.yaml <<'YAML'
# Which side is faster, whatever else this machine does?
name: busy
data:
  - {generate: blobs, rows: 2000, features: 10, noise: 0.05, seed: 1}
  - {generate: blobs, rows: 20000, features: 20, noise: 0.05, seed: 1}
lambda: 0.001
optimum: always
runs: [{solver: gd, rate: [0.5, 2], threads: 1}, {solver: sgd, rate: [0.001, 0.01], schedule: inverse}]
stop: {epochs: 30, gap: 1e-4}
finals: 11
retries: 1
YAML

sweep_once idle.txt
taskset -c 0 sh -c 'while :; do :; done' &
spinner=$!
for ((i = 1; i <= sweeps; i++)); do
    sweep_once "busy-$i.txt"
done
kill "$spinner"
wait "$spinner" 2>/dev/null || true
spinner=''

{
    print_heading 'Do verdicts survive a busy machine?' figures/busy.sh machine_alone
    printf 'Of %d sweeps while another program took processor 0, at the targets that the idle machine decided:\n\n' "$sweeps"
    print_table idle.txt busy-*.txt
} >table.md
cat table.md
echo
write_table table.md
