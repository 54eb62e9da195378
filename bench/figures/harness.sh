#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What share of a short trial is the harness? Solvers train for about a millisecond on a few hundred
# rows, in one sweep with the solver `null`, whose training clock counts the harness alone:
#
#     share = training time per epoch of null x epochs / training time of the trial
#
# and the bar is 1 %. Beside it stands what lies around that clock: evaluating and recording the
# trace, which is no part of a trial's time. Each time is the median of the repeats. Fewer or longer
# epochs make the share smaller; many very short ones, as in the last row, make it larger.
#
#   bench/figures/harness.sh [DESCENT]     by default build/descent of this repository; prints Markdown
set -euo pipefail
# shellcheck source=bench/figures/begin.sh
. "$(dirname "${BASH_SOURCE[0]}")/begin.sh"
cat >harness.yaml <<'END'
# What share of a trial of a millisecond is the harness?
name: harness
data: {generate: blobs, rows: 300, features: 10}
runs:
  - {solver: "null", stop: {epochs: 200}}
  - {solver: gd, threads: 1, stop: {epochs: 200}}
  - {solver: gd-nesterov, threads: 1, stop: {epochs: 200}}
  - {solver: minibatch, threads: 1, stop: {epochs: 100}}
  - {solver: sgd, stop: {epochs: 100}}
  - {solver: saga, stop: {epochs: 100}}
record: geometric
repeats: 21
END
cat >short.yaml <<'END'
# And where an epoch is as short as can be?
name: short
data: {generate: pets}
runs:
  - {solver: "null", stop: {epochs: 2000}}
  - {solver: gd, threads: 1, stop: {epochs: 2000}}
record: geometric
repeats: 21
END

for name in harness short; do
    "$descent" sweep "$name.yaml" --quiet >sweep.log || { cat sweep.log && exit 1; }
    "$descent" export "results/$name" --format json >"$name.json"
done

jq -rs '
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
                   else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def digits($n): . * pow(10; $n) | round / pow(10; $n);
def microseconds: "\(. * 1e6 | digits(1)) µs";

# The trials of a sweep, a row for each solver.
def rows: .trials | group_by(.position)[]
    | {data: .[0].data, solver: .[0].configuration.solver, epochs: .[0].epochs,
       train: (map(.train_seconds) | median), evaluate: (map(.evaluate_seconds) | median),
       record: (map(.record_seconds) | median)};

(.[0].machines[0].facts | "\(.processor); descent \(.version), \(.compiler)"),
"",
"| data | solver | epochs | training | harness | share | bar | verdict | evaluating | recording |",
"|---|---|--:|--:|--:|--:|--:|---|--:|--:|",
(.[] | [rows] | (map(select(.solver == "null"))[0] | .train / .epochs) as $step
 | .[] | select(.solver != "null")
 | ($step * .epochs) as $harness | (100 * $harness / .train | digits(2)) as $share
 | "| \(.data) | \(.solver) | \(.epochs) | \(.train | microseconds) | \($harness | microseconds)"
   + " | \($share) % | 1 % | \(if $share <= 1 then "holds" else "MISSED" end)"
   + " | \(.evaluate | microseconds) | \(.record | microseconds) |")
' harness.json short.json
