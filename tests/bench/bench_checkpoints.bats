#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/checkpoints.sh --quick: two lines for each trial, with a verdict that fits the cost. No time
# is judged.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    command -v jq >/dev/null || skip 'jq is not installed'
    command -v sqlite3 >/dev/null || skip 'sqlite3 is not installed'
    cd "$BATS_TEST_TMPDIR"
}

@test "every trial has its cost, and the verdict is that of the bar" {
    "$SOURCE/bench/figures/checkpoints.sh" --quick "$DESCENT" >table.md
    cat table.md
    awk -F ' *[|] *' '
    /^\| (gd|saga), / {
        rows++
        wrong += $5 !~ /^(1|60) s$/ || $6 !~ /^-?[0-9.]+ %$/ || $8 != "0.5 %"
        wrong += $9 != ($6 + 0 <= 0.5 ? "holds" : "MISSED")
    }
    END { exit rows != 6 || wrong > 0 }' table.md
}
