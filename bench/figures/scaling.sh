#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# How do the four ways of using threads scale on this machine? Each on 1, 2, 4, ... and all threads,
# in interleaved rounds, with its phases (`profile: on`):
#
#     fused gd          one model, rows shared out among threads
#     batched gd        64 models in one reading of the data, rows shared out
#     SGD over models   64 models, shared out among threads; each takes one sample after the other
#     hogwild           one model, threads race for its weights
#
# The share of the ceiling is what the ceilings of so many threads (read bandwidth at the size of the
# data, GEMM) allow for an epoch's training, over what it took; waiting is the mean over the threads.
#
#   bench/figures/scaling.sh [DESCENT]     by default build/descent of this repository; prints Markdown
set -euo pipefail
descent=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/descent}")
quick=${DESCENT_QUICK:+yes}
rows=100000 repeats=7
[ -z "$quick" ] || rows=2000 repeats=2

unset OMP_NUM_THREADS
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
all=$("$descent" machine --format json | jq .machine.threads)
counts=()
for ((threads = 1; threads < all; threads *= 2)); do
    counts+=("$threads")
done
counts+=("$all")

sweep() # NAME EPOCHS RUN [LINE...]
{
    {
        printf '# How does it scale?\nname: %s\nprofile: on\noptimum: never\nrepeats: %s\n' "$1" "$repeats"
        printf 'data: {generate: blobs, rows: %s, features: 50}\nstop: {epochs: %s}\nruns: [{%s}]\n' \
            "$rows" "$2" "$3"
        shift 3
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >sweep.yaml
    "$descent" sweep sweep.yaml --quiet >sweep.log || { cat sweep.log >&2 && exit 1; }
}

list=$(IFS=, && echo "${counts[*]}")
rates='rate: {min: 0.0001, max: 0.001, steps: 64, scale: log}'
sweep fused-gd 40 "solver: gd, rate: auto, kernel: fused, threads: [$list]"
sweep batched-gd 10 "solver: gd, $rates, kernel: batched, threads: [$list]" 'execution: batched' 'finals: 0'
for threads in "${counts[@]}"; do
    sweep "sgd-over-models-$threads" 3 "solver: sgd, $rates" 'execution: batched' 'finals: 0' \
        "pass_threads: $threads"
done
sweep hogwild 10 "solver: hogwild, rate: 0.001, threads: [$list]"
for store in results/*; do
    "$descent" export "$store" --format json | jq -c '{name: .sweep.name, export: .}'
done >all.json

jq -rs '
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
                   else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def digits($n): . * pow(10; $n) | round / pow(10; $n);
def sum(f): map(f) | add;
def epoch: .train_seconds / .epochs;

# Models side by side share their clock: one of them speaks for all.
def one_each: group_by([.repeat, .shared, .configuration.threads])
    | map(max_by(.epochs));
def threads: .profile.threads | length;

# What the ceilings allow the phases of an epoch.
def rate($ceilings; $bytes): [$ceilings.reads[] | select(.bytes >= $bytes)]
    | if length > 0 then .[0].bytes_per_second else $ceilings.reads[-1].bytes_per_second end;
def limit($ceilings): .rows as $n | (8 * $n * (.features + 1)) as $set | .epochs as $epochs
    | [.profile.phases[] | select(.bytes > 0 and .phase != "reduce")
       | [.bytes / rate($ceilings; $set), .flops / $ceilings.gemm_flops_per_second] | max]
    | add // null | if . == null then null else . / $epochs end;

def rows: .name as $name | .export | .machines[-1].ceilings as $ceilings
    | .trials | one_each | group_by(threads)[] | .[0] as $first | ($first | threads) as $threads
    | {way: ($name | sub("-[0-9]+$"; "")), threads: $threads, kernel: $first.kernel_ran,
       models: $first.models, seconds: (map(epoch) | median),
       share: (($ceilings[] | select(.threads == $threads)) as $c
               | ($first | limit($c)) as $limit
               | if $limit == null then null else $limit / (map(epoch) | median) end),
       wait: (map((.profile.threads | sum(.wait_seconds)) / $threads / .train_seconds) | median)};

(.[0].export.machines[0].facts
 | "\(.processor), \(.threads) threads; descent \(.version) (\(.commit)), \(.compiler)"),
"",
"| way | kernel | models | threads | an epoch | speed-up | efficiency | serial fraction | of ceiling | waiting |",
"|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
([.[] | rows] | group_by(.way)[] | sort_by(.threads) | .[0].seconds as $one
 | .[] | ($one / .seconds) as $speedup
 | "| \(.way | gsub("-"; " ")) | \(.kernel) | \(.models) | \(.threads)"
   + " | \(1e3 * .seconds | digits(3)) ms | \($speedup | digits(2))"
   + " | \(100 * $speedup / .threads | digits(0)) %"
   + " | \(if .threads == 1 then "" else ((1 / $speedup - 1 / .threads) / (1 - 1 / .threads) | digits(3)) end)"
   + " | \(if .share == null then "" else "\(100 * .share | digits(0)) %" end)"
   + " | \(if .threads == 1 then "" else "\(100 * .wait | digits(1)) %" end) |")
' all.json
