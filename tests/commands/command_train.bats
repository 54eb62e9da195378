#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent train, predict and list as a user types them: what they print, and what bad input gets.

bats_require_minimum_version 1.5.0 # for run --separate-stderr

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    lesson="$SOURCE/../shared/data/linear-bin-classification.csv"
}

need_shared_data() {
    [ -e "$lesson" ] || skip "skipped: no ../shared/data"
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]]
}

@test "train tells the lesson" {
    need_shared_data
    run "$DESCENT" train "$lesson" --solver sgd --rate 0.01 --epochs 100 \
        --init=-0.5307647566300506,0.9308051907683095 --shuffle none
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "Data: linear-bin-classification.csv, 100 rows, 2 features; label '0' is 0, '1' is 1" ]
    [ "${lines[1]}" = "Training: solver=sgd rate=0.01 shuffle=none" ]
    [ "${lines[2]}" = "========== Epoch 0 ==========" ]
    [[ ${lines[3]} == "Train loss: 0.66255159735203"* ]]
    [ "${lines[4]}" = "Accuracy: 0.6" ]
    [ "${lines[32]}" = "========== Epoch 100 ==========" ]
    [[ ${lines[33]} == "Train loss: 0.319938597206871"* ]]
    [ "${lines[34]}" = "Accuracy: 0.93" ]
    [[ $output == *"Boundary: x2 = -0.684601675152"*" x1 + 0.82713739724"* ]]
}

@test "train warns when the loss increases" {
    run "$DESCENT" train pets --solver gd --rate 200 --epochs 20
    [ "$status" -eq 0 ]
    [[ $output == *"  WARNING - Loss Increasing"* ]]
}

@test "train says a vertical boundary" {
    printf '0,1,0\n1,1,1\n0,-1,0\n1,-1,1\n' >points.csv
    run "$DESCENT" train points.csv --init 0,0 --epochs 5
    [ "$status" -eq 0 ]
    [[ $output == *"Boundary: vertical, x1 = "* ]]
}

@test "train prints one JSON object with all it promises" {
    "$DESCENT" train pets --solver minibatch --epochs 7 --lambda 0.1 --format json >out.json
    for key in configuration status epochs loss objective accuracy weights bias seconds trace \
        gradient_norm solver; do
        grep -q "\"$key\"" out.json
    done
    [ "$("$DESCENT" train pets --epochs 3 --format json | grep -c '"epoch":\[')" -eq 1 ]
}

@test "a diverged training is a result, and its numbers are null" {
    "$DESCENT" train pets --rate 1e300 --lambda 1e10 --format json >out.json
    grep -q '"status":"diverged"' out.json
    grep -q '"loss":null' out.json
    run grep -iE 'nan|inf' out.json
    [ "$status" -eq 1 ]
}

@test "the same seed gives the same numbers, another one others" {
    a=$("$DESCENT" train pets --solver sgd --seed 1 | grep Weights)
    b=$("$DESCENT" train pets --solver sgd --seed 1 | grep Weights)
    c=$("$DESCENT" train pets --solver sgd --seed 2 | grep Weights)
    [ "$a" = "$b" ]
    [ "$a" != "$c" ]
}

@test "threads do not change a bit" {
    weights() { "$DESCENT" train blobs:rows=20000,features=10 --epochs 5 --threads "$1" | grep Weights; }
    [ "$(weights 1)" = "$(weights 2)" ]
    [ "$(weights 1)" = "$(weights 5)" ]
}

@test "a saved model predicts, with and without labels" {
    "$DESCENT" data pets --output pets.csv
    "$DESCENT" train pets.csv --solver sgd --epochs 50 --save model.json
    "$DESCENT" predict model.json pets.csv >labelled.csv 2>summary
    [ "$(head -n 1 labelled.csv)" = "P(dog),class" ]
    [ "$(wc -l <labelled.csv)" -eq 101 ]
    grep -qE '^Rows: 100  Loss: 0\.[0-9]+  Accuracy: 0\.9[0-9]*$' summary
    cut -d, -f1,2 pets.csv >features.csv
    "$DESCENT" predict model.json features.csv >unlabelled.csv 2>summary
    [ ! -s summary ]
    cmp labelled.csv unlabelled.csv
    grep -v ',cat' pets.csv >dogs.csv
    "$DESCENT" predict model.json dogs.csv --output dogs_out.csv 2>summary
    grep -q '^Rows: 50 ' summary
}

@test "a model replaces an old one, and never half" {
    "$DESCENT" train pets --save model.json
    cp model.json old.json
    run "$DESCENT" train pets --rate 1e300 --lambda 1e10 --save model.json --force
    [ "$status" -eq 1 ]
    [[ $output == *"the weights are not finite"* ]]
    cmp model.json old.json
    run "$DESCENT" train pets --save missing/model.json
    [ "$status" -eq 1 ]
}

@test "a class whose name has a comma is predicted as one field" {
    printf 'a,y\n1,"x,1"\n2,"y ""2"""\n3,"y ""2"""\n' >quoted.csv
    "$DESCENT" train quoted.csv --epochs 200 --rate 1 --save model.json
    "$DESCENT" predict model.json quoted.csv 2>summary | tail -n +2 | cut -d, -f2- >classes
    printf '"x,1"\n"y ""2"""\n"y ""2"""\n' | cmp - classes
}

@test "predict refuses what does not fit" {
    "$DESCENT" train pets --save model.json
    run "$DESCENT" predict model.json blobs:rows=10,features=5
    refused "the model has 2 features, and the data have 5"
    printf '1,2,bird\n2,3,cat\n' >birds.csv
    run "$DESCENT" predict model.json birds.csv
    refused "'bird' in the data is not a class of the model, which has 'cat' and 'dog'"
    run "$DESCENT" predict missing.json pets
    refused "missing.json"
    echo '{"format": "descent model", "version": 1, "features": 2, "weights": [1]}' >broken.json
    run "$DESCENT" predict broken.json pets
    refused "broken.json: \"features\" is 2, but there are 1 weights"
    echo '{"format": "descent model", "version": 9}' >newer.json
    run "$DESCENT" predict newer.json pets
    refused "version 9"
    echo '{ "format": ' >cut.json
    run "$DESCENT" predict cut.json pets
    refused "cut.json:"
    echo '{}' >other.json
    run "$DESCENT" predict other.json pets
    refused "not a model"
}

@test "predict refuses columns that are not the model's" {
    printf 'a,b,y\n1,2,0\n3,1,1\n' >model.csv
    "$DESCENT" train model.csv --save model.json
    awk -F, -v OFS=, '{ print $2, $1, $3 }' model.csv >swapped.csv # found by name
    cmp <("$DESCENT" predict model.json model.csv) <("$DESCENT" predict model.json swapped.csv)
    printf 'b,c,y\n2,1,0\n1,3,1\n' >other.csv
    run "$DESCENT" predict model.json other.csv
    refused "there is no column 'a', which the model was trained with"
    tail -n 2 model.csv >unnamed.csv
    cmp <("$DESCENT" predict model.json model.csv) <("$DESCENT" predict model.json unnamed.csv)
    sed 's/"a"/1/' model.json >odd.json
    run "$DESCENT" predict odd.json model.csv
    refused 'all "feature_names" must be texts'
}

@test "predictions are CSV whatever classes are called" {
    printf '1,2,"a ""b"", c"\n3,1,"a ""b"", c"\n0,0,d\n' >quoted.csv
    "$DESCENT" train quoted.csv --save model.json
    "$DESCENT" predict model.json quoted.csv >rows.csv
    grep -q ',"a ""b"", c"$' rows.csv
}

@test "without regularisation the objective is the loss, however large the weights" {
    run "$DESCENT" train pets --rate 1e300 --epochs 5
    [ "$status" -eq 0 ]
    [[ $output == *"Stopped: diverged"* ]]
    [[ $output != *nan* ]]
}

@test "the data are said to be what they are, beside options of training of the same name" {
    printf -- '0 0:1 2:2\n1 1:1\n' >cells.txt
    run "$DESCENT" train cells.txt --data-format libsvm --first-index 0 --features 7 --epochs 1 --format json
    [ "$status" -eq 0 ]
    [[ $output == *'"weights":['*,*,*,*,*,*,*'],"bias"'* ]]
    run "$DESCENT" train blobs:rows=50 --features 3 --epochs 1
    [[ ${lines[0]} == "Data: blobs, 50 rows, 3 features"* ]]
    run "$DESCENT" train cells.txt --data-format libsmv
    refused "--data-format: unknown format 'libsmv'; did you mean 'libsvm'?"
    run "$DESCENT" train pets --data-format csv
    refused "--data-format applies to files, but 'pets' is a generator"
    run "$DESCENT" train pets --features 3
    refused "generator pets does not use 'features'"
}

@test "wrong options get the nearest name and what is allowed" {
    run "$DESCENT" train pets --raet 3
    refused "did you mean '--rate'?"
    run "$DESCENT" train pets --rate -1
    refused "--rate: '-1' is not allowed for rate; give a number > 0"
    run "$DESCENT" train pets --solver sdg
    refused "unknown solver 'sdg'; did you mean 'sgd'? known: perceptron, sgd, "
    run "$DESCENT" train pets --batch 3
    refused "--batch is not used by solver gd"
    run "$DESCENT" train pets --solver minibatch --batch 1000
    refused "batch 1000 is larger than the data, which have 100 rows"
    run "$DESCENT" train pets --init 1,2,3
    refused "--init: 3 numbers were given, and the data have 2 features"
    run "$DESCENT" train pets --init 1,x
    refused "--init: 'x' is not a number"
    run "$DESCENT" train pets --format xml
    refused "unknown format 'xml'"
    run "$DESCENT" train pets --rate
    refused "option '--rate' needs a value"
    run "$DESCENT" train
    refused "DATA is missing"
    run "$DESCENT" train pets pets
    refused "unexpected argument 'pets'"
    run "$DESCENT" train pets --label 1
    refused "--label applies to files, but 'pets' is a generator"
    run "$DESCENT" train a -xy
    refused "unknown option '-x'"
    run "$DESCENT" trian pets
    refused "unknown command 'trian'; did you mean 'train'?"
    run "$DESCENT" train peets
    refused "did you mean 'pets'?"
}

@test "output that cannot be written is an error" {
    [ -e /dev/full ] || skip "skipped: no /dev/full"
    run sh -c '"$DESCENT" train pets >/dev/full'
    [ "$status" -eq 1 ]
    [[ $output == *"could not be written"* ]]
}

@test "list names all there is" {
    for what in solvers kernels schedules formats generators scales options; do
        [ "$("$DESCENT" list "$what" | wc -l)" -ge 1 ]
        "$DESCENT" list | grep -q "^$what"
    done
    for name in perceptron sgd minibatch gd; do
        "$DESCENT" list solvers | grep -q "^$name "
    done
    run "$DESCENT" list solver
    refused "did you mean 'solvers'?"
}

@test "help and version" {
    "$DESCENT" --help | grep -q '^Commands:'
    "$DESCENT" train --help | grep -q -- '--gradient-norm'
    for fact in version commit compiler flags blas; do
        "$DESCENT" --version | grep -qE "^(descent|$fact) "
    done
}

@test "a limit of 0 is a limit: at most 0 above the optimum" {
    printf 'x,y\n1,0\n3,1\n2,0\n4,1\n2.5,1\n2.7,0\n' >zero.csv
    for gap in 0 1e-300; do
        run "$DESCENT" train zero.csv --solver newton --lambda 0.1 --gap $gap --epochs 30
        [ "$status" -eq 0 ]
        [[ "$output" == *"Stopped: reached the gap after 5 epochs"* ]]
    done
    # Where it is never reached, it does not stop anything.
    for limit in --loss --gradient-norm; do
        run "$DESCENT" train zero.csv --solver gd --lambda 0.1 $limit 0 --epochs 3
        [[ "$output" == *"Stopped: reached the epoch limit after 3 epochs"* ]]
    done
    # A gradient that is 0 at the start.
    printf 'x,y\n0,1\n0,0\n' >flat.csv
    run "$DESCENT" train flat.csv --solver gd --gradient-norm 0 --epochs 3
    [[ "$output" == *"Stopped: reached the gradient norm after 0 epochs"* ]]
    run "$DESCENT" train flat.csv --solver gd --gradient-norm never --gap never --epochs 3
    [[ "$output" == *"Stopped: reached the epoch limit after 3 epochs"* ]]
    for limit in --seconds --divergence; do
        run "$DESCENT" train zero.csv $limit 0
        [ "$status" -eq 2 ]
    done
    run "$DESCENT" train zero.csv --epochs -1
    [ "$status" -eq 2 ]
}

@test "no epochs: the loss and accuracy of given weights" {
    printf 'a,b,y\n1,0,0\n0,2,1\n' >two.csv
    # x . w + b is 1.5 and 4.5.
    "$DESCENT" train two.csv --init 1,2 --bias 0.5 --epochs 0 >told
    grep -q '^========== Epoch 0 ==========$' told
    [ "$(grep -c Epoch told)" -eq 1 ]
    awk '/^Train loss:/ { d = $3 - (log(1 + exp(1.5)) + log(1 + exp(-4.5))) / 2; found = d * d < 1e-24 } END { exit !found }' told
    grep -q '^Accuracy: 0.5$' told
    grep -q '^Stopped: reached the epoch limit after 0 epochs$' told
    grep -q '^Weights: 1 2$' told
    grep -q '^Bias: 0.5$' told
    grep -q '^Boundary: x2 = -0.5 x1 - 0.25$' told
}

@test "who does not minimise the loss is not warned that it increases" {
    "$DESCENT" train pets --solver perceptron --rate 10 --epochs 50 >told
    grep -q '^Rule: perceptron does not minimise the loss' told
    run grep WARNING told
    [ "$status" -eq 1 ]
    # There it does increase.
    awk '/^Train loss/ { if (seen && $3 > last) up = 1; last = $3; seen = 1 } END { exit !up }' told
    run "$DESCENT" train pets --epochs 1
    [[ $output != *Rule:* ]]
}

@test "numbers that a double cannot hold are refused with the limit" {
    run "$DESCENT" train pets --lambda 1e-400
    [ "$status" -eq 2 ]
    [ "$output" = "descent: --lambda: '1e-400' is not allowed for lambda (below 4.9e-324, the smallest double above 0); give a number >= 0" ]
    run "$DESCENT" train pets --seed 9007199254740993
    [ "$status" -eq 2 ]
    [ "$output" = "descent: --seed: '9007199254740993' is not allowed for seed; give an integer from 0 to 9007199254740992" ]
    run "$DESCENT" train pets --solver sgd --seed 9007199254740992 --epochs 1
    [ "$status" -eq 0 ]
    run "$DESCENT" data blobs:seed=9007199254740993
    [ "$status" -eq 2 ]
    [[ "$output" == *"from 0 to 9007199254740992"* ]]
    run "$DESCENT" train pets --split 0.2 --split-seed 9007199254740993
    [ "$status" -eq 2 ]
    [[ "$output" == *"from 0 to 9007199254740992"* ]]
}

@test "weights of features that are 0 in all rows are 0 at any seed, and their number is told" {
    printf '0 1:1\n1 1:2\n0 1:3\n1 1:4 3:0\n' >zeros.svm
    echo '1 1:2 2:3' >rows.svm
    for seed in 0 1 2 3; do
        run "$DESCENT" train zeros.svm --solver newton --seed $seed --save model.json --force
        [[ $output == *"Zeros: 2 features are 0 in all rows, and nothing moves the weights there: they are 0"* ]]
        "$DESCENT" predict model.json rows.svm >"$seed.out" 2>/dev/null
    done
    cmp 0.out 1.out && cmp 0.out 2.out && cmp 0.out 3.out
    grep -q '^0.38838826683' 0.out
    run "$DESCENT" train zeros.svm --init 1,2,3 --epochs 1
    [[ $output == *"they stay as --init has them"* ]]
    [[ $output == *"Weights: "*" 2 3"$'\n'* ]]
    run "$DESCENT" train pets --epochs 1
    [[ $output != *Zeros* ]]
}

@test "the first weights are given by --init, and the bias by --bias" {
    printf 'x,y\n1,0\n2,1\n3,0\n' >one.csv
    run "$DESCENT" train one.csv --init 0,0
    refused "--init: 2 numbers were given, and the data have 1 feature; give the weights w, one per feature; the bias is given by --bias"
    run "$DESCENT" train one.csv --bias x
    refused "--bias: 'x' is not a number"
    run "$DESCENT" train one.csv --bias inf
    refused "--bias: 'inf' is not a number"
    "$DESCENT" train one.csv --init 2 --bias 5 --solver null --epochs 1 --format json >out.json
    jq -e '.weights == [2] and .bias == 5' out.json
    "$DESCENT" train one.csv --bias=-3 --solver null --epochs 1 --format json >out.json
    jq -e '.bias == -3' out.json
    "$DESCENT" train --help | grep -q 'initial weights w, one per feature'
}

# Data and rates at which everything overflows that can: nan is never an answer with exit code 0.
@test "train and data print no nan, whatever overflows" {
    printf 'x,y\n1e300,0\n-1e300,1\n1e299,0\n2e300,1\n' >huge.csv
    printf 'a,b,y\n1e308,1,0\n-1e308,2,1\n1e299,3,0\n1.7e308,-1e308,1\n' >huge2.csv
    printf 'a,b,y\n1e-310,1e-320,0\n-1e-310,2e-320,1\n1e-309,3,0\n1e-300,-1e308,1\n' >mixed.csv
    printf 'a,b,y\n1,2,0\n2,1,1\n3,0,0\n4,7,1\n' >plain.csv
    export OMP_WAIT_POLICY=passive
    for file in huge huge2 mixed plain; do
        for solver in sgd sgd-averaged gd gd-momentum svrg saga newton lbfgs; do
            for option in '--scale standard' '--scale unit' '--rate 1e308'; do
                [[ $solver$option == newton*rate* || $solver$option == lbfgs*rate* ]] && continue
                # shellcheck disable=SC2086
                "$DESCENT" train $file.csv --solver $solver $option --epochs 4 >out 2>err || continue
                ! grep -qwi -e nan -e '-nan' -e inf out || { cat out && return 1; }
            done
        done
        "$DESCENT" data $file.csv >out
        if grep -qwi nan out; then cat out && return 1; fi
    done
}

@test "a script that goes through solvers is warned of what one does not use" {
    for solver in $("$DESCENT" list solvers | awk '{ print $1 }'); do
        run --separate-stderr "$DESCENT" train pets --solver "$solver" --threads 1 --rate 0.1 --schedule inverse \
            --shuffle once --epochs 2 --format json
        [ "$status" -eq 0 ]
        jq -e '.epochs == 2' <<<"$output"
    done
    run --separate-stderr "$DESCENT" train pets --solver sgd --threads 2 --epochs 1
    [ "$status" -eq 0 ]
    # shellcheck disable=SC2154 # bats sets stderr
    [[ "$stderr" == "descent: warning: --threads is not used by solver sgd with schedule constant, and is ignored; it is used by: "*"gd"* ]]
    run --separate-stderr "$DESCENT" train pets --solver newton --rate 0.1 --decay 0.5 --epochs 1
    [ "$status" -eq 0 ]
    [[ "$stderr" == "descent: warning: --rate is not used by solver newton, and is ignored"*"--decay is not used by solver newton, and is ignored"* ]]
    # The same bits as without.
    "$DESCENT" train pets --solver newton --epochs 3 --format json | jq .weights >without.json
    "$DESCENT" train pets --solver newton --epochs 3 --rate 7 --shuffle none --format json 2>/dev/null |
        jq .weights >with.json
    cmp with.json without.json
    # Another problem, another solver or another schedule was meant.
    for meant in "--solver perceptron --lambda 0.1" "--solver perceptron --gap 0.1" "--solver gd --batch 32" \
        "--solver gd --momentum 0.9" "--solver gd --memory 5" "--solver sgd --workers 2" "--solver sgd --decay 0.1" \
        "--solver gd --schedule cosine --factor 0.5"; do
        # shellcheck disable=SC2086 # words
        run "$DESCENT" train pets $meant
        [ "$status" -eq 2 ]
        [[ "$output" == *"is not used by solver"*"it is used by"* ]]
    done
}

@test "features whose squares are beyond a double: rate auto is refused, and not made up" {
    printf 'x,y\n1e200,0\n-1e200,1\n2e200,1\n' >huge.csv
    for solver in gd sgd svrg saga; do
        run "$DESCENT" train huge.csv --solver "$solver" --rate auto --save model.json
        [ "$status" -eq 1 ]
        [[ $output == *'rate: auto cannot be computed'*'--scale standard'* ]]
        [ ! -e model.json ]
    done
    printf 'x,y\n1e150,0\n-1e150,1\n5e150,1\n' >large.csv
    "$DESCENT" train large.csv --solver gd --rate auto --init 0 --format json |
        jq -e '.trace.loss[-1] < .trace.loss[0] and .status == "epochs"'
}

@test "p of a sum that is far from 0 is 0, not 3e-308" {
    printf 'x,y\n1,0\n2,1\n3,1\n' >three.csv
    "$DESCENT" train three.csv --solver gd --rate 1 --epochs 1 --init 1 --save model.json
    printf 'x\n-1e5\n1e5\n' >far.csv
    [ "$("$DESCENT" predict model.json far.csv --label none | cut -d, -f1 | tail -n +2 | xargs)" = "0 1" ]
}
