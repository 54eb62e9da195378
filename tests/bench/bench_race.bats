#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/race.sh, with one short race of each kind. No verdict is judged: only whether there is a
# table of all kinds, and that the program that took a processor is gone.

load ../helpers/compilers

setup()
{
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
}

@test "there is a table of every kind of race" {
    run "$SOURCE/bench/figures/race.sh" --races 1 --turns 1 --rounds 1 --no-install --build "$BUILD" --output 'a folder/out.md'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(ls 'a folder')" = out.md ]
    [ "$(grep -cE '^\| (the same (command|training), (idle|beside a load)|[25] % slower) \| 1 \| ' 'a folder/out.md')" -eq 6 ]
}
