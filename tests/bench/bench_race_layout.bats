#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The part `layout` of bench/figures/race.sh, which links descent three dozen times.

load ../helpers/compilers

@test "races of descent against itself, linked in another order" {
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
    run "$SOURCE/bench/figures/race.sh" --parts layout --races 1 --turns 1 --rounds 1 --no-install --build "$BUILD" --output out.md
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -cE '^\| (of the same objects in another order|the same, `--relink 12`) \| 1 \| ' out.md)" -eq 2 ]
}
