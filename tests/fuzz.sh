#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Feeds the readers of data files with what libFuzzer invents, under the sanitizers, all at once.
# Starts from tests/fuzz/corpus/; what it finds on its way stays in build-asan/, and so does the input
# that breaks a reader, which belongs into tests/fuzz/corpus/ once that is mended.
#
# The same inputs every time, from one seed and as many of each format, however fast the machine, so
# that a change is blamed for what it broke and not for its luck. A longer hunt takes another seed.
#
#   tests/fuzz.sh [INPUTS [SEED]]     by default 20000 and 1
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../bench/prepare.sh"

inputs=${1:-20000}
seed=${2:-1}
formats=("$root"/tests/fuzz/fuzz_*.c)
formats=("${formats[@]##*/fuzz_}")
formats=("${formats[@]%.c}")

install_packages "$packages_to_build" "$packages_to_test" "$packages_for_clang"
build_preset asan -DDESCENT_TESTS=ON -- --target "${formats[@]/#/fuzz_}"
cd "$root/build-asan"

# A frame of zstd may ask for a window of 2 GiB, of which nothing is touched that is not unpacked to.
# Mutations take values that were compared, and among them are addresses: the same ones every time.
same_addresses=(setarch -R)
"${same_addresses[@]}" true 2>/dev/null || same_addresses=()
processes=()
for format in "${formats[@]}"; do
    rm -rf "corpus/$format" # a seed begins from what is known to all
    mkdir -p "corpus/$format"
    "${same_addresses[@]}" "tests/fuzz_$format" -seed="$seed" -runs="$inputs" -reload=0 \
        -max_len=1024 -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=2560 -close_fd_mask=1 \
        -artifact_prefix="corpus/$format-" -print_final_stats=1 \
        "corpus/$format" "$root/tests/fuzz/corpus/$format" >"fuzz_$format.log" 2>&1 &
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
