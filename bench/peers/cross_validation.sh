#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Cross-validation along a path of lambdas, in one run of descent, beside scikit-learn's
# LogisticRegressionCV and glmnet's cv.glmnet: the same rows, folds and lambdas, two trainings at a
# time in all, and the same largest gap to F*, which is descent's own, with its proof (a sweep with
# `optimum: always`, on no clock).
#
# Each stops at the loosest tolerance whose largest gap is small enough, found on no clock; descent's
# is the norm of the gradient. Of descent the time is that of the whole command `descent sweep`, with
# reading the data and recording every trial; of the others it is the fit alone.
#
#   bench/peers/cross_validation.sh [OPTION...]    some minutes on an idle machine; see --help.
#                                                  Writes results/cross-validation.md
#
# shellcheck disable=SC2016 # dollars are jq's own, backquotes are Markdown's
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

export LC_ALL=C # numbers with points
unset OMP_NUM_THREADS
command_line="bench/peers/cross_validation.sh${*:+$(printf ' %q' "$@")}"
rounds=3 gap=1e-6 lambdas=100 folds=10 jobs=2 least=1e-5
norms='3e-2 1e-2 3e-3 1e-3 3e-4 1e-4 3e-5 1e-5 3e-6 1e-6 3e-7 1e-7' # of gradients, loosest first
data_folder=$root/../shared/data output=$root/results/cross-validation.md build='' may_add=yes
ours='newton newton-sampled lbfgs' theirs='lbfgs liblinear'

usage()
{
    cat <<'USAGE'
bench/peers/cross_validation.sh: cross-validation along a path, beside scikit-learn and glmnet

  --data FOLDER    where a9a.libsvm and lightgbm_higgs7k.csv are (../shared/data); what is not there
                   is skipped
  --lambdas N      from 1e-5 to 1 (100)
  --folds N        (10)
  --gap R          above the optimum, to be reached by all (1e-6)
  --rounds N       in which descent is timed (3); the others are timed once
  --jobs N         trainings at a time, in all (2)
  --quick          few lambdas and folds, one round: to see whether it works, not how fast
  --output FILE    the table (results/cross-validation.md)
  --build DIR      a configured build folder to take descent from (made: build)
  --no-install     install nothing; what is not there is skipped
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --rounds | --lambdas | --folds | --jobs) set_number "$1" "$2" "$count" ;;
    --gap) set_number "$1" "$2" "$real" ;;
    --data) data_folder=$(realpath -m "$2") ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

set_quick()
{
    rounds=1 lambdas=4 folds=3
}

# A sweep over all folds and lambdas.
sweep_file() # NAME DATA SOLVER EPOCHS OPTIMUM NORM
{
    cat >"$1.yaml" <<END
# How long does it take to train along all lambdas without each fold?
name: $1
data: {file: "$2"}
solver: $3
path: lambda
predict: line
lambda: {min: $least, max: 1, steps: $lambdas, scale: log}
folds: $folds
stop: {epochs: $4, gradient_norm: $6}
optimum: $5
execution: batched
models: 1
side_by_side: $jobs
pass_threads: 1
record: geometric
finals: 0
END
}

row() # DATA PROGRAM SOLVER TOLERANCE SECONDS GAP
{
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>rows
}

# Sets `reached` to the largest gap of the sweep, which is run again.
run_ours() # SOLVER
{
    descent sweep "$1.yaml" --fresh --quiet >/dev/null
    descent export "results/$1" --format csv --output trials.csv --force
    reached=$("$python" "$peer" judge optima.csv trials.csv | jq .gap)
}

measure_ours() # DATA FILE SOLVER
{
    local start times=() median norm
    for norm in $norms; do
        sweep_file "$3" "$2" "$3" 1000 never "$norm"
        run_ours "$3"
        ! awk "BEGIN { exit !($reached <= $gap) }" || break
    done
    for ((round = 0; round < rounds; round++)); do
        start=$EPOCHREALTIME
        descent sweep "$3.yaml" --fresh --quiet >/dev/null
        times+=("$(awk "BEGIN { print $EPOCHREALTIME - $start }")")
    done
    median=$(printf '%s\n' "${times[@]}" | sort -g | sed -n "$(((rounds + 1) / 2))p")
    row "$1" descent "$3" "$norm" "$median" "$reached"
}

# A row of what another program has answered.
row_of_answer() # DATA PROGRAM SOLVER
{
    row "$@" "$(jq -r '.tolerance // "-"' answer.json)" "$(jq .seconds answer.json)" \
        "$(jq -r '.gap // .failed' answer.json)"
}

measure_sklearn() # DATA FILE SOLVER
{
    "$python" "$peer" fit "$2" folds.csv optima.csv "$3" "$gap" "$jobs" >answer.json
    row_of_answer "$1" scikit-learn "$3"
}

measure_glmnet() # DATA FILE
{
    "$python" "$peer" glmnet "$2" folds.csv optima.csv "$gap" "$jobs" >answer.json
    row_of_answer "$1" glmnet cv.glmnet
}

# Sets `glmnet` to the versions of R and glmnet, or to nothing, and says why.
find_glmnet()
{
    glmnet=''
    if ! command -v Rscript >/dev/null; then
        skip glmnet 'there is no Rscript (r-base-core)'
    elif ! Rscript -e 'library(doParallel)' >/dev/null 2>&1; then
        skip glmnet 'R has no package doParallel (r-cran-doparallel)'
    elif ! glmnet=$(Rscript "$root/bench/peers/plain_glmnet.R" versions 2>/dev/null); then
        glmnet=''
        skip glmnet 'R has no package glmnet (r-cran-glmnet)'
    fi
}

skip() # WHAT WHY
{
    printf '  %s: skipped: %s\n' "$1" "$2"
    printf -- '- %s: skipped: %s\n' "$1" "$2" >>skipped
}

measure() # NAME FILE
{
    local solver
    printf '  %s\n' "$1"
    descent data "$2" --folds "$folds" --output folds.csv --force
    sweep_file optima "$2" newton 0 always never
    descent sweep optima.yaml --fresh --quiet >/dev/null
    descent export results/optima --format csv --output optima.csv --force
    for solver in $ours; do
        measure_ours "$1" "$2" "$solver"
    done
    for solver in $theirs; do
        measure_sklearn "$1" "$2" "$solver"
    done
    [ -z "$glmnet" ] || measure_glmnet "$1" "$2"
}

# A gap above the one asked for is no result.
print_table()
{
    printf '| data | program | solver | tolerance | seconds | largest gap | times ours |\n|---|---|---|---|---|---|---|\n'
    awk -F '\t' -v gap="$gap" '
        { line[NR] = $0; good = $6 + 0 == $6 && $6 <= gap
          if ($2 == "descent" && good && (!($1 in best) || $5 < best[$1])) best[$1] = $5 }
        END { for (i = 1; i <= NR; i++) {
            split(line[i], f, "\t"); good = f[6] + 0 == f[6] && f[6] <= gap
            printf "| %s | %s | %s | %s | %.3g | %s | %s |\n", f[1], f[2], f[3], f[4], f[5],
                f[6] + 0 == f[6] ? sprintf("%.2g", f[6]) : f[6],
                !good ? "FAILED" : f[2] == "descent" ? "" : f[1] in best ? sprintf("%.3g", f[5] / best[f[1]]) : "no peer" } }' rows
}

versions()
{
    machine
    [ -z "$glmnet" ] || printf 'peers     %s\n' "$glmnet"
}

write_results()
{
    mkdir -p "$(dirname "$output")"
    {
        print_heading 'Cross-validation along a path of lambdas' peers/cross_validation.sh versions
        printf '%s lambdas from %s to 1, %s folds, %s trainings at a time, every gap to F* at most %s.\n' \
            "$lambdas" "$least" "$folds" "$jobs" "$gap"
        printf 'Each at the loosest tolerance that reaches the gap. Of descent: the whole command, median of %s; of\n' "$rounds"
        printf 'scikit-learn: fit() of LogisticRegressionCV, without its refit; of glmnet: cv.glmnet, which fits all rows\n'
        printf 'as well. *Times ours* is beside the fastest of ours.\n\n'
        print_table
        [ ! -s skipped ] || { printf '\n' && cat skipped; }
    } >"$output.part"
    mv "$output.part" "$output"
    printf 'Written: %s\n' "$output"
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
if [ -n "$may_add" ]; then
    [ -n "$build" ] || install_packages "$packages_to_build"
    (install_packages "$packages_for_folds") || printf 'Going on without them.\n' >&2
fi
need_tools jq
build_programs descent
find_python
[ -n "$python" ] || { printf '%s needs python3-sklearn\n' "${0##*/}" >&2 && exit 1; }
peer=$root/bench/peers/plain_cross_validation.py
folder=$(mktemp -d "${TMPDIR:-/tmp}/descent folds.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
PATH=$build:$PATH
: >rows
find_glmnet
for file in a9a.libsvm lightgbm_higgs7k.csv; do
    if [ ! -r "$data_folder/$file" ]; then
        skip "$file" 'there is no such file'
    elif [ "${file##*.}" = csv ]; then
        "$python" "$peer" standardise "$data_folder/$file" higgs7k.csv
        measure higgs7k "$folder/higgs7k.csv"
    else
        measure a9a "$data_folder/$file"
    fi
done
write_results
