#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What a sweep costs beside training: 10,000 trials of `pets` (sgd, 100 epochs, every epoch recorded;
# none is warmed up or run again) in a temporary folder. Prints wall seconds, the sums of the three
# clocks, and the time a trial that is not training; the aim is less than 0.2 ms.
#
#   bench/figures/sweep_overhead.sh [DESCENT]     by default build/descent of this repository
set -euo pipefail
descent=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/descent}")

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
cat >overhead.yaml <<'END'
# What does a sweep cost beside training?
name: overhead
data: {generate: pets}
solver: sgd
rate: {min: 0.0001, max: 1, steps: 100, scale: log}
seed: {min: 1, max: 100, steps: 100}
stop: {epochs: 100}
record: every
warmup: 0
retries: 0
END

start=$(date +%s.%N)
"$descent" sweep overhead.yaml --quiet >sweep.log
end=$(date +%s.%N)
cat sweep.log
"$descent" export results/overhead --format csv >trials.csv

# The columns train_seconds, evaluate_seconds and record_seconds, found from the end of the line:
# the description of the data, which holds commas, stands before them.
awk -F, -v wall="$(echo "$start $end" | awk '{ print $2 - $1 }')" '
NR == 1 {
    for (i = 1; i <= NF; i++)
        from_end[$i] = NF - i
    next
}
{
    trials++
    train += $(NF - from_end["train_seconds"])
    evaluate += $(NF - from_end["evaluate_seconds"])
    record += $(NF - from_end["record_seconds"])
}
END {
    printf "\ntrials           %d\n", trials
    printf "wall             %.3f s\n", wall
    printf "train clock      %.3f s  (%.1f %% of wall)\n", train, 100 * train / wall
    printf "evaluate clock   %.3f s  (%.1f %%)\n", evaluate, 100 * evaluate / wall
    printf "record clock     %.3f s  (%.1f %%)\n", record, 100 * record / wall
    printf "store, the rest  %.3f s  (%.1f %%)\n", wall - train - evaluate - record,
        100 * (wall - train - evaluate - record) / wall
    printf "beside training  %.4f ms a trial\n", 1000 * (wall - train) / trials
}' trials.csv
