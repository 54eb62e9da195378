#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Sums over the ranks of a job, with every MPI that is installed: their bits, what they send, and
# what a measurement of them gives (tests/ranks/ranks_exchange.c). No time is judged.

load ranks
load ../helpers/ceilings

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
}

@test "sums have the bits of the tree, send what the model says, and are measured, on 1 to 5 and 8 ranks" {
    ranks 8 "$BUILD/tests/ranks_exchange_of_$FLAVOUR" >told.txt
    [ "$(grep -c ': yes$' told.txt)" -eq 24 ]
    [ "$(grep -c ': no$' told.txt)" -eq 0 ]
}

@test "profile --ranks: sums are measured once, recorded, told, and shown again from the store" {
    profile()
    {
        ranks 2 "$DESCENT" profile blobs:rows=4000,features=12 --ranks 1,2 --weak \
            --threads 1 --epochs 4 --repeats 1
    }
    profile >profile.txt
    for line in 'profile: measuring sums over 2 ranks' 'Time of a sum over ranks: in the fixed tree, and by MPI_Allreduce' \
        'alpha steps + beta bytes, one after the other: alpha = ' 'Strong scaling over ranks' 'Weak scaling over ranks' \
        'What a rank sends per epoch' 'Predicted, not measured: 4000 rows' '  1000 predicted  '; do
        grep -qF -- "$line" profile.txt || { echo "no '$line'" && cat profile.txt && return 1; }
    done
    [ "$(grep -ci 'nan' profile.txt)" -eq 0 ]
    "$DESCENT" show results/profile >show.txt
    diff <(sed -n '/^What a sum/,/^Exchange:/p' profile.txt) <(sed -n '/^What a sum/,/^Exchange:/p' show.txt)
    profile >again.txt
    [ "$(grep -c 'measuring' again.txt)" -eq 0 ]
}

@test "without mpirun, or with a list that it does not reach, profile --ranks says what to start" {
    run "$DESCENT" profile pets --ranks 1,2,4
    [ "$status" -eq 2 ]
    [[ "$output" == *'--ranks: 4 ranks are requested, but there is 1; start it with `mpirun -np 4 descent profile pets --ranks 1,2,4`'* ]]
    run ranks 2 "$DESCENT" profile pets --ranks 3
    [[ "$output" == *'3 ranks are requested, but there are 2; start it with `mpirun -np 3 '* ]]
    run ranks 2 "$DESCENT" profile pets
    [[ "$output" == *'2 processes were started'*'--ranks 1,2,4'* ]]
    run "$DESCENT" profile pets --ranks 1 --trace trace.json
    [[ "$output" == *'leave out --ranks, or --trace'* ]]
    [ ! -e results ]
    "$DESCENT" profile blobs --ranks 1,2 --weak --print >printed.yaml
    grep -qF 'ranks: [1,2], threads: [all]' printed.yaml
    grep -qF '{generate: blobs, rows: 2000}' printed.yaml
}
