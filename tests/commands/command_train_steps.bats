#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent train --step-by-step: every number that is told follows from those before it, as a student
# works it out, and what is told is bounded.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    printf 'a,b,y\n1,0,cat\n0,2,dog\n3,1,dog\n' > three.csv
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]]
}

# Recomputes each update of one sample from the sample, and the weights and bias that are told before.
recompute() { # RATE LAMBDA < told
    awk -v rate="$1" -v lambda="$2" '
function near(value, wanted, what,    difference)
{
    difference = value - wanted
    if (difference * difference > 1e-8 * (1 + wanted * wanted)) {
        printf "update %d: %s is %s, and %s was expected\n", updates, what, value, wanted
        failed = 1
    }
}
{ gsub(/[(),]/, " ") }
/^Sample:/ { x1 = $4; x2 = $5; y = $8; updates++ }
/^Sum:/ { near($NF, w1 * x1 + w2 * x2 + b, "z"); z = w1 * x1 + w2 * x2 + b }
/^Neuron:/ { p = 1 / (1 + exp(-z)); near($NF, p, "p") }
/^Step:/ { p = z > 0; near($4, p, "h") }
/^Loss:/ { near($(NF - 4), y == 1 ? -log(p) : -log(1 - p), "loss") }
/^Error:/ { near($NF, p - y, "error") }
/^Weights:.*rate dw/ {
    w1 -= rate * ((p - y) * x1 + lambda * w1)
    w2 -= rate * ((p - y) * x2 + lambda * w2)
    near($(NF - 1), w1, "w1")
    near($NF, w2, "w2")
}
/^Bias:.*rate db/ { b -= rate * (p - y); near($NF, b, "b") }
/^Weights: [-0-9]/ { near($2, w1, "w1 at the end"); near($3, w2, "w2 at the end") }
END { if (updates == 0) print "no update"; exit failed || updates == 0 }
' w1=1 w2=-0.5 b=0.25 -
}

@test "updates of SGD can be recomputed, and end at the weights of the epoch" {
    "$DESCENT" train three.csv --solver sgd --rate 0.3 --init=1,-0.5 --bias 0.25 --epochs 2 --step-by-step \
        --updates 6 > told
    [ "$(grep -c '^---------- Update' told)" -eq 6 ]
    grep -qE '^---------- Update 4: epoch 2, row [1-3] of 3 ----------$' told
    recompute 0.3 0 < told
    "$DESCENT" train three.csv --solver sgd --rate 0.3 --lambda 0.5 --init=1,-0.5 --bias 0.25 --epochs 1 \
        --step-by-step > told
    recompute 0.3 0.5 < told
    grep -q '^Gradient:  dw = (p - y) x + lambda w = ' told
}

@test "of the perceptron only what is wrong is an update" {
    "$DESCENT" train three.csv --solver perceptron --rate 1 --init=1,-0.5 --bias 0.25 --epochs 9 --step-by-step \
        --updates 1000 > told
    recompute 1 0 < told
    grep -q 'were right and changed nothing ----------$' told
    [ "$(grep -c '^Loss:' told)" -eq 0 ]
    [ "$(grep -c '^Error:     h - y = 0$' told)" -eq 0 ]
    grep -q '^Final accuracy: 1$' told
}

@test "a full-batch step is the mean over all samples" {
    "$DESCENT" train three.csv --solver gd --rate 0.3 --init=1,-0.5 --bias 0.25 --epochs 1 --step-by-step > told
    grep -q '^---------- Update 1: epoch 1, all 3 rows ----------$' told
    # p of z = 1.25, -0.75 and 2.75
    awk '
function near(value, wanted) { if ((value - wanted) ^ 2 > 1e-8) { print $0, "expected", wanted; failed = 1 } }
BEGIN { split("1.25 -0.75 2.75", z); split("0 1 1", y); split("1 0 3", a); split("0 2 1", b)
    for (i = 1; i <= 3; i++) {
        p[i] = 1 / (1 + exp(-z[i])); da += (p[i] - y[i]) * a[i] / 3; db += (p[i] - y[i]) * b[i] / 3
        loss += (y[i] == 1 ? -log(p[i]) : -log(1 - p[i])) / 3 } }
{ gsub(/[(),]/, " ") }
/^ +[123] +[01] / { near($3, z[$1]); near($4, p[$1]); near($6, p[$1] - y[$1]); rows++ }
/^Mean loss:/ { near($3, loss) }
/^Weights:.*rate dw/ { near($(NF - 1), 1 - 0.3 * da); near($NF, -0.5 - 0.3 * db) }
END { exit failed || rows != 3 }' told
}

@test "what is told is bounded, whatever the data" {
    "$DESCENT" train blobs:rows=500,features=40 --solver gd --epochs 2 --step-by-step --updates 2 > told
    grep -q '^       ... 495 more$' told
    grep -q ', ... 34 more) = ' told
    [ "$(sed -n '/^---------- Update/,/^---------- and so on/p' told | wc -l)" -le 32 ]
    "$DESCENT" train blobs:rows=500,features=40 --solver minibatch --batch 200 --weights balanced --step-by-step > told
    [ "$(grep -c 'a batch of 200 rows' told)" -eq 2 ]
    [ "$(grep -c 'a batch of 100 rows' told)" -eq 1 ]
    [ "$(grep -c 'and so on' told)" -eq 1 ]
}

@test "the same training as without" {
    "$DESCENT" train pets --solver sgd --epochs 3 | grep -v Seconds > without
    "$DESCENT" train pets --solver sgd --epochs 3 --step-by-step |
        sed '/^---------- Update/,/^---------- and so on/d' | grep -v Seconds > with
    cmp with without
}

@test "what does not go with it is said" {
    run "$DESCENT" train pets --solver newton --step-by-step
    refused '--step-by-step does not know the updates of newton; it tells those of perceptron, sgd, minibatch, gd'
    run "$DESCENT" train pets --updates 3
    refused '--updates is not used without --step-by-step'
    for wrong in 0 1001 x; do
        run "$DESCENT" train pets --step-by-step --updates $wrong
        refused "--updates: '$wrong' is not a number of updates; give an integer from 1 to 1000"
    done
    run "$DESCENT" train pets --step-by-step --format json
    refused '--step-by-step is text; leave out --format json'
}
