#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/figures/separation.sh, with two comparisons of each kind. No verdict is judged: only whether every row
# has one, and that the two sides of a row ended with the same bits.

load ../helpers/compilers

setup()
{
    # Verdicts do not depend on the compiler.
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
}

@test "every row has a share, a bar and a result" {
    run "$SOURCE/bench/figures/separation.sh" --comparisons 2 --no-install --build "$BUILD" --output 'a folder/out.md'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(ls 'a folder')" = out.md ]
    run cat 'a folder/out.md'
    [[ "$output" == '# Can verdicts be trusted?'* ]]
    [[ "$output" == *'bench/figures/separation.sh --comparisons 2 '* ]]
    [[ "$output" == *'
processor '* ]]

    number='[0-9]+\.[0-9]+' rows=4
    [ "$(nproc)" -eq 1 ] || rows=6
    [ "$(grep -c '^| A against A' 'a folder/out.md')" -eq "$rows" ]
    ends="\| [012] of 2 \| $number % \| 9[05] % \| $number \($number\.\.$number\) \| (holds|MISSED) \|\$"
    [ "$(grep -cE "^\| A against A \| s?gd \| [0-9]+ \| not separated $ends" 'a folder/out.md')" -eq "$((rows / 2))" ]
    [ "$(grep -cE "^\| A against A slowed by 10 % \| s?gd \| [0-9]+ \| A is first $ends" 'a folder/out.md')" -eq "$((rows / 2))" ]
}

@test "options that are none" {
    for options in --comparisons '--comparisons 0' '--comparisons many' '--rate 1' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/figures/separation.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "separation.sh: "* ]]
    done
}

@test "the program refuses what it does not know" {
    cmake --build "$BUILD" --target separation >/dev/null
    for options in --comparisons '--comparisons 0' '--comparisons 1e9' '--comparisons many' '--rate 1' many; do
        # shellcheck disable=SC2086 # an option and its value
        run "$BUILD/bench/separation" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "separation: "* ]]
    done
}
