#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/phases.sh and bench/figures/scaling.sh from end to end, with as few rounds as there can be. No time is
# judged: only that there are numbers, and that declared work is what an epoch takes.

load ../helpers/ceilings
load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    cd "$BATS_TEST_TMPDIR" || return
}

@test "what timers cost: a row for each workload, with the work that an epoch takes" {
    cmake --build "$BUILD" --target phases >build.txt 2>&1
    run "$BUILD/bench/phases" --quick
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c '^| blobs:' <<<"$output")" -eq 10 ]
    [ "$(grep -c '| equal |$' <<<"$output")" -eq 10 ]
    [ "$(grep -c 'nan' <<<"$output")" -eq 0 ]
    for words in '--rounds 0' '--rounds x' '--other 1' 'x'; do
        # shellcheck disable=SC2086 # words of a command line
        run "$BUILD/bench/phases" $words
        [ "$status" -eq 2 ]
        [[ "$output" == 'phases: usage:'* ]]
    done
    run "$SOURCE/bench/figures/phases.sh" many
    [ "$status" -eq 2 ]
}

@test "four ways of using threads: a row for each number of them" {
    command -v jq >/dev/null || skip 'jq is not installed'
    DESCENT_QUICK=yes run "$SOURCE/bench/figures/scaling.sh" "$DESCENT"
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    for way in 'batched gd | batched | 64' 'fused gd | fused | 1' 'hogwild' 'sgd over models | gram | 64'; do
        grep -q "^| $way .*| 1 | " <<<"$output"
    done
}
