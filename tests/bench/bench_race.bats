#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/race.sh, with one short race of each kind. No time is judged: only whether there is a table of
# all kinds, and what is said of faults that no time decides about.

load ../helpers/compilers

setup()
{
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
}

race() # OPTION...
{
    run "$SOURCE/bench/figures/race.sh" --races 1 --turns 1 --rounds 1 --no-install --build "$BUILD" --output 'a folder/out.md' "$@"
    printf '%s\n' "$output"
}

@test "a table of every kind of race, and another of faults" {
    race --parts known,planted
    [ "$status" -eq 0 ]
    [ "$(ls 'a folder')" = out.md ]
    [ "$(grep -cE '^\| the same (command|training), (idle|beside a load) \| 1 \| |^\| [25] % slower \| 1 \| ' 'a folder/out.md')" -eq 6 ]
    [ "$(grep -cE '^\| (a|other) [a-z ,0-9]+ \| [012] \| [^ ]' 'a folder/out.md')" -eq 4 ]
    grep -E '^\| a crash in round 3 \| 2 \| race: B failed in round 3: it .*; its last words: planted: this is where it crashes; there is no verdict' 'a folder/out.md'
}

@test "a part that there is not" {
    race --parts known,luck
    [ "$status" -eq 2 ]
    [[ "$output" == "race.sh: there is no part 'luck'; see --help"* ]]
}
