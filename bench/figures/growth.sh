#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# How do reports grow with what is recorded? A small sweep is run; its store is then multiplied by SQL
# (growth.sql) in shapes that each strain another part of a report, and every command that reads
# a store is timed once on each. What is O(n log n) takes about three times as long in the next
# column; what is quadratic takes nine times. The bars are those of the project: 100,000 trials in
# under 3 s for show, report and compare, 30,000 problems (data sets or lambdas) in under 10 s.
#
#   bench/figures/growth.sh [DESCENT [SIZE...]]     by default build/descent of this repository, and 10000
#                                           30000 100000; prints Markdown. Two to three minutes
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
descent=$(realpath "${1:-$here/../../build/descent}")
shift || true
sizes=("$@")
[ "${#sizes[@]}" -gt 0 ] || sizes=(10000 30000 100000)
problems_most=30000 # more data sets or lambdas than that are not asked for
bar_trials=3 bar_problems=10

for program in sqlite3 "$descent"; do
    if ! command -v "$program" >/dev/null; then
        printf 'growth.sh: %s is not there\n' "$program" >&2
        exit 1
    fi
done
folder=$(mktemp -d "${TMPDIR:-/tmp}/descent-growth.XXXXXX")
trap 'rm -r "$folder"' EXIT
cd "$folder"

# --- Stores ---------------------------------------------------------------------------------------

cat >seed.yaml <<'END'
# What is multiplied: one trial of each of two sides.
name: seed
data: {generate: blobs, rows: 200, features: 4, seed: 1}
runs: [{solver: gd, rate: 4}, {solver: sgd, rate: 0.05}]
threads: 1
lambda: 0.01
optimum: always
stop: {epochs: 8}
warmup: 0
retries: 0
END
"$descent" sweep seed.yaml --results . --quiet >sweep.log 2>&1 || { cat sweep.log >&2 && exit 1; }

# A store of `size` trials, or problems, in the folder `store`.
make_store() # SHAPE SIZE
{
    rm -rf store
    mkdir store
    sqlite3 seed/store.sqlite "VACUUM INTO 'store/store.sqlite'"
    sqlite3 store/store.sqlite -cmd "CREATE TEMP TABLE want (shape, size)" \
        -cmd "INSERT INTO want VALUES ('$1', $2)" <"$here/growth.sql"
}

# --- Times ----------------------------------------------------------------------------------------

# The median of three where a bar is to be met.
timed_well() # SHAPE SIZE COMMAND...
{
    local shape=$1 size=$2
    shift 2
    if [ -n "$(verdict "$shape" "$size" 0)" ]; then
        for _ in 1 2 3; do timed "$@" && echo; done | sort -n | sed -n 2p | tr -d '\n'
    else
        timed "$@"
    fi
}

timed() # COMMAND... Prints seconds, and megabytes where time(1) is there
{
    local TIMEFORMAT=%R seconds megabytes=
    if [ -x /usr/bin/time ]; then
        seconds=$({ time /usr/bin/time -o memory -f %M "$@" >out 2>err; } 2>&1) || { cat err >&2 && return 1; }
        megabytes=", $(($(tail -1 memory) / 1000)) MB"
    else
        seconds=$({ time "$@" >out 2>err; } 2>&1) || { cat err >&2 && return 1; }
    fi
    printf '%s s%s' "$seconds" "$megabytes"
}

commands_of() # SHAPE: what is timed, a line each
{
    printf '%s\n' 'show store' 'compare store' 'report store --output page.html --force' \
        'export store --format json'
    [ "$1" != seeds ] || ! command -v gnuplot >/dev/null ||
        printf 'plot heatmap store --x solver --y rate --output plot.svg --force\n'
    [ "$1" = configurations ] || return 0
    printf '%s\n' 'compare store --format json' 'export store --format csv' 'export store --format gbench' \
        'export store --format csv --traces'
    command -v gnuplot >/dev/null || return 0
    printf 'plot %s store --output plot.svg --force\n' gap targets performance crossover
}

# What the longest time of a cell is judged by.
verdict() # SHAPE SIZE SECONDS
{
    local bar='' at=100000
    case $1 in
        data-sets | lambdas) bar=$bar_problems at=$problems_most ;;
        *) bar=$bar_trials ;;
    esac
    [ "$2" -eq "$at" ] || return 0
    awk -v seconds="$3" -v bar="$bar" 'BEGIN { printf seconds < bar ? " met" : " MISSED" }'
}

printf '# How reports grow with what is recorded\n\n'
# shellcheck disable=SC2016 # backquotes of Markdown
printf 'Made by `bench/figures/growth.sh build/descent > results/growth.md`. Seconds and memory for so many trials, or\n'
# shellcheck disable=SC2016
printf 'problems (`data-sets`, `lambdas`), of one run, or the median of three where there is a bar: %s s for\n' "$bar_trials"
printf '100,000 trials, %s s for 30,000 problems. The machine:\n\n' "$bar_problems"
"$descent" --version | sed 's/^/    /'
printf '\n'
shapes=(configurations repeats seeds finals batched profiled data-sets lambdas)
printf '| shape | command |'
printf ' %s |' "${sizes[@]}"
printf '\n|---|---|'
printf -- '--:|%.0s' "${sizes[@]}"
printf '\n'
for shape in "${shapes[@]}"; do
    : >cells
    for size in "${sizes[@]}"; do
        case $shape in data-sets | lambdas) [ "$size" -le "$problems_most" ] || continue ;; esac
        make_store "$shape" "$size"
        while read -r command; do
            # shellcheck disable=SC2086 # words of a command
            case $command in
                show* | compare* | report*) cell=$(timed_well "$shape" "$size" "$descent" $command) ;;
                *) cell=$(timed "$descent" $command) ;;
            esac
            case ${command%% *} in
                show | compare | report) cell+=$(verdict "$shape" "$size" "${cell%% *}") ;;
            esac
            printf '%s\t%s\n' "${command/ store/}" "$cell" >>cells
        done < <(commands_of "$shape")
    done
    awk -F '\t' -v shape="$shape" -v sizes="${#sizes[@]}" '
        !($1 in row) { order[++count] = $1 }
        { row[$1] = row[$1] " " $2 " |"; cells[$1]++ }
        END {
            for (i = 1; i <= count; i++) {
                name = order[i]
                sub(/ --output.*/, "", name)
                printf "| %s | %s |%s", shape, name, row[order[i]]
                for (c = cells[order[i]]; c < sizes; c++) printf " |"
                print ""
            }
        }' cells
done
