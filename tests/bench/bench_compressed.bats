#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/compressed.sh: a row for each format and program, with a share and the verdict that
# fits it. No time is judged.

@test "every program has its rows, and the verdict is that of the bar" {
    cd "$BATS_TEST_TMPDIR"
    COMPRESSED_REPEATS=1 "$SOURCE/bench/figures/compressed.sh" "$DESCENT" 300 2 >table.md
    cat table.md
    [ "$(grep -c '^| plain\.' table.md)" -eq 10 ]
    awk -F ' *[|] *' '/^\| plain/ {
        wrong += $5 !~ /^[0-9.]+ s$/ || $6 !~ /^[0-9.]+ s$/ || $7 !~ /^[0-9.]+ s$/
        wrong += $12 != ($10 + 0 >= 80 ? "met" : "MISSED")
    }
    END { exit wrong > 0 }' table.md
}
