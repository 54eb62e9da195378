#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What does it cost that another process trains? The same solver trains in this process and, by the trial
# protocol, as `descent worker`, in interleaved rounds of one sweep:
#
#     worker     its trial by our clock, from the last byte of the task to the first byte of the answer
#     training   by its own clock; it records no trace, for nobody has asked for one
#     protocol = worker - training: reading the task, setting up, writing the answer
#     judge      what we take for the weights that come back: one pass over the data. It is on no clock of the
#                trial, and a worker that is asked for the whole trial (`environment`, `binary`, `blas`) has none
#
# Bars, for the protocol: 0.2 ms for a trial (median), and 1 % of a trial of about 100 ms; and a worker's memory,
# while it trains, is less than two copies of the data: they are mapped.
#
#   bench/figures/programs.sh [--quick] [DESCENT]     by default build/descent of this repository; prints
#                                                     Markdown. --quick: small data, to see whether it works
set -euo pipefail
# shellcheck source=bench/figures/begin.sh
. "$(dirname "${BASH_SOURCE[0]}")/begin.sh"

# What is trained by whom: "here" by this process, "worker" by the other.
sweep() # NAME ROWS FEATURES EPOCHS REPEATS
{
    cat >"$1.yaml" <<END_OF_SWEEP
# What does another process cost?
name: $1
data: {generate: blobs, rows: $2, features: $3, seed: 1}
lambda: 0.01
threads: 1
programs: {worker: {command: ["$descent", worker], parameters: {solver: gd, rate: 0.5, stop_epochs: $4, record: geometric}}}
runs:
  - {solver: gd, rate: 0.5, stop: {epochs: $4}}
  - {program: worker}
record: geometric
repeats: $5
retries: 0
END_OF_SWEEP
    "$descent" sweep "$1.yaml" --quiet >sweep.log || { cat sweep.log && exit 1; }
    "$descent" export "results/$1" --format json >"$1.json"
}

if "$quick"; then
    names=(short middle)
    sweep short 300 10 5 5
    sweep middle 2000 20 20 3
else
    names=(short middle large)
    sweep short 300 10 20 201
    sweep middle 20000 100 100 41
    sweep large 1000000 100 3 7
fi

files=()
for name in "${names[@]}"; do
    files+=("$name.json")
done
jq -rs '
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
                   else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def digits($n): . * pow(10; $n) | round / pow(10; $n);
def milliseconds: "\(. * 1e3 | digits(3)) ms";
def mebibytes: "\(. / 1048576 | digits(1)) MiB";
def verdict: if . then "holds" else "MISSED" end;

# Of one sweep: the trials of both.
def row:
    (.trials | map(select(.configuration.solver == "gd"))) as $here
    | (.trials | map(select(.configuration.solver == "program"))) as $there
    | ($there | map(.train_seconds) | median) as $seconds
    | ($there | map(.train_seconds - .own_seconds) | median) as $protocol
    | ($there | map(.peak_bytes // 0) | max) as $peak
    | (.trials[0].rows * .trials[0].features * 8) as $bytes
    | {data: .trials[0].data, here: ($here | map(.train_seconds) | median), $seconds, $protocol, $peak, $bytes,
       training: ($there | map(.own_seconds) | median), judge: ($there | map(.evaluate_seconds) | median),
       share: (100 * $protocol / $seconds)};

(.[0].machines[0].facts | "\(.processor); descent \(.version), \(.compiler)"),
"",
"| data | training in this process | worker | training | protocol | bar | share of the trial | judge | data | peak memory of the worker | verdict |",
"|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|",
(.[] | row
 | (if .seconds >= 0.05 then "1 %" else "0.2 ms" end) as $bar
 | "| \(.data) | \(.here | milliseconds) | \(.seconds | milliseconds) | \(.training | milliseconds)"
   + " | \(.protocol | milliseconds) | \($bar)"
   + " | \(.share | digits(2)) % | \(.judge | milliseconds) | \(.bytes | mebibytes) | \(if .peak > 0 then .peak | mebibytes else "not told" end)"
   + " | \((if $bar == "1 %" then .share < 1 else .protocol < 2e-4 end)
           and (.bytes < 1e8 or .peak < 2 * .bytes) | verdict) |")
' "${files[@]}"
