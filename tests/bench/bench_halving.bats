#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/halving.sh --quick: a line for the data, and one for each lambda. No time is judged.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    command -v jq >/dev/null || skip 'jq is not installed'
    command -v sqlite3 >/dev/null || skip 'sqlite3 is not installed'
    cd "$BATS_TEST_TMPDIR"
}

@test "a table of times with a verdict, and one of gaps" {
    "$SOURCE/bench/figures/halving.sh" --quick "$DESCENT" >table.md
    cat table.md
    grep -qE '^\| blobs \| [0-9.e-]+ s \| [0-9.e-]+ s \| [0-9.]+ \| [0-9.]+ % \| [0-9.e-]+ % \| [0-9]+ \| [0-4] of 4 \| (holds|MISSED) \|$' table.md
    [ "$(grep -cE '^\| blobs \| (1e-06|1e-05|0.0001|0.001) \| [0-9.]+( \| [0-9.e-]+ %){3} \|$' table.md)" -eq 4 ]
}

@test "a program that is not there" {
    run "$SOURCE/bench/figures/halving.sh" --quick "$BATS_TEST_TMPDIR/none"
    [ "$status" -ne 0 ]
    [[ "$output" != *'|'* ]]
}
