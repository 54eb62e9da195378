#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Can the phases of a profile be trusted? Three questions, of the same trials with `profile: on` and
# `profile: off`, in interleaved rounds:
#
#     cost      what do the timers add to an epoch (training and evaluation)? bar 1 %
#     sum       how far is the sum of the phases from the trial's three clocks? bar 3 %
#     declared  do the operations and bytes of the phases add up to what an epoch takes, by the
#               formulas below, which are written here a second time? bar: equal
#
# The cost is the median over rounds of the ratio of two neighbours; its quartiles say how far noise
# may have moved it.
#
#   bench/phases.sh [DESCENT] [ROUNDS]    by default build/descent of this repository, 15 rounds
set -euo pipefail
descent=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../build/descent}")
rounds=${2:-15}
case $rounds in
*[!0-9]* | '') echo "phases.sh: '$rounds' is no number of rounds" >&2 && exit 2 ;;
esac

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"

write_sweep() # NAME off|on REPEATS
{
    cat >"$1.yaml" <<END
# What do the timers of a profile cost?
name: $1
profile: $2
data:
  - {generate: blobs, rows: 100000, features: 50}
  - {generate: blobs, rows: 5000, features: 20}
runs:
  - {solver: gd, rate: 0.1, threads: [1, all], kernel: [fused, blas], stop: {epochs: 60}}
  - {solver: minibatch, rate: 0.1, batch: 256, threads: 1, stop: {epochs: 20}}
  - {solver: sgd, rate: 0.001, stop: {epochs: 10}}
optimum: never
repeats: $3
END
}

for ((round = 1; round <= rounds; round++)); do
    names=(off on)
    ((round % 2)) || names=(on off)
    for name in "${names[@]}"; do
        write_sweep "$name" "$name" "$round"
        "$descent" sweep "$name.yaml" --quiet >sweep.log || { cat sweep.log && exit 1; }
    done
done
for name in off on; do
    "$descent" export "results/$name" --format json >"$name.json"
done

jq -rs '
def quantile($q): sort | .[(length - 1) * $q | round];
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
                   else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def digits($n): . * pow(10; $n) | round / pow(10; $n);
def spent: .train_seconds + .evaluate_seconds + .record_seconds;
def what: "\(.rows) x \(.features), \(.configuration.solver), \(.kernel_ran), threads \(.configuration.threads // 1)";
def sum(f): map(f) | add;

# What an epoch of full passes takes: products of 2 for an entry each way, 16 a point.
def flops: 4 * .rows * .features + 16 * .rows;
def readings: if .kernel_ran == "blas" then 8 * (2 * .rows * .features + 5 * .rows)
              else 8 * (.rows * .features + .rows) end;
def declared: [.profile.phases[] | select(.phase != "reduce")]
    | {flops: sum(.flops), bytes: sum(.bytes)};
def worst_sum: map((.profile.phases | sum(.seconds)) / spent - 1 | fabs) | max;
def right: . as $trial | declared
    | (.flops / (($trial | flops) * $trial.epochs) - 1 | fabs) < 1e-9
      and (.bytes / (($trial | readings) * $trial.epochs) - 1 | fabs) < 1e-9;

(.[1].machines[0].facts | "\(.processor); descent \(.version), \(.compiler)"),
"",
"| trial | an epoch | cost of timers | quartiles | bar | | phases add up within | bar | | declared work |",
"|---|--:|--:|--:|--:|---|--:|--:|---|---|",
(.[0].trials as $off | .[1].trials | group_by(.position)[] as $on
 | ($off | map(select(.position == $on[0].position))) as $without
 | [$on[] as $a | $without[] | select(.repeat == $a.repeat) | (($a | spent) / spent)] as $ratios
 | (100 * (($ratios | median) - 1) | digits(2)) as $cost
 | (100 * ($on | worst_sum) | digits(2)) as $sum
 | "| \($on[0] | what) | \(1e6 * ($on | map(spent / .epochs) | median) | digits(1)) µs"
   + " | \($cost) % | \(100 * (($ratios | quantile(0.25)) - 1) | digits(2)) to \(100 * (($ratios | quantile(0.75)) - 1) | digits(2)) %"
   + " | 1 % | \(if $cost <= 1 then "holds" else "MISSED" end)"
   + " | \($sum) % | 3 % | \(if $sum <= 3 then "holds" else "MISSED" end)"
   + " | \(if $on | all(right) then "equal" else "DIFFERS" end) |")
' off.json on.json
