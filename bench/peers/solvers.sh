#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The figures of the solvers on real data, in one run on one machine, each beside a rival:
#
#   gap      time to gaps of 1e-3 and 1e-6, beside other programs        solvers_programs.sh
#   sgd      what an epoch of SGD costs for each stored entry            solvers_sgd.sh
#   hogwild  two threads without locks beside one                        solvers_hogwild.sh
#   stream   a set larger than the memory it may use, beside dd          solvers_stream.sh
#
# Machines drift, so everything that is compared is measured once in every round, and a round begins
# with another one each time. The part gap is a sweep of descent itself, and its tables are what `descent
# compare` says. Of the other parts what was measured is a row of JSON; solvers.jq takes medians over
# the rounds, gives verdicts, and lists what was missed with the rest.
#
#   bench/peers/solvers.sh [OPTION...]       half an hour on an idle machine; see --help. Writes
#                                      results/solvers.md, and all that was measured beside it in
#                                      results/solvers.json and results/solvers-peers/
#   bench/peers/solvers.sh --of FILE.json    the tables of what was measured before
#
# shellcheck disable=SC2016 # dollars are jq's own
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"
# shellcheck source=bench/peers/solvers_programs.sh
. "$root/bench/peers/solvers_programs.sh"
# shellcheck source=bench/peers/solvers_sgd.sh
. "$root/bench/peers/solvers_sgd.sh"
# shellcheck source=bench/peers/solvers_hogwild.sh
. "$root/bench/peers/solvers_hogwild.sh"
# shellcheck source=bench/peers/solvers_stream.sh
. "$root/bench/peers/solvers_stream.sh"

export LC_ALL=C # numbers with points
unset OMP_NUM_THREADS
command_line="bench/peers/solvers.sh${*:+$(printf ' %q' "$@")}"
rounds=5 finals=15 entries=1600000 stream_rows=2000000
parts='gap sgd hogwild stream' data_folder=$root/../shared/data
output=$root/results/solvers.md build='' may_add=yes

usage()
{
    cat <<'USAGE'
bench/peers/solvers.sh: measure the solvers on real data, beside other programs and dd

  --data FOLDER        where a9a.libsvm, w8a.libsvm, mushrooms.libsvm, rcv1_vw_small.libsvm and
                       lightgbm_higgs7k.csv are (../shared/data); what is not there is skipped
  --parts LIST         of gap,sgd,hogwild,stream (all of them)
  --rounds N           rounds (5) of all parts but gap
  --finals N           rounds (15) of the part gap
  --entries N          stored in each made set of the part sgd (1600000)
  --stream-rows N      of the 100 features that the part stream reads (2000000, 1.5 GiB on disk)
  --quick              tiny data, few programs, one round: to see whether it works, not how fast;
                       options after it hold
  --output FILE        the tables (results/solvers.md); FILE without .md, and .json: raw, and
                       -peers: the sweep of the part gap
  --build DIR          a configured build folder to take descent from (made: build)
  --no-install         install nothing; what is not there is skipped
  --of FILE.json       nothing is measured: print the tables of FILE.json
USAGE
}

set_parts() # LIST
{
    local part
    parts=${1//,/ }
    for part in $parts; do
        [[ $part =~ ^(gap|sgd|hogwild|stream)$ ]] || refuse "there is no part '$part'"
    done
}

set_option() # OPTION VALUE
{
    case $1 in
    --rounds | --finals | --entries | --stream-rows) set_number "$1" "$2" "$count" ;;
    --parts) set_parts "$2" ;;
    --data) data_folder=$(realpath -m "$2") ;;
    --of)
        jq -r -L "$root/bench/peers" -f "$root/bench/peers/solvers.jq" "$2"
        exit
        ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

# Of configs/peers.yaml all programs, or these.
programs=''

set_quick()
{
    rounds=1 finals=0 entries=2000 stream_rows=2000
    programs='sklearn-lbfgs liblinear-0 plain-c'
}

prepare_programs()
{
    if [ -n "$may_add" ]; then
        [ -n "$build" ] || install_packages "$packages_to_build"
        (install_packages "$packages_for_solvers") || printf 'Going on without them.\n' >&2
    fi
    need_tools jq
    build_programs descent dgemv_program
    find_python
}

# From here on everything happens in a folder of its own: `rows` gets a line of JSON for each thing
# that was measured.
enter_folder()
{
    folder=$(mktemp -d "${TMPDIR:-/tmp}/descent solvers.XXXXXX")
    trap 'rm -rf "$folder"' EXIT
    cd "$folder"
    mkdir runs
    : >rows
    PATH=$build:$PATH
    processors=$(nproc)
}

# The name that tables have for a file of data.
set_name() # FILE
{
    local name=${1%.*}
    printf '%s' "${name#lightgbm_}"
}

# Says which file is to be measured, or makes a row that says why it is not.
have_data() # PART FILE
{
    if [ -r "$data_folder/$2" ]; then
        printf '  %s\n' "$(set_name "$2")"
        return
    fi
    printf '  %s: skipped: there is no such file in %s\n' "$2" "$data_folder"
    emit --arg part "$1" --arg data "$(set_name "$2")" --arg skipped "$2 is not there" '$ARGS.named'
    return 1
}

emit() # ARGUMENTS-OF-JQ...
{
    jq -nc "$@" >>rows
}

# F* of a file: where Newton's reference solve ends.
optimum_of() # FILE LAMBDA [OPTION...]
{
    descent train "$1" --lambda "$2" "${@:3}" --solver newton --gap 1e-9 --format json |
        jq '.trace.objective[-1] - .trace.gap[-1]'
}

# The tables and what they are made of take the place of older ones only when they are complete.
write_results()
{
    local raw=${output%.md}.json
    mkdir -p "$(dirname "$output")"
    jq -s --arg command "$command_line" --arg made "$(date -u '+%Y-%m-%d %H:%M') UTC" \
        --arg machine "$(machine)" --argjson rounds "$rounds" \
        '$ARGS.named + {rows: .}' rows >"$raw.part"
    jq -r -L "$root/bench/peers" -f "$root/bench/peers/solvers.jq" "$raw.part" >"$output.part"
    mv "$raw.part" "$raw"
    mv "$output.part" "$output"
    printf 'Written: %s\n         %s\n' "$output" "$raw"
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
prepare_programs
enter_folder
for part in $parts; do
    printf 'Part %s, at %s\n' "$part" "$(date '+%H:%M:%S')"
    "part_$part"
done
write_results
