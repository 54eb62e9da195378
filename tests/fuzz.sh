#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Feeds the readers of data files with what libFuzzer invents, under the sanitizers, all at once.
# Starts from tests/corpus/; what it finds on its way stays in build-fuzz/, and so does the input
# that breaks a reader, which belongs into tests/corpus/ once that is mended.
#
# The same inputs every time, from one seed, and as many as a minute has on a slow machine, so that a
# change is blamed for what it broke and not for its luck; for a longer hunt change both below.
#
#   tests/fuzz.sh [SECONDS]     at most so long, by default 60
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../bench/prepare.sh"

seconds=${1:-60}
formats=(csv libsvm npy)

install_packages "$packages_to_build" "$packages_to_test" "$packages_for_clang"
build_preset fuzz -DDESCENT_TESTS=ON -- --target "${formats[@]/#/fuzz_}"
cd "$root/build-fuzz"

processes=()
for format in "${formats[@]}"; do
    mkdir -p "corpus/$format"
    "tests/fuzz_$format" -seed=1 -runs=150000 -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
        -close_fd_mask=1 -artifact_prefix="corpus/$format-" -print_final_stats=1 \
        "corpus/$format" "$root/tests/corpus/$format" >"fuzz_$format.log" 2>&1 &
    processes+=($!)
done
failed=()
for i in "${!formats[@]}"; do
    wait "${processes[i]}" || failed+=("${formats[i]}")
    sed -n 's/^stat::number_of_executed_units: */'"${formats[i]}"': inputs tried: /p' \
        "fuzz_${formats[i]}.log"
done
for format in "${failed[@]}"; do
    printf '\nfuzz_%s failed:\n' "$format"
    tail -n 40 "fuzz_$format.log"
done
[ ${#failed[@]} -eq 0 ]
