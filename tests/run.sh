#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Installs what is missing, builds, and runs every test through ctest.
#
#   tests/run.sh [--preset NAME] [OPTION-FOR-CTEST...]
#
# Presets are those of CMakePresets.json: release (without --preset), debug, clang, asan, tsan.
# For example: tests/run.sh --preset asan -R store
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../bench/prepare.sh"

preset=release
if [ "${1:-}" = --preset ] && [ $# -ge 2 ]; then
    preset=$2
    shift 2
fi

tables=("$packages_to_build" "$packages_to_test")
case $preset in
clang | tsan) tables+=("$packages_for_clang") ;;
esac
install_packages "${tables[@]}"
build_preset "$preset" -DDESCENT_TESTS=ON

cd "$root"
# One more than there are processors, for some wait for others to come or go.
ctest --preset "$preset" --parallel $(($(nproc) + 1)) "$@"
