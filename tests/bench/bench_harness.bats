#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/harness.sh: its table has a share, a bar and a verdict that fits them in each row. No time is
# judged.

setup()
{
    command -v jq >/dev/null || skip 'jq is not installed'
    cd "$BATS_TEST_TMPDIR"
}

@test "every solver has its share, and the verdict is that of the bar" {
    "$SOURCE/bench/figures/harness.sh" "$DESCENT" >table.md
    cat table.md
    [ "$(grep -c '^|' table.md)" -eq 8 ]
    for solver in gd gd-nesterov minibatch sgd saga; do
        grep -q "^| blobs:[^|]* | $solver | [12]00 | " table.md
    done
    grep -q '^| pets | gd | 2000 | ' table.md
    [ "$(grep -c '| null |' table.md)" -eq 0 ]
    awk -F ' *[|] *' '
    /^\| (blobs|pets)/ {
        rows++
        wrong += $5 !~ /^[0-9.]+ µs$/ || $6 !~ /^[0-9.]+ µs$/ || $7 !~ /^[0-9.]+ %$/ || $8 != "1 %"
        wrong += $9 != ($7 + 0 <= 1 ? "holds" : "MISSED")
        wrong += $10 !~ /^[0-9.]+ µs$/ || $11 !~ /^[0-9.]+ µs$/
    }
    END { exit rows != 6 || wrong > 0 }' table.md
}

@test "a program that is not there" {
    run "$SOURCE/bench/figures/harness.sh" "$BATS_TEST_TMPDIR/none"
    [ "$status" -ne 0 ]
    [[ "$output" != *'|'* ]]
}
