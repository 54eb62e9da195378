#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Is a choice of `descent tune` a good one? The usual shapes are tuned three times. What the first
# run chose is judged by the times of the other two, which it has not seen: beside the fastest
# variant there (should be at most 1.03) and beside the first one, which runs where nothing was
# measured (at most 1.02). A table in Markdown; some minutes on an idle machine.
#
#   bench/figures/tuning.sh > tuning.md
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"

install_packages "$packages_to_build" "$packages_to_benchmark" >&2
build_target descent >&2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_CACHE_HOME=$folder # what is kept for this machine stays as it is
for run in 1 2 3; do
    "$root/build/descent" tune --format json >"$folder/$run.json"
done

grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'
echo
# The least time of a variant in two runs: other work on the machine only adds to a time.
jq -r -s '
    def seconds($shape): [.[1:][] | .shapes[$shape].variants];
    . as $runs
    | ["shape", "models", "threads", "chosen", "over the best", "over the first", "verdict"],
      [range(7) | "---"],
      (range($runs[0].shapes | length) as $i
       | $runs[0].shapes[$i] as $shape
       | ($runs | seconds($i) | transpose
          | map({variant: .[0].variant, seconds: (map(.seconds) | min)})) as $times
       | ($times | map(select(.variant == $shape.chosen)) | first | .seconds) as $chosen
       | ($chosen / ($times | map(.seconds) | min)) as $best
       | ($chosen / $times[0].seconds) as $first
       | ["\($shape.rows) x \($shape.features)", $shape.models, $shape.threads, $shape.chosen,
          ($best * 1000 | round / 1000), ($first * 1000 | round / 1000),
          (if $best <= 1.03 and $first <= 1.02 then "met" else "missed" end)])
    | "| \(map(tostring) | join(" | ")) |"' "$folder/1.json" "$folder/2.json" "$folder/3.json"
