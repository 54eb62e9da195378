#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Cross-validation along a path of lambdas, in one run of descent, beside scikit-learn's
# LogisticRegressionCV and glmnet's cv.glmnet: the same rows, folds and lambdas, two trainings at a
# time in all, and the same largest gap to F*. F* of every fold and lambda is found by Newton's method
# in numpy, with a bound of its error (plain_optima.py).
#
# Each stops at the loosest tolerance of a ladder whose largest gap is small enough; descent's is the
# norm of the gradient. It is looked for on the first fold alone and then on all folds, on no clock. Of descent the time is that of the whole command `descent sweep`, with reading the data and
# recording every trial; of the others it is the fit alone.
#
#   bench/peers/cross_validation.sh [OPTION...]    some ten minutes on an idle machine; see --help.
#                                                  Writes results/cross-validation.md
#
# shellcheck disable=SC2016 # dollars are jq's own, backquotes are Markdown's
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

export LC_ALL=C # numbers with points
export PYTHONDONTWRITEBYTECODE=1
unset OMP_NUM_THREADS
command_line="bench/peers/cross_validation.sh${*:+$(printf ' %q' "$@")}"
rounds=3 gap=1e-6 lambdas=100 folds=10 jobs=2 least=1e-5 most=60 longest=240 only=''
norms=(3e-2 1e-2 3e-3 1e-3 3e-4 1e-4 3e-5 1e-5 3e-6 1e-6 3e-7 1e-7) # of gradients, loosest first
data_folder=$root/../shared/data output=$root/results/cross-validation.md build='' may_add=yes
ours='newton newton-sampled lbfgs' theirs='lbfgs liblinear'
files='higgs7k|lightgbm_higgs7k.csv
a9a|a9a.libsvm'

usage()
{
    cat <<'USAGE'
bench/peers/cross_validation.sh: cross-validation along a path, beside scikit-learn and glmnet

  --data FOLDER    where a9a.libsvm and lightgbm_higgs7k.csv are (../shared/data); what is not there
                   is skipped
  --only NAME      one of the data sets: higgs7k or a9a
  --lambdas N      from 1e-5 to 1 (100)
  --folds N        (10)
  --gap R          above the optimum, to be reached by all (1e-6)
  --rounds N       in which each is timed (3)
  --most SECONDS   a program that was timed for so long in all is not timed again (60)
  --longest SECONDS  the search for the tolerance of another program is stopped then (240)
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
    --rounds | --lambdas | --folds | --jobs | --most | --longest) set_number "$1" "$2" "$count" ;;
    --gap) set_number "$1" "$2" "$real" ;;
    --data) data_folder=$(realpath -m "$2") ;;
    --only)
        only=$2
        grep -q "^$2|" <<<"$files" || refuse "'$2' is not allowed for --only: higgs7k or a9a"
        ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

set_quick()
{
    rounds=1 lambdas=4 folds=3 jobs=1
}

skip() # WHAT WHY
{
    printf '  %s: skipped: %s\n' "$1" "$2"
    printf -- '- %s: skipped: %s\n' "$1" "$2" >>skipped
}

# What is known of one data set: in settled.tsv program, solver, tolerance, and the gap, or why there is
# none; in times.tsv program, solver, seconds.
settled() # PROGRAM SOLVER TOLERANCE GAP
{
    printf '%s\t%s\t%s\t%s\n' "$@" >>settled.tsv
    printf '    %s %s: tolerance %s, largest gap %s\n' "$@"
}

timed() # PROGRAM SOLVER SECONDS
{
    printf '%s\t%s\t%s\n' "$@" >>times.tsv
    printf '    %s %s: %.3g s\n' "$@"
}

# Is a gap, which may be a reason instead, small enough?
reached() # GAP
{
    awk -v is="$1" -v gap="$gap" 'BEGIN { exit !(is + 0 == is && is <= gap) }'
}

# --- descent --------------------------------------------------------------------------------------

# A sweep over all lambdas, and all folds or the first.
sweep_file() # FILE SOLVER NORM all|first
{
    cat >"$2.yaml" <<END
# How long does it take to train along all lambdas without each fold?
name: $2
data: {file: "$1"}
solver: $2
path: lambda
predict: line
lambda: [$(paste -sd , lambdas)]
folds: $folds
$([ "$4" = all ] || echo 'fold: 1')
stop: {epochs: 1000, gradient_norm: $3}
optimum: never
execution: batched
models: 1
side_by_side: $jobs
pass_threads: 1
record: geometric
finals: 0
END
}

# Prints the largest gap of a sweep, which is run again: its final objectives beside F* of the same fold
# and lambda.
run_ours() # FILE SOLVER NORM all|first
{
    sweep_file "$@"
    descent sweep "$2.yaml" --fresh --quiet >/dev/null
    descent export "results/$2" --format json | jq -r '.trials[] | [.configuration.fold, .configuration.lambda,
        .objective] | @tsv' >trials.tsv
    awk 'FNR == NR { optimum[$2, $3 + 0] = $4; next }
        !(($1, $2 + 0) in optimum) { bad = 1 }
        { gap = $3 - optimum[$1, $2 + 0]; worst = FNR == 1 || gap > worst ? gap : worst }
        END { if (bad) exit 1; printf "%.6g\n", worst }' <(grep '^descent,' optima.csv | tr , ' ') trials.tsv
}

settle_ours() # FILE SOLVER
{
    local low=0 high=${#norms[@]} middle is=none
    while ((low < high)); do
        middle=$(((low + high) / 2))
        if reached "$(run_ours "$1" "$2" "${norms[middle]}" first)"; then
            high=$middle
        else
            low=$((middle + 1))
        fi
    done
    for (( ; low < ${#norms[@]}; low++)); do
        is=$(run_ours "$1" "$2" "${norms[low]}" all)
        ! reached "$is" || break
    done
    settled descent "$2" "${norms[low]:--}" "$is"
}

time_ours() # SOLVER: its sweep file is there, of all folds
{
    local start=$EPOCHREALTIME
    descent sweep "$1.yaml" --fresh --quiet >/dev/null
    timed descent "$1" "$(awk "BEGIN { print $EPOCHREALTIME - $start }")"
}

# --- The others -----------------------------------------------------------------------------------

settle_theirs() # FILE PROGRAM SOLVER
{
    local status=0
    timeout "$longest" "$python" "$peer" settle "$3" "$1" folds.csv optima.csv "$gap" "$jobs" >answer.json || status=$?
    if [ "$status" -ne 0 ]; then
        settled "$2" "$3" - "$([ "$status" -eq 124 ] && echo "none after $longest s" || echo 'none: it has failed')"
        return
    fi
    settled "$2" "$3" "$(jq -r '.tolerance // "-"' answer.json)" "$(jq -r '.gap // .failed' answer.json)"
    # Where it took long, that was a round; else it was a warm-up.
    ! jq -e --argjson most "$most" '.seconds > $most' answer.json >/dev/null || timed "$2" "$3" "$(jq .seconds answer.json)"
}

time_theirs() # FILE PROGRAM SOLVER TOLERANCE
{
    "$python" "$peer" time "$3" "$1" folds.csv optima.csv "$4" "$jobs" >answer.json
    timed "$2" "$3" "$(jq .seconds answer.json)"
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

# --- A data set -----------------------------------------------------------------------------------

find_optima() # FILE
{
    descent data "$1" --folds "$folds" --output folds.csv --force >&2
    "$python" "$peer" optima "$1" folds.csv "$least" "$lambdas" optima.csv >answer.json
    error=$(jq .error answer.json)
    printf '  %s: F* of %d folds and %d lambdas in %.3g s, wrong by %s at most\n' "$name" "$folds" "$lambdas" \
        "$(jq .seconds answer.json)" "$error"
    awk -v error="$error" -v gap="$gap" 'BEGIN { exit !(error <= gap / 100) }' || {
        printf '%s: F* is not known well enough for a gap of %s\n' "${0##*/}" "$gap" >&2
        exit 1
    }
    awk -F , 'NR > 1 && $1 == "descent" && $2 == 1 { print $3 }' optima.csv >lambdas
}

# Is it time for another round of a program?
goes_on() # PROGRAM SOLVER ROUND
{
    awk -F '\t' -v program="$1" -v solver="$2" -v round="$3" -v most="$most" '
        $1 == program && $2 == solver { count++; sum += $3 }
        END { exit !(count < round && (count == 0 || sum < most)) }' times.tsv
}

# In rounds, so that what changes meanwhile meets all.
time_all() # FILE
{
    local program solver tolerance is round
    for ((round = 1; round <= rounds; round++)); do
        while IFS=$'\t' read -r -u 3 program solver tolerance is; do
            if ! reached "$is" || ! goes_on "$program" "$solver" "$round"; then
                continue
            elif [ "$program" = descent ]; then
                time_ours "$solver"
            else
                time_theirs "$1" "$program" "$solver" "$tolerance"
            fi
        done 3<settled.tsv
    done
}

measure() # NAME FILE
{
    local name=$1 solver
    rm -f r-*
    : >settled.tsv
    : >times.tsv
    find_optima "$2"
    for solver in $ours; do
        settle_ours "$2" "$solver"
    done
    for solver in $theirs; do
        settle_theirs "$2" scikit-learn "$solver"
    done
    [ -z "$glmnet" ] || settle_theirs "$2" glmnet cv.glmnet
    time_all "$2"
    print_rows "$1" | tee -a rows
    printf -- '- %s: F\\* is wrong by %.1g at most.\n' "$1" "$error" >>notes
}

# Of each program a row. The quotient is that of medians, in brackets the least and the largest of any
# two rounds; a gap above the one asked for is no result.
print_rows() # NAME
{
    awk -F '\t' -v name="$1" -v gap="$gap" '
        function sort(list, count,    i, j, value) {
            for (i = 2; i <= count; i++) {
                value = list[i]
                for (j = i - 1; j > 0 && list[j] > value; j--)
                    list[j + 1] = list[j]
                list[j + 1] = value
            }
        }
        FILENAME == "times.tsv" { all[$1, $2, ++count[$1, $2]] = $3 + 0; next }
        {
            row[++rows] = $0; n = count[$1, $2]; good = $4 + 0 == $4 && $4 <= gap && n > 0
            for (i = 1; i <= n; i++)
                list[i] = all[$1, $2, i]
            sort(list, n)
            low[rows] = list[1]; high[rows] = list[n]; middle[rows] = (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
            if (good && $1 == "descent" && (!best || middle[rows] < middle[best]))
                best = rows
        }
        END {
            for (r = 1; r <= rows; r++) {
                split(row[r], f, "\t"); n = count[f[1], f[2]]; good = f[4] + 0 == f[4] && f[4] <= gap && n > 0
                seconds = good ? sprintf("%.3g", middle[r]) : "-"
                times = !good ? "FAILED" : f[1] == "descent" ? "" : !best ? "none of ours" : \
                    sprintf("%.3g (%.3g to %.3g)", middle[r] / middle[best], low[r] / high[best], high[r] / low[best])
                printf "| %s | %s | %s | %s | %s | %d | %s | %s |\n", name, f[1], f[2], f[3], seconds, n,
                    f[4] + 0 == f[4] ? sprintf("%.2g", f[4]) : f[4], times
            }
        }' times.tsv settled.tsv
}

# As it was before anything was measured.
versions()
{
    cat versions
}

write_results()
{
    mkdir -p "$(dirname "$output")"
    {
        print_heading 'Cross-validation along a path of lambdas' peers/cross_validation.sh versions
        printf '%s lambdas from %s to 1, %s folds, %s trainings at a time, every gap to F\\* at most %s.\n' \
            "$lambdas" "$least" "$folds" "$jobs" "$gap"
        printf 'Each at the loosest tolerance that reaches the gap; medians of so many rounds. Of descent: the whole command; of\n'
        printf 'scikit-learn: fit() of LogisticRegressionCV, without its refit; of glmnet: cv.glmnet, which fits all rows\n'
        printf 'as well. *Times ours* is beside the fastest of ours; in brackets, the least and the largest of any two rounds.\n\n'
        printf '| data | program | solver | tolerance | seconds | rounds | largest gap | times ours |\n'
        printf '|---|---|---|---|--:|--:|---|---|\n'
        cat rows
        printf '\n'
        cat notes
        [ ! -s skipped ] || cat skipped
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
: >notes
find_glmnet
{
    machine
    [ -z "$glmnet" ] || printf 'peers     %s\n' "$glmnet"
} >versions
for row in $files; do
    name=${row%|*} file=${row#*|}
    if [ -n "$only" ] && [ "$name" != "$only" ]; then
        continue
    elif [ ! -r "$data_folder/$file" ]; then
        skip "$file" 'there is no such file'
    elif [ "${file##*.}" = csv ]; then
        "$python" "$peer" standardise "$data_folder/$file" "$name.csv"
        measure "$name" "$folder/$name.csv"
    else
        measure "$name" "$data_folder/$file"
    fi
    write_results
done
