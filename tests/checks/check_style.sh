#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What no compiler checks: one SPDX line in each source and script, and no blanks at the ends of
# lines. The longest files and functions are told, for advice: a limit would cut them by length and
# not by subject. A function is what stands between a "{" and a "}" that have a line and the first
# column to themselves; check_format.sh makes sure that every function looks so.
#
#   tests/checks/check_style.sh [ROOT]     by default this repository
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

mapfile -t files < <(find src tests bench .ci -type f \
    \( -name '*.[ch]' -o -name '*.js' -o -name '*.css' -o -name '*.cc' -o -name '*.jq' -o -name '*.sh' -o -name '*.bash' \
    -o -name '*.bats' -o -path .ci/run \) | sort)
awk '
function end_file()
{
    if (file == "")
        return
    if (licenses != 1)
        wrong(file ":1", licenses + 0 " lines with SPDX-License-Identifier, expected one")
    if (lines > longest_file) {
        longest_file = lines
        longest_file_name = file
    }
}

function wrong(place, what)
{
    printf "%s: %s\n", place, what
    failures++
}

FNR == 1 {
    end_file()
    file = FILENAME
    licenses = start = 0
    source = file ~ /\.[ch]$/
}
{ lines = FNR }
# gcc 12.2.0 drops the calls of a function that only prefetches, where it has not inlined it (findings/gcc-prefetch.sh).
source && /^static .*[ *]prefetch[a-z_]*\(/ {
    wrong(file ":" FNR, "a function that prefetches is INLINED, or gcc 12 drops its calls")
}
FNR <= 5 && /SPDX-License-Identifier: MIT/ { licenses++ }
/[ \t]$/ { wrong(file ":" FNR, "blanks at the end of the line") }
# In a script of the page, what stands so is the block that keeps its names to itself.
/^\{$/ && FILENAME !~ /\.js$/ { start = FNR }
/^\}/ && start > 0 {
    if (source && FNR - start + 1 > longest) {
        longest = FNR - start + 1
        longest_place = file ":" start
    }
    if (source)
        functions++
    start = 0
}
END {
    end_file()
    if (failures > 0)
        exit 1
    printf "%d files, the longest of %d lines (%s); ", ARGC - 1, longest_file, longest_file_name
    printf "%d functions in C, the longest of %d lines (%s)\n", functions, longest, longest_place
}
' "${files[@]}"
