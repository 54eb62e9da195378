#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Whole programs, from the shell's prompt back to it: descent beside the simple ways in which a
# person would do the same with what Debian has. Each group of programs does the same work on the
# same CSV file, from the same initial weights:
#
#   gd         full-batch descent             plain_gd.c: two dgemv an epoch
#   sgd        stochastic descent             scikit-learn's SGDClassifier
#   gd-sweep   many learning rates            plain_gd in a shell loop
#   sgd-sweep  many learning rates            SGDClassifier in a Python loop
#   optimum    what else there is             scikit-learn's LogisticRegression, LIBLINEAR's train
#
# hyperfine times them. It runs one command after the other, and machines drift: so there are several
# rounds, each with every command of the group, each starting with another one. Ratios are taken
# within a round. compare.jq writes the table, and a time only where the objective is as it must be.
#
#   bench/peers/compare.sh [OPTION...]     see --help; writes results/compare.md, and every raw time and
#                                    objective beside it in results/compare.json
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"
# shellcheck source=bench/peers/compare_rows.sh
. "$root/bench/peers/compare_rows.sh"
# shellcheck source=bench/peers/compare_groups.sh
. "$root/bench/peers/compare_groups.sh"

command_line="bench/peers/compare.sh${*:+$(printf ' %q' "$@")}"
rows=50000 features=50 seed=1 epochs=50 rates=64 gd_rate=1 sgd_rate=0.001 lambda=0.001
tolerance=0.0001 rounds=5 runs=1 warmup=1 output=$root/results/compare.md build='' may_add=yes

usage()
{
    cat <<'USAGE'
bench/peers/compare.sh: time whole programs, descent beside the simple ways to do the same

  --rows N --features N --seed N   of the data, from the generator blobs (50000, 50, 1)
  --epochs N                       passes over the data (50)
  --rates N                        learning rates of a sweep, the largest being those below (64)
  --gd-rate R --sgd-rate R         learning rates (1 and 0.001)
  --lambda R                       L2 regularisation (0.001)
  --tolerance R                    at which LogisticRegression and LIBLINEAR stop (0.0001)
  --rounds N --runs N              rounds, and runs of every program in each (5 and 1)
  --warmup N                       runs of every program before the first round (1)
  --quick                          tiny data, one round: to see whether it works, not how fast; options
                                   after it hold
  --output FILE                    the table (results/compare.md); FILE without .md, and .json: raw
  --build DIR                      a configured build folder to take the programs from (made: build)
  --no-install                     install nothing; what is not there is skipped
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --rows | --features | --epochs | --rates | --rounds | --runs) set_number "$1" "$2" "$count" ;;
    --seed | --warmup) set_number "$1" "$2" '[0-9]+' ;;
    --gd-rate | --sgd-rate | --lambda | --tolerance) set_number "$1" "$2" "$real" ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

set_quick()
{
    rows=1000 features=5 epochs=5 rates=4 rounds=1 warmup=0
}

# Installs, builds, and looks for what else is there: `python` has scikit-learn, or is empty.
prepare_programs()
{
    if [ -n "$may_add" ]; then
        [ -n "$build" ] || install_packages "$packages_to_build"
        (install_packages "$packages_to_compare") || printf 'Going on without them.\n' >&2
    fi
    need_tools hyperfine jq
    build_programs descent plain_gd
    find_python
}

# From here on everything happens in a folder of its own, where the programs are called by their
# names: what hyperfine runs is what the table shows.
enter_folder()
{
    folder=$(mktemp -d "${TMPDIR:-/tmp}/descent compare.XXXXXX")
    trap 'rm -rf "$folder"' EXIT
    cd "$folder"
    mkdir bin logs times groups
    ln -s "$build/descent" "$build/bench/plain_gd" bin
    if [ -n "$python" ]; then
        printf '#!/bin/sh\nexec %s %s "$@"\n' "$(quoted "$python")" \
            "$(quoted "$root/bench/peers/plain_sklearn.py")" >bin/plain_sklearn.py
        chmod +x bin/plain_sklearn.py
    fi
    PATH=$folder/bin:$PATH
}

quoted() # TEXT: for any shell
{
    printf "'%s'" "${1//\'/\'\\\'\'}"
}

# data.csv, the same for LIBLINEAR, the common initial weights and the sweeps: on no clock.
make_data()
{
    local solver top
    printf 'Making the data: %s rows, %s features\n' "$rows" "$features"
    descent data blobs --rows "$rows" --features "$features" --seed "$seed" --output data.csv >/dev/null
    awk -F, '{
        printf "%s", $NF
        for (f = 1; f < NF; f++)
            printf " %d:%s", f, $f
        print ""
    }' data.csv >data.libsvm
    # A step at a rate of 1e-300 leaves the weights, N(0, 1/d), to the last bit as they are.
    descent train data.csv --rate 1e-300 --epochs 1 --lambda "$lambda" --format json |
        jq -r '.weights + [0] | map(tostring) | join(",")' >start.csv
    start_objective=$(plain_gd data.csv 0 0 "$lambda" start.csv | awk '{ print $4 }')
    for solver in gd sgd; do
        top=${solver}_rate
        awk -v top="${!top}" -v count="$rates" 'BEGIN {
            for (i = 1; i <= count; i++)
                printf "%.17g\n", top * exp(log(100) * (i - count) / (count > 1 ? count - 1 : 1))
        }' >"rates-$solver"
        cat >"$solver.yaml" <<YAML
# Which of these learning rates ends lowest?
name: $solver
data: data.csv
solver: $solver
rate: [$(paste -s -d , "rates-$solver")]
lambda: $lambda
record: geometric
stop: {epochs: $epochs}
# Others train each once, and so do we.
warmup: 0
retries: 0
finals: 0
YAML
    done
}

# Where rows are taken in the order of the file, SGD has no freedom: descent and scikit-learn must end
# alike. That is why their rows with shuffling may be believed.
compare_sgd()
{
    local ours theirs
    sgd_difference=null
    [ -n "$python" ] || return 0
    ours=$($train_sgd --shuffle none | jq "$finite_objective") || ours=null
    theirs=$($sklearn_sgd --no-shuffle | jq -R "$line_to_result | .objective") || theirs=null
    sgd_difference=$(jq -n --argjson a "$ours" --argjson b "$theirs" \
        'if $a == null or $b == null then 1e300 else ($a - $b | fabs) / ($a | fabs) end')
}

machine_and_tools()
{
    machine
    printf 'tools     %s\n' "$(hyperfine --version)"
}

report()
{
    local group
    print_heading 'descent beside the simple ways' peers/compare.sh machine_and_tools
    cat <<END
Whole programs: from the shell's prompt back to it, with starting (Python too), reading the data, training, computing the
objective and writing. The data are blobs of $rows rows and $features features, in a CSV file, and in a second file for LIBLINEAR; all
programs that take initial weights start from the same. Everybody minimises F = mean log-loss + lambda/2 ||w||²,
lambda = $lambda, the bias not regularised; at the start F is $start_objective.

Rounds: $rounds; timed runs of each program in a round: $runs. Seconds are the median of all; *times ours* is the median over
rounds of a ratio of medians within a round, above 1 where we were faster. *Of which training* is what a program
says itself. A time is there only where the objective is as it must be, in every run; the relative difference is
to ours.

END
    for group in gd sgd gd-sweep sgd-sweep optimum; do
        cat "groups/$group.text"
        jq -s -r -L "$root/bench/peers" -f "$root/bench/peers/compare.jq" --argjson start "$start_objective" \
            --argjson sgd_difference "$sgd_difference" "groups/$group.rows"
        printf '\n'
    done
}

# The table and what it is made of take the place of older ones only when they are complete.
write_results()
{
    local raw=${output%.md}.json
    mkdir -p "$(dirname "$output")"
    report >"$output.part"
    jq -s --argjson sgd_difference "$sgd_difference" --arg command "$command_line" \
        '{command: $command, sgd_difference: $sgd_difference, rows: .}' groups/*.rows >"$raw.part"
    mv "$output.part" "$output"
    mv "$raw.part" "$raw"
    printf 'Written: %s\n         %s\n' "$output" "$raw"
}

parse_options "$@"
# C = 1/(n lambda) of LogisticRegression and LIBLINEAR has no value for 0.
awk "BEGIN { exit !($lambda > 0 && $gd_rate > 0 && $sgd_rate > 0) }" ||
    refuse 'rates and lambda must be above 0'
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
prepare_programs
enter_folder
make_data
set_commands
compare_sgd
group_gd
group_sgd
group_gd_sweep
group_sgd_sweep
group_optimum
write_results
