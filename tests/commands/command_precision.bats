#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Features in fewer bits as a user types them: train, plan, sweeps and comparisons, and what is
# refused.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]]
}

@test "train says what it reads, and of what its numbers are" {
    "$DESCENT" train blobs:rows=300,features=5 --precision int8 --refine yes --lambda 0.01 >train.txt
    grep -q '^Precision: int8, which training reads until the last epochs; F, F\* and gaps are of the features as given, in float64$' train.txt
    grep -q '^Chosen: L-BFGS, until F is at most 1e-06 above its optimum' train.txt
    grep -q '^Stopped: reached the gap' train.txt
}

@test "what does not read such features is refused by name, with what does" {
    run "$DESCENT" train blobs --precision int8 --solver newton
    refused "solver newton does not read precision int8; leave precision at float64, or choose one that does: "
    run "$DESCENT" train blobs --precision bfloat16 --solver gd --kernel batched
    refused "kernel batched does not take bfloat16 data; these do: auto, reference, fused-narrow, batched-narrow"
    run "$DESCENT" train blobs --precision float32 --solver sgd --step-by-step
    refused "--step-by-step tells of features as they are given, and --precision float32 trains on others"
    run "$DESCENT" data blobs --precision int8
    refused "--precision int8 is for training, and features are described and written as they are given"
    run "$DESCENT" train blobs --refine yes
    refused "--refine is not used without --precision"
    printf '1 1:1 300:2\n0 2:1\n' >two.libsvm
    run "$DESCENT" train two.libsvm --precision int8
    refused "two.libsvm: precision int8 is for dense rows, and these are sparse, which float32 stores; or leave precision at float64"
    run "$DESCENT" train two.libsvm --precision float32 --solver gd --kernel batched-narrow
    refused "kernel batched-narrow does not take sparse float32 data; these do: auto, reference, sparse"
}

@test "sparse values are stored as float32, and those that are all 1 not at all" {
    awk 'BEGIN { for (i = 0; i < 900; i++) print i % 3 % 2, 1 + i % 7 ":" 1 / (1 + i % 11), 9 + i % 90 ":" i / 7 }' >some.libsvm
    sed 's/:[^ ]*/:1/g' some.libsvm >ones.libsvm
    for solver in 'lbfgs' 'sgd --rate 0.01' 'local-sgd --rate 0.01'; do
        # shellcheck disable=SC2086
        "$DESCENT" train some.libsvm --precision float32 --lambda 0.01 --epochs 3 --scale maxabs --solver $solver >some.txt
        grep -q '^Precision: float32, which training reads; ' some.txt
    done
    result() { "$DESCENT" train ones.libsvm --solver lbfgs --lambda 0.01 --epochs 5 "$@" --format json | jq '[.weights, .bias]'; }
    result >ones
    result --precision float32 2>note | diff ones -
    grep -qF 'descent: note: ones.libsvm: all values are 1, and are not read in any precision' note
}

# npy_write FILE TYPE SHAPE, numbers as text from stdin.
npy_write() {
    {
        printf "\x93NUMPY\x01\x00v\x00%-117s\n" "{'descr': '$2', 'fortran_order': False, 'shape': $3, }"
        perl -e '$f = {"<f8" => "d<", "<f4" => "f<", "|u1" => "C"}->{shift @ARGV};
            while (<STDIN>) { print pack $f, $_ for split }' "$2"
    } >"$1"
}

@test "an array of float32 stays in its file, with the numbers of the same array as doubles" {
    awk 'BEGIN { for (i = 0; i < 2000; i++) print (i * 37 % 101) / 64 - 1, (i * 11 % 17) / 8, i % 5, (i * 7 % 3 > 0) }' >numbers
    cut -d ' ' -f 1-3 numbers | npy_write X4.npy '<f4' '(2000, 3)'
    cut -d ' ' -f 1-3 numbers | npy_write X8.npy '<f8' '(2000, 3)'
    cut -d ' ' -f 4 numbers | npy_write y4.npy '|u1' '(2000,)'
    cp y4.npy y8.npy
    for options in '--solver gd --rate 0.5' '--solver lbfgs' '--solver sgd --rate 0.01' '--solver gd-nesterov --rate auto --kernel reference'; do
        for file in X4 X8; do
            # shellcheck disable=SC2086
            "$DESCENT" train $file.npy --precision float32 --lambda 0.01 --gap 1e-3 --epochs 9 $options --format json |
                jq '[.weights, .bias, .quality, .coefficients, (.trace | del(.seconds))]' >$file.json
        done
        [ "$(jq '.[0] | length' X4.json)" -eq 3 ]
        diff X4.json X8.json
    done
    "$DESCENT" train X4.npy --precision float32 --epochs 1 2>&1 | { ! grep note; }
    "$DESCENT" train X4.npy --precision float32 --epochs 1 --split 0.2 2>&1 |
        grep -F 'descent: note: X4.npy: the numbers are float32, and take 8 bytes each in memory, as rows are held out (split)'
    printf 'data: {file: X%s.npy, precision: float32}\nruns:\n  - {solver: gd, rate: 0.1}\nstop: {epochs: 5}\n' 4 >X4.yaml
    sed 's/X4/X8/' X4.yaml >X8.yaml
    [ "$("$DESCENT" plan X4.yaml | grep -o '[0-9.]* KiB of data')" = "39.1 KiB of data" ]
    [ "$("$DESCENT" plan X8.yaml | grep -o '[0-9.]* KiB of data')" = "86 KiB of data" ]
}

@test "a number beyond the precision is refused with its place, and a scale helps" {
    printf 'a,large,kind\n1,1e300,0\n2,2e300,1\n3,1.5e300,0\n1,2e300,1\n' >large.csv
    run "$DESCENT" train large.csv --precision float32
    refused "large.csv: feature 'large' has 1e+300 in row 1 of those trained on, which is beyond precision float32; scale the features (scale standard)"
    "$DESCENT" train large.csv --precision float32 --scale standard >/dev/null
}

@test "precision is an axis of a sweep, and its sides are compared by gaps to one optimum" {
    cat >bits.yaml <<'END'
# What does a precision cost?
data:
  - {generate: blobs, rows: 400, features: 5, precision: [float64, float32, bfloat16, int8]}
  - {generate: blobs, rows: 400, features: 5, precision: int8, refine: yes}
runs:
  - {solver: gd, rate: 1}
lambda: 0.01
stop: {epochs: 30}
by: precision
warmup: 0
retries: 0
END
    "$DESCENT" sweep bits.yaml --quiet
    "$DESCENT" show results/bits >show.txt
    [ "$(grep -c '^F, F\* and gaps are of the features as given, in float64\.$' show.txt)" -eq 4 ]
    [ "$(grep '^optimum F\*' show.txt | sort -u | wc -l)" -eq 1 ]
    "$DESCENT" compare results/bits >compare.txt
    grep '^| 1e-01 ' compare.txt | cut -d '|' -f 3 | sed 's/ *$//' | diff - <(printf ' precision %s\n' \
        float64 float32 bfloat16 int8 'int8 refined')
    run "$DESCENT" sweep bits.yaml --execution batched --results batched
    refused "refine: yes is for models that are trained one after the other"
}

@test "a sweep that goes on has the bits of one that was not disturbed" {
    cat >bits.yaml <<'END'
# Which bits?
data: {generate: blobs, rows: 400, features: 5, precision: [float32, int8], refine: [no, yes]}
runs:
  - {solver: [gd, sgd], rate: [0.1, 0.01]}
  - {solver: lbfgs}
lambda: 0.01
stop: {epochs: 8}
warmup: 0
retries: 0
END
    digests() { sqlite3 "$1/store.sqlite" 'SELECT digest FROM trial ORDER BY 1'; }
    "$DESCENT" sweep bits.yaml --quiet --results whole
    "$DESCENT" sweep bits.yaml --quiet --results parts --shard 1/2
    "$DESCENT" sweep bits.yaml --quiet --results parts --shard 2/2
    "$DESCENT" merge parts/bits >/dev/null
    [ "$(digests whole/bits | wc -l)" -eq 20 ]
    diff <(digests whole/bits) <(digests parts/bits)
}
