#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# BLAS libraries side by side: those that are installed here, the linked one at least. No time is
# judged.

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
}

small=(--shape 120x9x3 --rounds 2 --seconds 0.0001)

@test "the libraries of this machine are listed, the linked one first, and what could be installed" {
    "$DESCENT" list blas >list.txt
    grep -qE '^library +version +threading +core +threads +LAPACK +file$' list.txt
    sed -n 2p list.txt | grep -qE '^openblas-openmp \(linked\) +[0-9.]+ +OpenMP '
    [ "$(wc -l <list.txt)" -ge 10 ] || grep -q 'apt-get install lib' list.txt
}

@test "a card has every race and what each library does, as text and as JSON, and leaves nothing behind" {
    "$DESCENT" blas "${small[@]}" --library openblas --threads 1,2 >card.txt
    for words in 'Rates, medians of 2 rounds' '^gemm-transposed ' 'Threads, bits and errors' '^dot ' \
        'Bits of some beside' 'gemm, beta = 0' '^Advice$'; do
        grep -q "$words" card.txt
    done
    mkdir temporary
    TMPDIR=$PWD/temporary "$DESCENT" blas "${small[@]}" --library openblas --threads 1 --format json >card.json
    [ -z "$(ls temporary)" ]
    jq -e '(.races | length) == 4 and all(.races[]; .rows == 120 and .columns == 9 and .threads == 1 and
        all(.libraries[]; (.seconds | length) == 2 and .rate > 0 and .repeats))' card.json
    jq -e '.libraries[0] | .linked and .family == "openblas" and (.behaviour.specials | length) == 9 and
        .behaviour.calls_at_a_time == 160 and .behaviour.calls_at_a_time_wrong == 0 and
        .behaviour.operations.gemv.error_epsilons < 9' card.json
}

@test "another library is really the one that is called" {
    other=$("$DESCENT" list blas | awk '$1 == "reference" { print $NF }')
    [ -n "$other" ] || skip "the reference is not installed"
    cp "$other" libown.so.3
    "$DESCENT" blas "${small[@]}" --library ./libown.so.3 --threads 1 --format json >card.json
    jq -e '.libraries[0] | .family == "reference" and (.path | endswith("/libown.so.3"))' card.json
    jq -e '.libraries[0].behaviour | .alone.row_alone_gemm == 0 and .operations.gemm.threads == 1' card.json
    jq -e '[.races[] | .libraries[0].digest] | length == 4' card.json
}

@test "what cannot be raced is refused with what could be" {
    run "$DESCENT" blas --library openbals
    [ "$status" -eq 2 ]
    [[ $output == *"BLAS 'openbals' is not on this machine; there are: openblas-openmp"* ]]
    echo text >libtext.so.3
    run "$DESCENT" blas --library ./libtext.so.3
    [ "$status" -eq 2 ]
    [[ $output == *'cannot be used'* ]]
    for option in '--shape 10x20' '--shape 0x1x1' '--threads 2,1' '--threads x' '--seconds 0' '--rounds 0'; do
        # shellcheck disable=SC2086 # an option and its value
        run "$DESCENT" blas $option
        [ "$status" -eq 2 ]
        [[ $output == *"${option%% *}: "* ]]
    done
}

@test "a child answers what it is asked, and says what it does not know" {
    printf '%s\n' 'library' 'digest' 'operands gemv 5 3 1 5' 'digest' 'operands gemv 0 3 1 5' 'use 0' 'nothing' |
        "$DESCENT" blas --serve >answers.jsonl
    jq -se 'length == 7 and .[0].missing == null and .[1].error == "there are no operands yet" and .[2] == {} and
        (.[3] | .repeats and (.digest | length) == 32) and all(.[4, 5, 6]; has("error"))' answers.jsonl
}
