#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/peers/compare.sh, from end to end on tiny data and with what is installed here, and its tables from
# rows made by hand. No time is judged: only whether one may be shown.

setup()
{
    cd "$BATS_TEST_TMPDIR"
}

needs() # PROGRAM...
{
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || skip "$program is not installed"
    done
}

compare()
{
    run "$SOURCE/bench/peers/compare.sh" --quick --no-install --build "$BUILD" --output 'a folder/out.md'
    printf '%s\n' "$output"
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

# Every row of the tables has a time and an objective, or says why it was skipped.
check_rows()
{
    awk -F ' *[|] *' '
    /^\| (program|---)/ || /^\|---/ || !/^\|/ { next }
    { rows++ }
    $5 ~ /^[0-9.]+ \([0-9.]+\.\.[0-9.]+\)$/ && $8 ~ /^(best )?0\.[0-9]+$/ { timed++; next }
    $5 ~ /^skipped: .* is not installed$/ || $5 ~ /^skipped: this descent sweep has no / { skipped++; next }
    { print "neither a time nor skipped: " $0; failed = 1 }
    END {
        printf "%d rows, %d timed, %d skipped\n", rows, timed, skipped
        exit failed || rows < 12
    }' "$1"
}

# Rows for the table: ours, and another with these objectives.
table() # CHECK OBJECTIVES SGD-DIFFERENCE
{
    jq -n -c --arg check "$1" --argjson objectives "$2" '
        {program: "ours", what: "so", work: "1", command: "./ours", rounds: [[1], [2]], failures: 0,
         name: "ours", ours: "ours", check: "equal",
         results: [{rate: 0.1, objective: 0.5, seconds: 1}, {rate: 0.1, objective: 0.5, seconds: 1}]},
        {program: "other", what: "so", work: "1", command: "./other", rounds: [[3], [4]], failures: 0,
         name: "other", ours: "ours", check: $check,
         results: [$objectives[] | {rate: 0.1, objective: ., seconds: 2}]}' >rows
    jq -s -r -L "$SOURCE/bench/peers" -f "$SOURCE/bench/peers/compare.jq" --argjson start 0.7 --argjson sgd_difference "$3" rows
}

@test "with what is installed, each row has numbers or says what is missing" {
    needs hyperfine jq
    compare
    [ "$status" -eq 0 ]
    check_rows 'a folder/out.md'
    grep -q '^bench/peers/compare.sh --quick --no-install' 'a folder/out.md'
    grep -q '^blas ' 'a folder/out.md'
    [ "$(jq '.rows | length' 'a folder/out.json')" -ge 12 ]
    [ "$(ls 'a folder')" = "$(printf '%s\n' out.json out.md)" ]
}

@test "without scikit-learn and LIBLINEAR their rows are skipped by name" {
    needs hyperfine jq
    hide python3 liblinear-train
    compare
    [ "$status" -eq 0 ]
    check_rows 'a folder/out.md'
    grep -q '| SGDClassifier .* skipped: scikit-learn is not installed' 'a folder/out.md'
    grep -q '| LogisticRegression .* skipped: scikit-learn is not installed' 'a folder/out.md'
    grep -q '| liblinear-train .* skipped: liblinear-train is not installed' 'a folder/out.md'
}

@test "without hyperfine or jq it says what to install" {
    hide hyperfine
    compare
    [ "$status" -eq 1 ]
    [[ "$output" == *"compare.sh needs hyperfine: apt-get install hyperfine"* ]]
    [ ! -e 'a folder' ]
}

@test "options that are none" {
    for options in --rows '--rows 0' '--lambda 0' '--rate 1' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/peers/compare.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "compare.sh: "* ]]
    done
}

@test "a program with the same objective has a time and a ratio within rounds" {
    needs jq
    run table equal '[0.5, 0.5000000000001]' null
    [[ "$output" == *'| ours | so | 1 | 1.500 (1.000..2.000) | 1.000 |  | 0.5000000000 |  |'* ]]
    [[ "$output" == *'| other | so | 1 | 3.500 (3.000..4.000) | 2.000 | 2.500 (2.000..3.000) | 0.5000000000 | 2e-13 at most |'* ]]
}

@test "another objective in any run: no time for it, nor for ours, for who is right?" {
    needs jq
    run table equal '[0.5, 0.50000005]' null
    [[ "$output" == *'| other | so | 1 | FAILED: its objective differs by 1e-7 |  |  |  |  |'* ]]
    [[ "$output" == *'| ours | so | 1 | FAILED: the objective of other differs by 1e-7 |  |  |  |  |'* ]]
}

@test "an objective that is no number, or none at all: no time" {
    needs jq
    run table equal '[0.5, null]' null
    [[ "$output" == *'| other | so | 1 | FAILED: its objective is not finite'* ]]
    [[ "$output" == *'| ours | so | 1 | 1.500 '* ]]
    run table equal '[]' null
    [[ "$output" == *'| other | so | 1 | FAILED: it printed no objective |'* ]]
}

@test "SGD may differ, once it was compared without shuffling" {
    needs jq
    run table sgd '[0.505]' 1e-15
    [[ "$output" == *'| other | so | 1 | 3.500 '*'| 0.5050000000 | 1e-2 |'* ]]
    run table sgd '[0.505]' null
    [[ "$output" == *'| other | so | 1 | FAILED: it was not compared without shuffling |'* ]]
    run table sgd '[0.505]' 0.1
    [[ "$output" == *'| other | so | 1 | FAILED: its objective differs by 1e-1 without shuffling |'* ]]
}

@test "other work has no ratio, and must have come somewhere" {
    needs jq
    run table shown '[0.45]' null
    [[ "$output" == *'| other | so | 1 | 3.500 (3.000..4.000) | 2.000 |  | 0.4500000000 | -1e-1 |'* ]]
    run table shown '[0.75]' null
    [[ "$output" == *'| other | so | 1 | FAILED: it ended above its start |'* ]]
}
