#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What other programs really minimise, and how far from the optimum their default tolerance leaves
# them: `descent judge` on the programs of bench/peers/programs/, one run for each cell of two tables.
#
#   objectives   each program at a tight tolerance: what its weights are the optimum of, lambda being
#                translated to what its manual calls it, and handed over as it is
#   defaults     each algorithm as it comes: the gap that it leaves on each data set, at each lambda
#
# No time is taken: a busy machine does, and as many programs are asked at a time as there are
# processors. What is not installed is skipped by name.
#
#   bench/peers/judged.sh [OPTION...]     some minutes; see --help. Writes results/peers.md
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

export LC_ALL=C # numbers with points
command_line="bench/peers/judged.sh${*:+$(printf ' %q' "$@")}"
data_folder=$root/../shared/data output=$root/results/peers.md build='' may_add=yes
lambdas='1e-2 1e-4' limit=60 python=''
sets='a9a.libsvm w8a.libsvm mushrooms.libsvm lightgbm_higgs7k.csv'

# What it is called|its program, as in `command_of`|parameters
objectives='
scikit-learn lbfgs|sklearn|algorithm=lbfgs,tolerance=1e-9
scikit-learn newton-cg|sklearn|algorithm=newton-cg,tolerance=1e-9
scikit-learn newton-cholesky|sklearn|algorithm=newton-cholesky,tolerance=1e-9
scikit-learn liblinear|sklearn|algorithm=liblinear,tolerance=1e-9
scikit-learn liblinear, intercept_scaling 100|sklearn|algorithm=liblinear,tolerance=1e-9,intercept_scaling=100
scikit-learn lbfgs, C = 1 / lambda|sklearn|algorithm=lbfgs,tolerance=1e-9,translate=no
LIBLINEAR -s 0|liblinear|solver=0,tolerance=1e-9
LIBLINEAR -s 7|liblinear|solver=7,tolerance=1e-6
LIBLINEAR -s 0 -B -1|liblinear|solver=0,tolerance=1e-9,bias=-1
LIBLINEAR -s 0 -B 100|liblinear|solver=0,tolerance=1e-9,bias=100
LIBLINEAR -s 0, C = 1 / lambda, weights as they come|liblinear|solver=0,tolerance=1e-9,translate=no
LIBLINEAR -s 6|liblinear|solver=6,tolerance=1e-6
LIBLINEAR -s 2|liblinear|solver=2,tolerance=1e-9
LIBLINEAR -s 3|liblinear|solver=3,tolerance=1e-9
glmnet alpha = 0|r|tolerance=1e-14
glmnet alpha = 0, standardize = TRUE|r|tolerance=1e-14,standardize=yes
glmnet alpha = 0.5|r|tolerance=1e-14,alpha=0.5
glmnet alpha = 1|r|tolerance=1e-14,alpha=1
glmnet alpha = 1, standardize = TRUE|r|tolerance=1e-14,alpha=1,standardize=yes
nnet multinom|r|algorithm=multinom,tolerance=1e-15
nnet multinom, decay = lambda|r|algorithm=multinom,tolerance=1e-15,translate=no
R glm|r|algorithm=glm,tolerance=1e-12,iterations=25
plain C, two dgemv|dgemv|tolerance=1e-9'
defaults='
scikit-learn lbfgs|sklearn|algorithm=lbfgs
scikit-learn newton-cg|sklearn|algorithm=newton-cg
scikit-learn newton-cholesky|sklearn|algorithm=newton-cholesky
scikit-learn liblinear|sklearn|algorithm=liblinear
scikit-learn sag|sklearn|algorithm=sag
scikit-learn sag, dense|sklearn-dense|algorithm=sag
scikit-learn saga|sklearn|algorithm=saga
scikit-learn saga, dense|sklearn-dense|algorithm=saga
scikit-learn SGDClassifier|sklearn|algorithm=sgd
scikit-learn SGDClassifier, dense|sklearn-dense|algorithm=sgd
LIBLINEAR -s 0|liblinear|solver=0
LIBLINEAR -s 7|liblinear|solver=7
glmnet alpha = 0|r|algorithm=glmnet
nnet multinom|r|algorithm=multinom,tolerance=1e-8,iterations=100'

usage()
{
    cat <<'USAGE'
bench/peers/judged.sh: what other programs minimise, and how far their defaults go

  --data FOLDER      where a9a.libsvm, w8a.libsvm, mushrooms.libsvm and lightgbm_higgs7k.csv are
                     (../shared/data); what is not there is skipped
  --lambdas LIST     (1e-2,1e-4)
  --limit S          seconds for each run (60)
  --quick            a row of each program, one lambda: to see whether it works
  --output FILE      the tables (results/peers.md)
  --build DIR        a configured build folder to take descent from (made: build)
  --no-install       install nothing; what is not there is skipped
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --data) data_folder=$(realpath -m "$2") ;;
    --lambdas) lambdas=${2//,/ } ;;
    --limit) set_number "$1" "$2" "$real" ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

set_quick()
{
    lambdas=1e-2
    objectives=$(awk -F '|' '!seen[$2]++' <<<"$objectives")
    defaults=$(awk -F '|' '!seen[$2]++' <<<"$defaults")
}

# Sets `command` to a program's command, and `missing` to what it needs that is not there.
command_of() # PROGRAM
{
    local programs=$root/bench/peers/programs
    missing=${missing_of[${1%-dense}]}
    case $1 in
    sklearn) command=("$python" "$programs/sklearn_program.py") ;;
    sklearn-dense) command=("$python" "$programs/sklearn_program.py" --dense) ;;
    liblinear) command=("$python" "$programs/liblinear_program.py") ;;
    r) command=(Rscript "$programs/r_program.R") ;;
    dgemv) command=("$build/bench/dgemv_program") ;;
    esac
}

declare -A missing_of=()
find_missing()
{
    missing_of=([sklearn]='' [liblinear]='' [r]='' [dgemv]='')
    [ -n "$python" ] || missing_of[sklearn]=python3-sklearn
    has_liblinear || missing_of[liblinear]=python3-liblinear
    Rscript -e 'for (p in c("glmnet", "nnet", "jsonlite")) loadNamespace(p)' >/dev/null 2>&1 ||
        missing_of[r]='r-cran-glmnet, r-cran-nnet, r-cran-jsonlite'
}

has_liblinear()
{
    [ -n "$python" ] &&
        "$python" -c 'import sys, importlib.util as u; sys.exit(u.find_spec("liblinear") is None)'
}

# The file of what the judge says of one run.
answer_of() # FILE LAMBDA PROGRAM PARAMETERS
{
    printf 'answers/%s.json' "$(basename "$1") $2 $3 $4"
}

# Makes it, a line of JSON: what the judge says, or {"failed": ...}.
judge() # FILE LAMBDA PROGRAM PARAMETERS
{
    local scale=() answer words
    answer=$(answer_of "$@")
    words=${answer%.json}.words
    case $1 in *.csv) scale=(--scale standard) ;; esac
    command_of "$3"
    [ -z "$missing" ] || return 0
    "$build/descent" judge "$data_folder/$1" "${scale[@]}" --lambda "$2" --parameters "$4" --limit "$limit" \
        --gap 1e-7 --format json -- "${command[@]}" >"$answer" 2>"$words" ||
        jq -Rsc '{failed: (split("\n") | map(select(. != "")) | last // "it failed")}' "$words" >"$answer"
}

# Calls a function for each run of a table, with what judge() takes.
each_run() # FUNCTION TABLE FILE...
{
    local program parameters lambda file
    while IFS='|' read -r _ program parameters; do
        [ -n "$program" ] || continue
        for file in "${@:3}"; do
            for lambda in $lambdas; do
                "$1" "$file" "$lambda" "$program" "$parameters"
            done
        done
    done <<<"$2"
}

judge_beside() # FILE LAMBDA PROGRAM PARAMETERS
{
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
        wait -n || true
    done
    judge "$@" &
}

# The verdict on weights that are to be converged.
verdict()
{
    jq -r 'if .failed then "failed: \(.failed)" elif .explanation then .explanation
           elif .converged then "the objective asked for"
           else "not converged: gap \(.gap | . * 1e12 | round / 1e12)" end'
}

cell()
{
    jq -r 'if .failed then "-" else "\(.gap)" end' | awk '{ print ($1 == "-" ? $1 : sprintf("%.1e", $1)) }'
}

row() # CELL...
{
    printf '|'
    printf ' %s |' "${@//|/\\|}" # norms are written between bars
    printf '\n'
}

head_row() # CELL...
{
    row "$@"
    row "${@//*/---}"
}

# A table: a row for each program, a cell for each file and lambda.
table() # TABLE CELL NAME FILE...
{
    local name program parameters lambda cells heads=("$3") file
    for file in "${@:4}"; do
        for lambda in $lambdas; do
            heads+=("$(basename "${file%.*}"), $lambda")
        done
    done
    head_row "${heads[@]}"
    while IFS='|' read -r name program parameters; do
        [ -n "$name" ] || continue
        cells=("$name")
        command_of "$program"
        for file in "${@:4}"; do
            for lambda in $lambdas; do
                [ -z "$missing" ] || { cells+=("skipped: $missing is not installed") && continue; }
                cells+=("$("$2" <"$(answer_of "$file" "$lambda" "$program" "$parameters")")")
            done
        done
        row "${cells[@]}"
    done <<<"$1"
}

versions()
{
    machine
    [ ! -x "$(command -v Rscript)" ] ||
        dpkg-query -W -f 'peers     ${Package} ${Version}\n' r-base-core r-cran-glmnet r-cran-nnet 2>/dev/null || true
}

tables()
{
    local present=() file
    for file in $sets; do
        [ ! -r "$data_folder/$file" ] || present+=("$file")
    done
    [ ${#present[@]} -gt 0 ] || { printf 'There is none of the files in %s.\n' "$data_folder" && return; }
    each_run judge_beside "$objectives" "${present[0]}"
    each_run judge_beside "$defaults" "${present[@]}"
    wait
    print_heading 'What other programs minimise' peers/judged.sh versions
    printf '## Objectives\n\n'
    table "$objectives" verdict program "${present[0]}"
    printf '\n## Gaps at default tolerances\n\n'
    table "$defaults" cell algorithm "${present[@]}"
}

parse_options "$@"
[ -z "$may_add" ] || [ -n "$build" ] || install_packages "$packages_to_build"
need_tools jq
build_programs descent dgemv_program
find_python
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
folder=$(mktemp -d "${TMPDIR:-/tmp}/descent judged.XXXXXX")
trap 'rm -rf "$folder"' EXIT
mkdir -p "$(dirname "$output")"
cd "$folder"
mkdir answers
find_missing
tables >tables.md
mv tables.md "$output"
printf '%s\n' "$output"
