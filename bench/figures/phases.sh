#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Can the phases of a profile be trusted? What their timers cost, whether they add up, and whether
# they declare the work that an epoch takes: phases.c says how. The table has a bar for each.
#
#   bench/figures/phases.sh [ROUNDS]    half a minute on an idle machine (41 rounds); prints Markdown
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
rounds=${1:-41}
case $rounds in
*[!0-9]* | '') echo "phases.sh: '$rounds' is no number of rounds" >&2 && exit 2 ;;
esac

unset OMP_NUM_THREADS
build=$root/build
[ -e "$build/CMakeCache.txt" ] || build_preset release -DDESCENT_TESTS=OFF -- --target descent >&2
cmake --build "$build" --target descent phases >&2
"$build/descent" --version | head -1
awk -F ': ' '/^model name/ { print "processor " $2; exit }' /proc/cpuinfo
printf '\n'
"$build/bench/phases" --rounds "$rounds"
