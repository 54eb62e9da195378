#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Does `descent tune-placement` know how long a sweep takes, and which placement is the fastest? For
# each of three sweeps its table is made, then every placement in it is really run, in interleaved
# rounds, each in a store of its own:
#
#     prediction    measured time within 20 % of what was predicted, for each placement
#     choice        the placement that is recorded at most 10 % slower than the fastest of all
#
# A measured time is the median of the rounds, from the first trial to the end of the last, without
# finals. The machine should be idle.
#
#   bench/figures/placement.sh [--quick] [DESCENT]     by default build/descent of this repository; prints
#                                              Markdown; --quick: small sweeps, one round
set -euo pipefail
# shellcheck source=bench/figures/begin.sh
. "$(dirname "${BASH_SOURCE[0]}")/begin.sh"
cp "$source/configs/schedules.yaml" schedules.yaml
cat >small.yaml <<'END'
# Many small models on few data.
name: small
data: {generate: pets}
method: random
trials: 400
solver: sgd
rate: {min: 0.0001, max: 0.1, scale: log}
stop: {epochs: 50}
record: geometric
seed: 3
END
cat >mixed.yaml <<'END'
# Solvers that use threads for one model.
name: mixed
data: {generate: blobs, rows: 20000, features: 30, seed: 2}
runs:
  - {solver: gd, rate: {min: 0.01, max: 1, steps: 40, scale: log}}
  - {solver: minibatch, batch: [32, 256], rate: {min: 0.001, max: 0.1, steps: 40, scale: log}}
stop: {epochs: 30}
record: geometric
END
rounds=5
seconds=5
if "$quick"; then
    rounds=1
    seconds=0.3
    sed -i -E 's/trials: [0-9]+/trials: 10/; s/steps: [0-9]+/steps: 5/; s/rows: [0-9]+/rows: 300/
        s/epochs: [0-9]+/epochs: 5/' schedules.yaml small.yaml mixed.yaml
fi

# "1.23 s", "2 min 5 s" and the like in seconds.
in_seconds()
{
    awk '
    BEGIN {
        split("ns 1e-9 µs 1e-6 us 1e-6 ms 1e-3 s 1 min 60 h 3600 d 86400", words, " ")
        for (i = 1; i in words; i += 2)
            unit[words[i]] = words[i + 1]
    }
    {
        for (i = 1; i < NF; i += 2) {
            if (!($(i + 1) in unit))
                exit 1
            sum += $i * unit[$(i + 1)]
        }
        printf "%.9g\n", sum
    }'
}

measure() # NAME MODELS THREADS SIDE_BY_SIDE
{
    {
        grep -vE '^(execution|finals):' "$1.yaml"
        printf 'execution: batched\nfinals: 0\nmodels: %s\npass_threads: %s\nside_by_side: %s\n' \
            "$2" "$3" "$4"
    } >run.yaml
    sed -i '/^name:/d; 1a name: '"$1" run.yaml
    rm -rf measured
    cp -r tuned measured # F* is known there, and no trial
    "$descent" sweep run.yaml --results measured --quiet >sweep.log || {
        cat sweep.log >&2
        return 1
    }
    local took
    took=$(sed -n 's/^[0-9]* of [0-9]* trials run in \([^:]*\):.*/\1/p' sweep.log | in_seconds)
    printf '{"sweep":"%s","models":%s,"threads":%s,"side_by_side":%s,"seconds":%s}\n' \
        "$1" "$2" "$3" "$4" "$took" >>measured.json
}

for name in schedules small mixed; do
    "$descent" tune-placement "$name.yaml" --results tuned --seconds "$seconds" --format json \
        >"$name.json"
    for ((round = 1; round <= rounds; round++)); do
        jq -r '.placements[] | "\(.models) \(.threads) \(.side_by_side)"' "$name.json" |
            while read -r models threads passes; do
                measure "$name" "$models" "$threads" "$passes"
            done
    done
done

"$descent" machine --format json | jq -r '.machine
    | "\(.processor), \(.threads) threads; descent \(.version), \(.compiler)"'
jq -rs --slurpfile measured measured.json '
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
                   else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def digits($n): . * pow(10; $n) | round / pow(10; $n);

# The placements of a sweep with what they really took.
def rows: .sweep as $sweep | .placements[]
    | . as $row
    | {sweep: $sweep, models, threads, side_by_side, best, predicted: .seconds,
       measured: ([$measured[] | select(.sweep == $sweep and .models == $row.models
           and .threads == $row.threads and .side_by_side == $row.side_by_side) | .seconds]
           | median)};

[.[] | [rows]] as $sweeps
| "",
"| sweep | models | threads | side by side | predicted | measured | ratio | verdict |",
"|---|--:|--:|--:|--:|--:|--:|---|",
($sweeps[][] | (.measured / .predicted) as $ratio
 | "| \(.sweep) | \(.models) | \(.threads) | \(.side_by_side) | \(.predicted | digits(4)) s"
   + " | \(.measured | digits(4)) s | \($ratio | digits(2))"
   + " | \(if $ratio >= 0.8 and $ratio <= 1.2 then "holds" else "MISSED" end)"
   + "\(if .best then ", chosen" else "" end) |"),
"",
($sweeps[] | (map(.measured) | min) as $least
 | (map(select(.best))[0].measured / $least) as $ratio
 | "- \(.[0].sweep): the choice took \($ratio | digits(2)) times the fastest of \(length): "
   + if $ratio <= 1.1 then "holds" else "MISSED" end),
([$sweeps[][] | .measured / .predicted | select(. >= 0.8 and . <= 1.2)] | length) as $good
| "- predictions within 20 %: \($good) of \([$sweeps[][]] | length)"
' schedules.json small.json mixed.json
