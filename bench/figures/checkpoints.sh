#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What do checkpoints cost a long trial? The same trial is run without them, with one every second and
# with one every minute, in interleaved rounds. Writing is on no clock of the trial, so that what is
# compared is the time of the whole command, as a user waits for it:
#
#     cost = time with checkpoints / time without - 1
#
# and the bar is 0.5 %. A cost is the median over the rounds, each against `off` of the same round;
# beside it stands what the rounds lie between. The machine should be idle.
#
#   bench/figures/checkpoints.sh [--quick] [DESCENT]   by default build/descent of this repository; prints
#                                          Markdown; --quick: short trials, one round
#
# Trials last about $SECONDS_EACH seconds, or 65, so that there is one checkpoint with one every minute: half an
# hour in all.
set -euo pipefail
# shellcheck source=bench/figures/begin.sh
. "$(dirname "${BASH_SOURCE[0]}")/begin.sh"

rounds=3 seconds=${SECONDS_EACH:-65} rows=50000 wide=20000
if "$quick"; then
    rounds=1 seconds=0.2 rows=500 wide=2000
fi

write_file() # NAME DATA RUN EPOCHS CHECKPOINT
{
    cat >"$1.yaml" <<END
# What do its checkpoints cost?
name: $1
data: $2
runs: [$3]
lambda: 0.001
stop: {epochs: $4}
record: geometric
optimum: never
warmup: 0
retries: 0
tuning: no
checkpoint: $5
END
}

# Seconds of the whole command.
measure() # NAME
{
    local begun
    begun=$(date +%s%N)
    "$descent" sweep "$1.yaml" --quiet --fresh --results "$1" >sweep.log 2>&1 || {
        cat sweep.log >&2
        return 1
    }
    awk -v nanoseconds=$(($(date +%s%N) - begun)) 'BEGIN { printf "%.6f\n", nanoseconds / 1e9 }'
}

# Epochs that take about so many seconds, from the training clock of a short trial.
epochs_for() # DATA RUN
{
    local epochs=20
    while true; do
        write_file short "$1" "$2" "$epochs" off
        measure short >/dev/null
        sqlite3 "$(find short -name store.sqlite)" \
            "SELECT CAST($seconds * $epochs / (train_seconds + evaluate_seconds) AS INTEGER) + 1
             FROM trial WHERE train_seconds + evaluate_seconds >= min(0.2, $seconds * 0.2)" >found
        if [ -s found ]; then
            cat found
            return
        fi
        epochs=$((epochs * 4))
    done
}

# A trial: lines of the table.
compare() # TITLE DATA RUN
{
    local every round epochs
    epochs=$(epochs_for "$2" "$3")
    rm -f ./*.times
    for ((round = 1; round <= rounds; round++)); do
        for every in off '1 s' '60 s'; do
            write_file "${every% s}" "$2" "$3" "$epochs" "$every"
            measure "${every% s}" >>"${every% s}.times"
        done
    done
    for every in 1 60; do
        paste off.times "$every.times" | awk '{ printf "%.9g\n", 100 * ($2 / $1 - 1) }' | sort -g | awk \
            -v title="$1" -v every="$every" -v epochs="$epochs" -v off="$(sort -g off.times | awk '{ t[NR] = $1 }
                END { print t[int((NR + 1) / 2)] }')" '
            { cost[NR] = $1 }
            END {
                median = NR % 2 ? cost[(NR + 1) / 2] : (cost[NR / 2] + cost[NR / 2 + 1]) / 2
                printf "| %s | %d | %.3g s | %d s | %.2f %% | %.2f %% to %.2f %% | 0.5 %% | %s |\n", title, epochs, off,
                    every, median, cost[1], cost[NR], median <= 0.5 ? "holds" : "MISSED"
            }'
    done
}

"$descent" machine --format json | jq -r '.machine
    | "\(.processor), \(.threads) threads; descent \(.version), \(.compiler)"'
cat <<'END'

| trial | epochs | without | one every | cost | of the rounds | bar | verdict |
|---|--:|--:|--:|--:|--:|--:|---|
END
compare "gd, $rows x 100" "{generate: blobs, rows: $rows, features: 100}" '{solver: gd, rate: 0.1}'
compare "saga, $rows x 100" "{generate: blobs, rows: $rows, features: 100}" '{solver: saga, rate: 0.01}'
compare "gd, 200 x $wide" "{generate: blobs, rows: 200, features: $wide}" '{solver: gd, rate: 0.1}'
