#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/peers/ceilings.sh, from end to end on small working sets and with what is installed here, and its
# tables from rows made by hand. No rate is judged: only whether each row has a verdict that fits its
# ratio.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    cd "$BATS_TEST_TMPDIR"
    command -v jq >/dev/null || skip 'jq is not installed'
}

ceilings() # OPTION...
{
    run "$SOURCE/bench/peers/ceilings.sh" --quick --no-install --build "$BUILD" --output 'a folder/out.md' "$@"
    printf '%s\n' "$output"
}

# A likwid-bench that comes before any that is installed.
fake_likwid() # COMMAND-OF-THE-SHELL
{
    mkdir -p bin
    printf '#!/bin/sh\n%s\n' "$1" >bin/likwid-bench
    chmod +x bin/likwid-bench
    PATH=$PWD/bin:$PATH
}

# Every row of the tables of reads and of GEMM has ratio and verdict, or says why it was skipped.
check_rows() # NUMBER-OF-ROWS
{
    awk -F ' *[|] *' -v expected="$1" '
    /^\| [0-9]/ && NF >= 8 {
        rows++
        verdict = $(NF - 1)
        if (verdict ~ /^skipped: likwid-bench /)
            next
        number = "[0-9]+[.][0-9]+"
        if ($(NF - 2) !~ "^" number " \\(" number "[.][.]" number "\\)$")
            wrong++
        distance = $(NF - 2) + 0 < 1 ? 1 - $(NF - 2) : $(NF - 2) - 1
        if (distance > 0.0995 && distance < 0.1005)
            wrong += verdict !~ /^(holds|MISSED)$/ # the ratio is rounded
        else
            wrong += verdict != (distance < 0.1 ? "holds" : "MISSED")
    }
    END { printf "%d rows, %d wrong\n", rows, wrong; exit rows != expected || wrong > 0 }' 'a folder/out.md'
}

table()
{
    jq -s -r -L "$SOURCE/bench/peers" -f "$SOURCE/bench/peers/ceilings.jq" "$@"
}

read_row() # ROUND WHO RATE
{
    printf '{"round": %d, "what": "read", "threads": 2, "bytes": 65536, "who": "%s", "rate": %s, "cache_level": 1}\n' "$@"
}

@test "with what is installed, each row has a verdict or says what is missing" {
    ceilings --threads 1
    [ "$status" -eq 0 ]
    check_rows 11 # three programs at three sizes, and two of GEMM
    [ "$(ls 'a folder')" = "$(printf '%s\n' out.json out.md)" ]
    grep -q '^bench/peers/ceilings.sh --quick --no-install ' 'a folder/out.md'
    grep -q '^| 1 | 16 KiB | ' 'a folder/out.md'
    grep -q 'is larger because of --largest\.$' 'a folder/out.md'
    [ "$(jq '[.rows[] | select(.who == "ours")] | length' 'a folder/out.json')" -eq 7 ]
}

@test "two threads, and a likwid-bench that does not run" {
    fake_likwid 'echo "ERROR: no | access"; exit 1'
    ceilings --threads 2
    [ "$status" -eq 0 ]
    grep -qF 'skipped: likwid-bench does not run here: ERROR: no / access |' 'a folder/out.md'
    check_rows 8
}

@test "what likwid-bench prints is read, and how it is called" {
    fake_likwid "echo \"\$@\" >>'$PWD/calls'; echo 'MByte/s:		1000.5'"
    ceilings --threads 1
    [ "$status" -eq 0 ]
    [ "$(jq '[.rows[] | select(.who | startswith("likwid-bench")).rate] | unique[]' 'a folder/out.json')" = 1000500000 ]
    [ "$(wc -l <calls)" -eq 6 ]
    grep -qE '^-t load_[a-z0-9]+ -i [0-9]+ -W N:16kB:1' calls
}

@test "the ratio is the median of those within a round, and a tenth is the bar" {
    {
        read_row 1 ours 2e10 && read_row 2 ours 4e10 && read_row 3 ours 6e10
        read_row 1 near 2e10 && read_row 2 near 4.4e10 && read_row 3 near 1e10
        read_row 1 far 1e10 && read_row 2 far 1e10 && read_row 3 far 1e10
    } >rows
    run table rows
    printf '%s\n' "$output"
    ours='| 2 | 64 KiB | L1 | 40.00 (20.00..60.00)'
    [[ $output == *"$ours | near | 20.00 (10.00..44.00) | 1.000 (0.909..6.000) | holds |"* ]]
    [[ $output == *"$ours | far | 10.00 (10.00..10.00) | 4.000 (2.000..6.000) | MISSED |"* ]]
}

@test "the bar from both sides" {
    read_row 1 ours 1e10 >rows
    { read_row 1 a 0.92e10 && read_row 1 b 0.9e10 && read_row 1 c 1.1e10 && read_row 1 d 1.2e10; } >>rows
    verdicts=$(table rows | awk -F ' *[|] *' '/^\| 2 / { printf "%s:%s ", $6, $9 }')
    [ "$verdicts" = 'a:holds b:MISSED c:holds d:MISSED ' ]
}

@test "what was skipped in one round, or has no partner, has no verdict" {
    read_row 1 ours 1e10 >rows
    read_row 2 alone 1e10 >>rows
    printf '%s\n' '{"round": 1, "what": "read", "threads": 2, "bytes": 65536, "who": "gone", "skipped": "gone is not installed"}' >>rows
    run table rows
    [[ $output == *'| alone |  | | FAILED: no round has both |'* ]]
    [[ $output == *'| gone |  | | skipped: gone is not installed |'* ]]
    [[ $output != *holds* && $output != *MISSED* ]]
}

@test "options that are none" {
    for options in --threads '--threads 0' '--threads 1,' '--rounds 0' '--seconds -1' '--rate 1' '--output t.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/peers/ceilings.sh" $options
        [ "$status" -eq 2 ]
        [[ $output == 'ceilings.sh: '* ]]
    done
}

@test "the programs refuse what they do not know" {
    cmake --build "$BUILD" --target ceilings_print plain_read plain_gemm >/dev/null
    for options in --threads '--threads 0' '--seconds nan' '--largest 0' '--rate 1' many; do
        # shellcheck disable=SC2086 # an option and its value
        run "$BUILD/bench/ceilings_print" $options
        [ "$status" -eq 2 ]
        [[ $output == 'ceilings_print: '* ]]
    done
    run "$BUILD/bench/plain_read" 1
    [ "$status" -eq 2 ]
    run "$BUILD/bench/plain_gemm" both 1 0 10
    [ "$status" -eq 2 ]
}
