#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/waiting.sh --quick: both ways of waiting stand in both tables, and the other sweep is gone. No
# time is judged.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
}

@test "both ways of waiting, beside another sweep and alone" {
    run "$SOURCE/bench/figures/waiting.sh" --quick --no-install --build "$BUILD" --output 'a folder/out.md'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(ls 'a folder')" = out.md ]
    for policy in active passive; do
        [ "$(grep -cE "^\| +1e-06 \| OMP_WAIT_POLICY=$policy " 'a folder/out.md')" -eq 2 ]
    done
    sed -n '/^## Beside/,/^## Alone/p' 'a folder/out.md' >beside.md
    [ "$(grep -c 'quiet' beside.md)" -eq 0 ] # no round was left out
}

@test "options that are none" {
    for options in --rounds '--rounds 0' '--rate 1' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/figures/waiting.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "waiting.sh: "* ]]
    done
}
