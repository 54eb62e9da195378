#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# One public name, one meaning: a tag or function that a header of src/ gives away is defined by no
# other file.
#
#   tests/checks/check_names.sh [ROOT]     by default this repository
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

mapfile -t files < <(find src -name '*.[ch]' ! -name 'ranks_none.c' ! -name 'counter_source_none.c' | sort)
awk '
function define(name,    header) { header = FILENAME ~ /\.h$/; places[name] = places[name] " " FILENAME; public[name] += header; count[name]++ }
/^(struct|enum|union) [a-z_0-9]+ \{/ { define($2) }
/^static [a-z][^;=(]*[ *][a-z_0-9]+\(/ && FILENAME ~ /\.c$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name); define(name "()") }
/^[a-z][a-z_0-9 ]*[ *][a-z_0-9]+\(/ && !/^static/ && FILENAME ~ /\.h$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name); define(name "()") }
END {
    for (name in count)
        if (count[name] > 1 && public[name] > 0) { printf "%s is defined by%s\n", name, places[name]; failures++ }
    if (failures > 0) exit 1
    printf "every public name has one meaning\n"
}' "${files[@]}"
