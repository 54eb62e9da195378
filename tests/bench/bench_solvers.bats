#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/peers/solvers.sh, from end to end on tiny data and with what is installed here, and its tables from
# rows made by hand. No time is judged: only whether one may be shown, and what is said of it.

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    command -v jq >/dev/null || skip 'jq is not installed'
    cd "$BATS_TEST_TMPDIR"
}

# Two of the five sets, made; the others are missing. Sanitizers want more memory than the part
# stream allows.
solvers() # [PARTS]
{
    local parts=gap,sgd,hogwild,stream
    ! is_sanitized || parts=gap,sgd,hogwild
    parts=${1:-$parts}
    mkdir 'some data'
    "$DESCENT" data convert blobs:rows=300,features=4,noise=0.2 'some data/a9a.libsvm'
    "$DESCENT" data blobs:rows=300,features=4,noise=0.2 --output 'some data/lightgbm_higgs7k.csv'
    run "$SOURCE/bench/peers/solvers.sh" --quick --parts "$parts" --no-install --build "$BUILD" \
        --data 'some data' --output 'a folder/out.md'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(ls 'a folder')" = "$(printf '%s\n' out-peers out.json out.md)" ]
}

# A PATH with everything that there is but these programs.
hide() # PROGRAM...
{
    local folder hidden=$BATS_TEST_TMPDIR/bin
    mkdir "$hidden"
    while read -r folder; do
        find -L "$folder/" -maxdepth 1 -type f -exec ln -s -t "$hidden" {} + 2>/dev/null || true
    done < <(tr : '\n' <<<"$PATH")
    for program in "$@"; do
        rm -f "$hidden/$program"
    done
    PATH=$hidden
}

# The tables of these rows of JSON.
tables() # ROW...
{
    printf '%s\n' "$@" | jq -s '{command: "so", made: "then", machine: "here", rounds: 3, rows: .}' >rows.json
    run "$SOURCE/bench/peers/solvers.sh" --of rows.json
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
}

@test "with what is installed, each part has numbers or says what is missing" {
    solvers
    grep -qE '^\| a9a.libsvm, lambda 0.01 +\| +1e-0[36] \| descent +\| (newton|newton-sampled|lbfgs|saga)' 'a folder/out.md'
    grep -qE '^\| lightgbm_higgs7k.csv[^|]*, lambda 0.0001 +\| +1e-0[36] \| descent +\|' 'a folder/out.md'
    grep -q '^#### All problems$' 'a folder/out.md'
    grep -q '^- w8a: skipped: w8a.libsvm is not there' 'a folder/out.md'
    grep -q '| plain-c ' 'a folder/out.md'
    grep -q '^| a9a | 300 | 4 | 1200 | 4.000 |' 'a folder/out.md'
    [ "$(grep -c '^| made-' 'a folder/out.md')" -eq 12 ]
    [ "$(grep -c '^| a9a | 1e-[234] |' 'a folder/out.md')" -ge 3 ]
    [ "$(grep -c FAILED 'a folder/out.md')" -eq 0 ]
}

@test "without Python the others are skipped by name" {
    hide python3
    solvers gap
    for program in sklearn-lbfgs liblinear-0; do
        grep -q "^- $program: skipped: " 'a folder/out.md'
    done
    grep -q '| plain-c ' 'a folder/out.md'
}

@test "options that are none" {
    for options in --rounds '--rounds 0' '--finals 0' '--parts gap,none' '--rate 1' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/peers/solvers.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "solvers.sh: "* ]]
    done
}

@test "the line of SGD is found, and what is off it" {
    sgd_row() # DATA FAMILY ENTRIES-A-ROW NANOSECONDS-A-SAMPLE
    {
        jq -nc --arg data "$1" --argjson family "$2" --argjson e "$3" --argjson sample "$4" '
            {part: "sgd", $data, $family, rows: 1000, entries: ($e * 1000),
             runs: [{status: "epochs", features: 1000, seconds: ($sample * 1e-6)}]}'
    }
    tables "$(sgd_row made-1000-5 true 5 30)" "$(sgd_row made-1000-10 true 10 40)" \
        "$(sgd_row made-1000-40 true 40 100)" "$(sgd_row real false 20 90)"
    [[ $output == *'| 1000 | 20.00 | 2.000 | 0.0 % | holds |'* ]]
    [[ $output == *'| real | 1000 | 1000 | 20000 | 20.00 | 90.00 | 4.500 | 90.00 | 50.0 % |'* ]]
    tables "$(sgd_row made-1000-5 true 5 30)" "$(sgd_row made-1000-10 true 10 80)" \
        "$(sgd_row made-1000-40 true 40 100)"
    [[ $output == *'% | MISSED |'* ]]
}

@test "hogwild: a round that does not arrive is endless, and both rivals have to be beaten" {
    hogwild_row() # SIDE RATE SECONDS
    {
        jq -nc --arg side "$1" --argjson rate "$2" --argjson seconds "$3" '
            {part: "hogwild", data: "set", $side, $rate, decay: 1, runs: ($seconds | map({"0.01": .}))}'
    }
    tables "$(hogwild_row 'sgd 1' 1 '[0.004, 0.004, 0.004]')" "$(hogwild_row 'hogwild 1' 1 '[0.006, 0.006, 0.006]')" \
        "$(hogwild_row 'hogwild 2' 1 '[0.001, null, null]')" "$(hogwild_row 'hogwild 2' 3 '[0.002, 0.002, null]')"
    [[ $output == *'| set | 1e-2 | 4.000 (1, 1) | 6.000 (1, 1) | 2.000 (3, 1) | 3.000 | 2.000 | two threads are faster |'* ]]
    tables "$(hogwild_row 'sgd 1' 1 '[0.001]')" "$(hogwild_row 'hogwild 1' 1 '[0.006]')" "$(hogwild_row 'hogwild 2' 1 '[0.002]')"
    [[ $output == *'| MISSED: one thread is faster |'* ]]
}

@test "streaming: as fast as dd, slower, or not evicted" {
    stream_row() # SECONDS DD LEFT
    {
        jq -nc --argjson seconds "$1" --argjson dd "$2" --argjson left "$3" '
            {part: "stream", what: "it", threads: 2, bytes: 1048576000, seconds: [$seconds], dd: [$dd], left: [$left]}'
    }
    tables "$(stream_row 1 1 0)"
    [[ $output == *'| it | 2 | 1000.0 (1000.0..1000.0) | 1.049 | 1000.0 (1000.0..1000.0) | 1.049 | 1.000 | at the speed of dd or better |'* ]]
    tables "$(stream_row 2 1 0)"
    [[ $output == *'| 0.5000 | MISSED |'* ]]
    tables "$(stream_row 1 1 524288000)"
    [[ $output == *'| not evicted: 500.0 MiB were left |'* ]]
}
