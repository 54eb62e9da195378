#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/programs.sh --quick: a line for each set, with a bar and a verdict. No time is judged.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    command -v jq >/dev/null || skip 'jq is not installed'
    cd "$BATS_TEST_TMPDIR"
}

@test "a line for each set, with what a worker costs and a verdict" {
    "$SOURCE/bench/figures/programs.sh" --quick "$DESCENT" >table.md
    cat table.md
    [ "$(grep -cE '^\| blobs:[^|]* (\| [0-9.e-]+ ms ){4}\| (0\.2 ms|1 %) \| [0-9.-]+ % \| [0-9.e-]+ ms \| [0-9.]+ MiB \| ([0-9.]+ MiB|not told) \| (holds|MISSED) \|$' table.md)" -eq 2 ]
}

@test "a program that is not there" {
    run "$SOURCE/bench/figures/programs.sh" --quick "$BATS_TEST_TMPDIR/none"
    [ "$status" -ne 0 ]
    [[ "$output" != *'|'* ]]
}
