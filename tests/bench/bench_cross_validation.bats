#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# bench/peers/cross_validation.sh, from end to end on tiny data. No time is judged: only that all programs
# train the same, to the same gap.

bats_require_minimum_version 1.5.0

load ../helpers/compilers

setup()
{
    # What a script prints does not depend on the compiler.
    only_by_gcc
    command -v jq >/dev/null || skip 'jq is not installed'
    cd "$BATS_TEST_TMPDIR"
}

# Of the data in a folder, into out.md.
compared() # FOLDER
{
    type -ap python3 | while read -r python; do "$python" -c 'import sklearn' 2>/dev/null && echo; done | grep -q '' ||
        skip 'scikit-learn is not installed'
    run "$SOURCE/bench/peers/cross_validation.sh" --quick --no-install --build "$BUILD" --data "$1" --output 'a folder/out.md'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    grep -q '^- lightgbm_higgs7k.csv: skipped: there is no such file' 'a folder/out.md'
}

@test "all programs come to the gap on the same folds" {
    Rscript -e 'library(glmnet); library(doParallel)' 2>/dev/null || skip 'glmnet and doParallel are not installed'
    mkdir 'some data'
    "$DESCENT" data convert blobs:rows=120,features=3,noise=0.2 'some data/a9a.libsvm'
    compared 'some data'
    [ "$(grep -c '^| a9a | \(descent\|scikit-learn\) |' 'a folder/out.md')" -eq 5 ]
    [ "$(grep -c FAILED 'a folder/out.md')" -eq 0 ]
    grep -qE '^\| a9a \| descent \| newton \| [13]e-[0-9]+ \| [0-9.e-]+ \| 1 \| [0-9.]+e-[0-9]+ \|  \|$' 'a folder/out.md'
    grep -qE '^\| a9a \| scikit-learn \| lbfgs \| .* \| [0-9.e+-]+ \([0-9.e+-]+ to [0-9.e+-]+\) \|$' 'a folder/out.md'
    grep -qE '^- a9a: F\\\* is wrong by [0-9.]*e-[0-9]+ at most\.$' 'a folder/out.md'
    grep -q '^| a9a | glmnet | cv.glmnet | ' 'a folder/out.md'
    grep -q '^peers     R .*, glmnet ' 'a folder/out.md'
}

@test "what is not there is skipped, and said" {
    mkdir bin none
    printf '#!/bin/sh\nexit 1\n' >bin/Rscript
    chmod +x bin/Rscript
    PATH=$PWD/bin:$PATH compared none
    grep -q '^- glmnet: skipped: R has no package doParallel (r-cran-doparallel)$' 'a folder/out.md'
    grep -q '^- a9a.libsvm: skipped: there is no such file' 'a folder/out.md'
}

@test "options that are none" {
    for options in '--only pets' '--most 0' --rounds '--rounds 0' '--gap none' '--rate 1' '--output table.txt' '--build .'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$SOURCE/bench/peers/cross_validation.sh" $options
        [ "$status" -eq 2 ]
        [[ "$output" == "cross_validation.sh: "* ]]
    done
}
