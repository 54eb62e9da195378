#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Installs what is missing, builds descent_bench into build/ and runs it with the given options.
#
#   bench/bench.sh --benchmark_filter='^gd_epoch/fused/'
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

# Not to stdout: that may be JSON.
install_packages "$packages_to_build" "$packages_to_benchmark" >&2
build_target descent_bench >&2
exec "$root/build/bench/descent_bench" "$@"
