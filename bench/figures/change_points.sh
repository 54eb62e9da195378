#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Do change points of histories (docs/history.md) keep what they promise? Series are drawn whose true
# changes are known, with noise of several kinds; change_points.c says how.
#
#   bench/figures/change_points.sh [OPTION...]     half a minute; see --help. Writes
#                                       results/change-points.md
#
# shellcheck disable=SC2016,SC2034 # backquotes are Markdown's; `load` and `python` are for machine()
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

unset OMP_NUM_THREADS
command_line="bench/figures/change_points.sh${*:+$(printf ' %q' "$@")}"
levels=1000 output=$root/results/change-points.md build='' may_add=yes
python='' # no other program takes part, so machine() has none to ask

usage()
{
    cat <<'USAGE'
bench/figures/change_points.sh: find changes in series whose true changes are known

  --levels N           of each kind (1000); a few to see whether it works
  --output FILE        the table (results/change-points.md)
  --build DIR          a configured build folder to take the programs from (made: build)
  --no-install         install nothing
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --levels) set_number "$1" "$2" "$count" ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
[ -z "$may_add" ] || [ -n "$build" ] || install_packages "$packages_to_build"
build_programs descent change_points

# The table takes the place of an older one only when it is complete.
part=$(mktemp "${TMPDIR:-/tmp}/descent-change-points.XXXXXX")
trap 'rm -f "$part"' EXIT
status=0
{
    print_heading 'Do change points keep what they promise?' figures/change_points.sh machine_alone
    "$build/bench/change_points" --levels "$levels"
} >"$part" || status=$?
cat "$part"
[ "$status" -eq 0 ] || exit "$status"
echo
write_table "$part"
