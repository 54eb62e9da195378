#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/placement.sh --quick: each placement of each sweep has a prediction, a measured time, and the
# verdict that fits the two. No time is judged.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    command -v jq >/dev/null || skip 'jq is not installed'
    cd "$BATS_TEST_TMPDIR"
}

@test "every placement has its verdict, and every sweep its choice" {
    "$SOURCE/bench/figures/placement.sh" --quick "$DESCENT" >table.md
    cat table.md
    awk -F ' *[|] *' '
    /^\| (schedules|small|mixed) / {
        rows[$2]++
        chosen[$2] += $9 ~ /, chosen$/
        wrong += $6 !~ /^[0-9.e-]+ s$/ || $7 !~ /^[0-9.e-]+ s$/ || $9 !~ /^(holds|MISSED)(, chosen)?$/
    }
    /^- (schedules|small|mixed): the choice took [0-9.]+ times .*: (holds|MISSED)$/ { choices++ }
    END {
        for (name in rows)
            wrong += rows[name] < 2 || chosen[name] != 1
        exit length(rows) != 3 || choices != 3 || wrong > 0
    }' table.md
    grep -q '^- predictions within 20 %: ' table.md
}

@test "a program that is not there" {
    run "$SOURCE/bench/figures/placement.sh" --quick "$BATS_TEST_TMPDIR/none"
    [ "$status" -ne 0 ]
    [[ "$output" != *'|'* ]]
}
