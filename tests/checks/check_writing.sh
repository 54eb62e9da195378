#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What has one home each, because a result that is not checked is a file that is cut: who writes
# files, composes texts in memory, and turns JSON values into text.
#
#   tests/checks/check_writing.sh [ROOT]     by default this repository
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

mapfile -t files < <(find src -name '*.[ch]' | sort)
awk '
function only(pattern, homes, instead,    line)
{
    line = $0
    sub(/\/\*.*/, "", line)
    if (line ~ /^ \*/ || line !~ pattern || index(" " homes " ", " " FILENAME " ") > 0)
        return
    printf "%s:%d: %s\n    rule: %s\n", FILENAME, FNR, $0, instead
    failures++
}

{
    only("[^a-z_]open_memstream *\\(", "", "compose texts with base/memory_stream.h")
    only("[^a-z_]fopencookie *\\(", "src/base/memory_stream.c src/base/system/terminal_guard.c",
         "compose texts with base/memory_stream.h")
    only("[^a-z_]json_dump[a-z_]* *\\(", "src/base/json_text.c", "write JSON with base/json_text.h")
    only("json_value_write *\\( *stdout", "", "end the line: json_value_print()")
    only("[^a-z_]json_(object|array)_(set|append)_new *\\(", "src/store/json_value.c src/measure/machine/machine_record.c src/measure/machine/machine_facts.c",
         "build JSON with store/json_value.h")
    only("[^a-z_](fopen|fdopen|freopen) *\\([^)]*\"[wa]", "src/base/system/output.c", "write files with base/system/output.h")
    only("[^a-z_](mkstemp|rename|renameat2|link) *\\(", "src/base/system/output.c src/base/output_guard.c",
         "write files with base/system/output.h")
}

END {
    if (failures > 0)
        exit 1
    printf "%d files write through what checks it\n", ARGC - 1
}
' "${files[@]}"
