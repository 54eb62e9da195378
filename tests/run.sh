#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Installs what is missing, builds, and runs tests through ctest: every one, or those that options
# for ctest choose.
#
#   tests/run.sh [--preset NAME] [--target TARGET] [OPTION-FOR-CTEST...]
#
# Presets are those of CMakePresets.json: release (without --preset), debug, clang, asan, tsan.
# TARGET is all that is built, where not all tests are run.
# For example: tests/run.sh --preset asan -R store
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../bench/prepare.sh"

preset=release
build=()
while [ $# -ge 2 ]; do
    case $1 in
    --preset) preset=$2 ;;
    --target) build=(-- --target "$2") ;;
    *) break ;;
    esac
    shift 2
done

tables=("$packages_to_build" "$packages_to_test")
case $preset in
clang | asan | tsan) tables+=("$packages_for_clang") ;;
esac
install_packages "${tables[@]}"
build_preset "$preset" -DDESCENT_TESTS=ON "${build[@]}"

cd "$root"
# One more than there are processors, for some wait for others to come or go.
ctest --preset "$preset" --parallel $(($(nproc) + 1)) "$@"
