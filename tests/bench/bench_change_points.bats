#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/change_points.sh, with few levels. No rate and no time is judged: only whether every row is
# there.

load ../helpers/compilers

setup()
{
    # Change points do not depend on the compiler.
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
}

@test "every kind of noise has its rows" {
    cmake --build "$BUILD" --target change_points >/dev/null
    run "$BUILD/bench/change_points" --levels 2
    printf '%s\n' "$output"
    [ "$(grep -cE '^\| [^|]* \| (50|1000) \| [0-9]+ in 2000 runs \| [0-9.]+ \| (holds|MISSED) \|$' <<<"$output")" -eq 6 ]
    [ "$(grep -cE '^\| [^|]* \| [0-9.]+ % \| [0-9]+ \|( [0-9.]+ % \|){4}$' <<<"$output")" -eq 36 ]
    [[ "$output" == *'10000 runs with 19 steps of 3 %, judged after each: '* ]]
}

@test "options that are none" {
    for options in --levels '--levels 0' '--levels many' '--rate 1' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/figures/change_points.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "change_points.sh: "* ]]
    done
}
