#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/growth.sh with few trials: growth.sql writes the tables that there are, and each command
# that reads a store can read every shape. No time is judged.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    command -v sqlite3 >/dev/null || skip 'sqlite3 is not installed'
}

@test "every shape of store is made and read by every command" {
    "$SOURCE/bench/figures/growth.sh" "$DESCENT" 20 >"$BATS_TEST_TMPDIR/table.md"
    cat "$BATS_TEST_TMPDIR/table.md"
    awk -F ' *[|] *' '
    NF > 3 && $2 !~ /^(shape|-+)$/ {
        shapes[$2]++
        wrong += $4 !~ /^[0-9.]+ s(, [0-9]+ MB)?$/
    }
    END {
        for (shape in shapes)
            wrong += shapes[shape] < 4
        exit length(shapes) != 8 || wrong > 0
    }' "$BATS_TEST_TMPDIR/table.md"
}
