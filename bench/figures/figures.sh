#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The figures that descent stands by, as a table in Markdown: how near its kernels are to what the
# machine allows, and how much faster than what a person would write (bench/kernels/plain.h). Each has a bar
# that it should pass, and a verdict.
#
#   bench/figures/figures.sh [OPTION...]       tunes and measures, some minutes on an idle machine, into
#                                      results/figures.json; options go to descent_bench
#   bench/figures/figures.sh --of FILE.json    the table of what was measured before
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"

if [ "${1:-}" = --of ] && [ $# -eq 2 ]; then
    jq -r -f "$root/bench/figures/figures.jq" "$2"
    exit
fi

json=$root/results/figures.json
status=0
# The variants are those that are fastest here, as they are where somebody trains.
build_target descent >&2
shapes=()
for shape in 1000000x100 200000x784 3000000x28 2000x100 20000x100; do
    shapes+=("$shape" "$shape"x64 "$shape"@float32 "$shape"@bfloat16 "$shape"@int8)
done
for models in 3 4 8 16; do
    shapes+=(1000000x100x"$models")
done
"$root/build/descent" tune "${shapes[@]}" >&2
"$root/bench/bench.sh" \
    --benchmark_filter='^gd_epoch/[^/]+/n:[0-9]+/d:[0-9]+/k:(1|3|4|8|16|64)/|^sgd_epoch/' \
    --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true \
    --benchmark_display_aggregates_only=true --benchmark_out="$json" "$@" >&2 || status=$?
jq -r -f "$root/bench/figures/figures.jq" "$json"
exit "$status"
