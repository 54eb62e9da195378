#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Draws the picture of the README from a recorded sweep: the loss of every configuration on one data
# set over epochs and over seconds of training, on one thread, the best of each solver in full colour.
#
#   bench/picture.sh [RESULTS [DATA [SVG]]]     by default results/sgd-vs-gd, its largest data set,
#                                               results/sgd-vs-gd.svg; needs jq and gnuplot
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
results=${1:-results/sgd-vs-gd}
svg=${3:-$results.svg}

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
build/descent export "$results" --format json >"$folder/all.json"
data=${2:-$(jq -r '[.trials[] | {data, size: (.rows * .features)}] | max_by(.size) | .data' "$folder/all.json")}

# One block a trial: "solver best epoch seconds loss" a line, blocks parted by blank lines.
jq -r --arg data "$data" '
    [.trials[] | select(.data == $data and .final == 0 and .repeat == 1
                        and (.configuration.threads == null or .configuration.threads == 1))] as $all
    | ($all | group_by(.configuration.solver) | map(min_by(.objective // infinite).position)) as $best
    | $all[]
    | (.configuration.solver + " " + (if .position | IN($best[]) then "1" else "0" end)) as $head
    | [.trace.epoch, .trace.seconds, .trace.loss] | transpose
    | map("\($head) \(.[0]) \(.[1]) \(.[2] // "NaN")") | join("\n") + "\n"
' "$folder/all.json" >"$folder/traces"

gnuplot <<END
set terminal svg size 900,380 font "sans-serif,13" background "white"
set output "$svg"
set multiplot layout 1,2 title "$data: every learning rate tried, the best of each solver in full colour"
set ylabel "loss" offset 1
set logscale x
set yrange [*:1]
set grid linecolor rgb "#dddddd"
set key top right
sgd = "#e69f00"; gd = "#0072b2"; sgd_pale = "#c0e69f00"; gd_pale = "#c00072b2"
plots(solver, best) = sprintf("<awk 'NF == 0 || (\$1 == \"%s\" && \$2 == %d)' $folder/traces", solver, best)
set xlabel "epochs"
plot plots("sgd", 0) using 3:5 with lines linecolor rgb sgd_pale notitle, \\
     plots("gd", 0) using 3:5 with lines linecolor rgb gd_pale notitle, \\
     plots("sgd", 1) using 3:5 with lines linewidth 3 linecolor rgb sgd title "SGD", \\
     plots("gd", 1) using 3:5 with lines linewidth 3 linecolor rgb gd title "batch"
set xlabel "seconds of training"
set format x "10^{%T}"
plot plots("sgd", 0) using 4:5 with lines linecolor rgb sgd_pale notitle, \\
     plots("gd", 0) using 4:5 with lines linecolor rgb gd_pale notitle, \\
     plots("sgd", 1) using 4:5 with lines linewidth 3 linecolor rgb sgd title "SGD", \\
     plots("gd", 1) using 4:5 with lines linewidth 3 linecolor rgb gd title "batch"
END
printf '%s\n' "$svg"
