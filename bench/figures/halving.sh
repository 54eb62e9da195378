#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Does `method: halving` find what the whole grid finds, and for how much of its time? 256
# configurations (rate x batch x schedule x lambda) are trained to the end, side by side, and halved,
# side by side as well, in interleaved rounds:
#
#     time     halving at most 1/5 of the whole grid, both batched; the search for F*, which both
#              need, and the measuring of kernels are done before
#     winner   of each lambda, F at its end at most 1 % (of F*) above the best of the whole grid
#     baseline of each lambda, F at its end no more than that of the baseline: train all for as many
#              epochs as the time of halving pays for, take the best, train it to the end. That its
#              own end takes time as well is not counted, in its favour
#
# A time is the median of the rounds, from the first trial to the end of the last. The machine should
# be idle.
#
#   bench/figures/halving.sh [--quick] [DESCENT]   by default build/descent of this repository; prints
#                                          Markdown; --quick: generated data alone, few epochs, one round
set -euo pipefail
# shellcheck source=bench/figures/begin.sh
. "$(dirname "${BASH_SOURCE[0]}")/begin.sh"
data=$(realpath -m "$source/../shared/data")
rounds=3 epochs=100 rows=20000
if "$quick"; then
    rounds=1 epochs=20 rows=300
fi

write_files() # DATA
{
    for method in grid halving; do
        cat >"$method.yaml" <<END
# Is halving as good as the whole grid?
name: $method
data: $1
method: $method
solver: minibatch
rate: {min: 0.001, max: 3, steps: 8, scale: log}
batch: [16, 64, 256, 1024]
schedule: [constant, inverse]
decay: 0.1
lambda: [1e-6, 1e-5, 1e-4, 1e-3]
stop: {epochs: $epochs}
record: geometric
execution: batched
optimum: always
finals: 0
END
    done
    if "$quick"; then
        sed -i 's/batch: .*/batch: [16, 64]/; s/steps: 8/steps: 4/' grid.yaml halving.yaml
    fi
    # F* is in both stores, and no trial.
    sed 's/epochs: [0-9]*/epochs: 0/; s/^method: .*/method: grid/; s/^batch: .*/batch: 16/; s/steps: [0-9]*/steps: 2/' \
        grid.yaml >optima.yaml
}

# Runs a sweep into folder measured, where F* is known, and prints its seconds.
measure() # METHOD
{
    rm -rf "measured/$1"
    mkdir -p measured
    cp -r "optima/grid" "measured/$1"
    "$descent" sweep "$1.yaml" --results measured --quiet >sweep.log || {
        cat sweep.log >&2
        return 1
    }
    sed -n 's/^[0-9]* of [0-9]* trials run in \([^:]*\):.*/\1/p' sweep.log | awk '
        BEGIN { unit["µs"] = 1e-6; unit["ms"] = 1e-3; unit["s"] = 1; unit["min"] = 60 }
        { for (i = 1; i < NF; i += 2) sum += $i * unit[$(i + 1)]; printf "%.9g\n", sum }'
}

median()
{
    sort -g | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# A line of the first table, and the lines of the second.
compare() # NAME DATA
{
    local method round grid halving
    write_files "$2"
    rm -rf optima grid.seconds halving.seconds
    "$descent" sweep optima.yaml --results optima --quiet >/dev/null
    "$descent" sweep grid.yaml --results tuned --quiet --fresh >/dev/null # kernels are measured once
    "$descent" sweep halving.yaml --results tuned --quiet --fresh >/dev/null
    for ((round = 1; round <= rounds; round++)); do
        for method in grid halving; do
            measure "$method" >>"$method.seconds"
        done
    done
    grid=$(median <grid.seconds) halving=$(median <halving.seconds)
    sqlite3 -separator ' ' measured/halving/store.sqlite "
        ATTACH 'measured/grid/store.sqlite' AS whole;
        CREATE TEMP TABLE afford AS SELECT $epochs * $halving / $grid AS epochs;
        $(cat "$source/bench/figures/halving.sql")" >gaps
    sqlite3 -separator ' ' measured/halving/store.sqlite "
        ATTACH 'measured/grid/store.sqlite' AS whole;
        SELECT (SELECT sum(epochs) FROM trial), (SELECT sum(epochs) FROM whole.trial)" >work
    awk -v name="$1" -v grid="$grid" -v halving="$halving" -v goal="$("$quick" && echo 1e9 || echo 0.2)" '
        FILENAME == "work" { share = 100 * $1 / $2; next }
        { worst = $4 - $3 > worst || FNR == 1 ? $4 - $3 : worst; behind += $4 > $5; epoch = $6; count++ }
        END {
            printf "| %s | %.3g s | %.3g s | %.3f | %.1f %% | %.2g %% | %d | %d of %d | %s |\n", name, grid,
                halving, halving / grid, share, 100 * worst, epoch, count - behind, count,
                halving <= goal * grid && worst <= 0.01 && behind == 0 ? "holds" : "MISSED"
        }' work gaps >>times.md
    awk -v name="$1" '{
            printf "| %s | %g | %.9g | %.2g %% | %.2g %% | %.2g %% |\n", name, $1, $2, 100 * $3, 100 * $4, 100 * $5
        }' gaps >>gaps.md
}

add() # NAME FILE REST-OF-DATA
{
    if [ -e "$data/$2" ]; then
        compare "$1" "{file: $data/$2$3}"
    else
        echo "$1: skipped, no ../shared/data/$2" >>skipped
    fi
}

if ! "$quick"; then
    add higgs7k lightgbm_higgs7k.csv ', label: 29, scale: standard'
    add a9a a9a.libsvm ''
    add w8a w8a.libsvm ''
fi
compare blobs "{generate: blobs, rows: $rows, features: 30, seed: 1}"

"$descent" machine --format json | jq -r '.machine
    | "\(.processor), \(.threads) threads; descent \(.version), \(.compiler)"'
cat <<END

| data | grid | halving | ratio | model-epochs | winner above the grid's best | epochs for all at equal time | no worse than that baseline | verdict |
|---|--:|--:|--:|--:|--:|--:|--:|---|
$(cat times.md)

Relative gaps (F - F*) / F* at the end:

| data | lambda | F* | best of the grid | winner of halving | baseline at equal time |
|---|--:|--:|--:|--:|--:|
$(cat gaps.md)
END
if [ -e skipped ]; then
    printf '\n'
    cat skipped
fi
