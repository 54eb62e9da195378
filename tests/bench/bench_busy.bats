#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/busy.sh, with one sweep on the busy machine. No verdict is judged: only whether there is a
# table, and that the program that took a processor is gone.

load ../helpers/compilers

setup()
{
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
}

@test "there is a table, and the count of contradictions" {
    run "$SOURCE/bench/figures/busy.sh" --sweeps 1 --no-install --build "$BUILD" --output 'a folder/out.md'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(ls 'a folder')" = out.md ]
    grep -qF '| data | gap | faster on the idle machine | the same |' 'a folder/out.md'
    grep -qE '^Verdicts that contradict the idle machine: [0-9]+ ' 'a folder/out.md'
}

@test "options that are none" {
    for options in --sweeps '--sweeps 0' '--sweeps many' '--rate 1' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/figures/busy.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "busy.sh: "* ]]
    done
}
