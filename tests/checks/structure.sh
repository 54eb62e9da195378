#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The structure of src/ in numbers: files per folder, arrows between folders, circles of folders and of
# files (a header and its source are one), lengths of functions, lines. To be looked at before and
# after a wall is moved.
#
#   tests/checks/structure.sh [ROOT]     by default this repository
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

mapfile -t files < <(find src -name '*.[ch]' | sort)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Who includes whom: modules, and the folders that they are in.
awk -v modules="$folder/modules" -v folders="$folder/folders" '
FNR == 1 { me = FILENAME; sub(/^src\//, "", me); sub(/\.[ch]$/, "", me) }
/^#include "/ {
    target = $2
    gsub(/"/, "", target)
    if (target == "build_facts.h")
        next
    sub(/\.h$/, "", target)
    from = me; to = target
    if (from != to) print from, to > modules
    sub(/\/[^\/]*$/, "", from); sub(/\/[^\/]*$/, "", to)
    if (from != to) print from, to > folders
}' "${files[@]}"

circles() # PAIRS: how many circles tsort has to open
{
    sort -u "$1" | tsort 2>&1 >/dev/null | grep -c 'loop' || true
}

printf 'files per folder:\n'
printf '%s\n' "${files[@]}" | sed 's#/[^/]*$##' | sort | uniq -c | sort -rn
printf 'arrows between folders: %d\n' "$(sort -u "$folder/folders" | wc -l)"
printf 'circles of folders: %d\n' "$(circles "$folder/folders")"
printf 'circles of files: %d\n' "$(circles "$folder/modules")"
awk '/^\{$/ { start = FNR } /^\}/ && start > 0 { print FNR - start + 1; start = 0 }' "${files[@]}" | sort -n |
    awk '{ length_of[NR] = $1 } END { printf "functions: %d, median %d lines, 90 %% at most %d, longest %d\n",
        NR, length_of[int((NR + 1) / 2)], length_of[int(0.9 * NR)], length_of[NR] }'
printf 'lines of src/: %d\n' "$(cat "${files[@]}" | wc -l)"
