#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/peers/cross_validation.sh, from end to end on tiny data. No time is judged: only that both programs
# train the same, to the same gap.

setup()
{
    # What a script prints does not depend on the compiler.
    ! grep -qE '^DESCENT_SANITIZE:STRING=.|^CMAKE_C_COMPILER:[A-Z]*=.*clang' "$BUILD/CMakeCache.txt" ||
        skip 'the build of gcc without sanitizers runs it'
    command -v jq >/dev/null || skip 'jq is not installed'
    cd "$BATS_TEST_TMPDIR"
}

@test "both programs come to the gap on the same folds" {
    type -ap python3 | while read -r python; do "$python" -c 'import sklearn' 2>/dev/null && echo; done | grep -q '' ||
        skip 'scikit-learn is not installed'
    mkdir 'some data'
    "$DESCENT" data convert blobs:rows=120,features=3,noise=0.2 'some data/a9a.libsvm'
    run "$SOURCE/bench/peers/cross_validation.sh" --quick --no-install --build "$BUILD" --data 'some data' \
        --output 'a folder/out.md'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c '^| a9a | \(descent\|scikit-learn\) |' 'a folder/out.md')" -eq 5 ]
    [ "$(grep -c FAILED 'a folder/out.md')" -eq 0 ]
    grep -q '^- lightgbm_higgs7k.csv: skipped: there is no such file' 'a folder/out.md'
}

@test "options that are none" {
    for options in --rounds '--rounds 0' '--gap none' '--rate 1' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/peers/cross_validation.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "cross_validation.sh: "* ]]
    done
}
