#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What a sweep costs beside training: 10,000 trials of `pets` (sgd, 100 epochs, every epoch recorded;
# none is warmed up or run again) in a temporary folder. Prints wall seconds and what they went into:
#
#   train, evaluate   these clocks of the trials
#   trace             points are put together
#   store             trials are recorded: what the sweep tells as recording, less the trace
#   watching          the rest: other programs' load, counters, memory, the queue, the plan
#
# and the time a trial that is neither training nor evaluating; the aim is 0.1 ms.
#
#   bench/figures/sweep_overhead.sh [DESCENT]     by default build/descent of this repository
set -euo pipefail
# shellcheck source=bench/figures/begin.sh
. "$(dirname "${BASH_SOURCE[0]}")/begin.sh"
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

# Seconds of what the sweep tells: "540 ms recording".
told=$(awk '/^time:/ {
    scale["s"] = 1; scale["ms"] = 1e-3; scale["µs"] = 1e-6
    for (i = 3; i <= NF; i++)
        if ($i == "recording")
            print $(i - 2) * scale[$(i - 1)]
}' sweep.log)

# The columns train_seconds, evaluate_seconds and record_seconds, found from the end of the line:
# the description of the data, which holds commas, stands before them.
awk -F, -v wall="$(echo "$start $end" | awk '{ print $2 - $1 }')" -v told="$told" '
NR == 1 {
    for (i = 1; i <= NF; i++)
        from_end[$i] = NF - i
    next
}
{
    trials++
    train += $(NF - from_end["train_seconds"])
    evaluate += $(NF - from_end["evaluate_seconds"])
    trace += $(NF - from_end["record_seconds"])
}
function row(name, seconds)
{
    printf "%-10s %8.3f s  %5.1f %% of wall  %8.4f ms a trial\n", name, seconds,
        100 * seconds / wall, 1000 * seconds / trials
}
END {
    printf "\n%d trials in %.3f s\n", trials, wall
    row("train", train)
    row("evaluate", evaluate)
    row("trace", trace)
    row("store", told - trace)
    row("watching", wall - train - evaluate - told)
    row("beside", wall - train - evaluate)
}' trials.csv
