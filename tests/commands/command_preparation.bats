#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Scaling, splitting and weighting of data as a user types them: train, predict, data and sweeps.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]]
}

# Sixty rows whose two features differ in scale by a thousand, one class twice as frequent.
write_points() {
    awk 'BEGIN { print "small,large,kind"; for (i = 0; i < 60; i++) {
        u = i * 37 % 61 / 61; v = i * 23 % 59 / 59; rare = i % 3 == 0
        printf "%.6f,%.3f,%s\n", u + rare / 2, 1000 * (v + rare / 3) - 400, rare ? "rare" : "often"
        } }' >points.csv
}

# What training ended with, as predict prints it.
training_end() {
    sed -n 's/^Final loss: //p; s/^Final accuracy: //p' train.txt | xargs printf 'Rows: 60  Loss: %.6g  Accuracy: %.6g\n'
}

@test "a model of scaled features predicts from features as they are" {
    write_points
    for scale in none standard maxabs minmax unit; do
        "$DESCENT" train points.csv --scale "$scale" --epochs 50 --save model.json --force >train.txt
        "$DESCENT" predict model.json points.csv --output rows.csv --force 2>summary
        [ "$(head -n 1 summary)" = "$(training_end)" ]
    done
}

@test "scaling makes training on features of different scales converge" {
    write_points
    loss() { "$DESCENT" train points.csv --epochs 200 --rate 1 --scale "$1" | sed -n 's/^Final loss: //p'; }
    awk -v raw="$(loss none)" -v scaled="$(loss standard)" 'BEGIN { exit !(scaled < 0.6 && raw > 2 * scaled) }'
}

@test "the boundary is told in the features of the file" {
    write_points
    "$DESCENT" train points.csv --scale standard --epochs 2000 --rate 1 >train.txt
    read -r slope sign constant < <(sed -n 's/^Boundary: x2 = \(.*\) x1 \([-+]\) \(.*\)/\1 \2 \3/p' train.txt)
    accuracy=$(awk -F, -v m="$slope" -v c="$sign$constant" 'NR > 1 {
        above = $2 > m * $1 + c; right += above == ($3 == "rare") } END { printf "%.6g", right / 60 }' points.csv)
    [ "$accuracy" = "$(sed -n 's/^Final accuracy: //p' train.txt | xargs printf '%.6g')" ]
    run "$DESCENT" train points.csv --scale unit --epochs 10
    [[ $output != *Boundary* ]]
}

@test "training tells what was done to the data" {
    run "$DESCENT" train pets:rows=61 --scale maxabs --split 0.2 --weights balanced --epochs 5
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "Data: pets, 49 rows, 2 features; label 'cat' is 0, 'dog' is 1" ]
    [ "${lines[1]}" = "Scale: maxabs" ]
    [ "${lines[2]}" = "Held out: 12 rows" ]
    [ "${lines[3]}" = "Class weights: 0.98 and 1.02083" ]
}

@test "both sides of a split are written, and are all of the file" {
    write_points
    "$DESCENT" data points.csv --split 0.25 --names --output training.csv
    "$DESCENT" data points.csv --split 0.25 --heldout --names --output test.csv --threads 1
    [ "$(tail -n +2 training.csv | wc -l)" -eq 45 ]
    [ "$(tail -n +2 test.csv | grep -c rare)" -eq 5 ]
    "$DESCENT" data points.csv --output all.csv
    cmp <(sort all.csv) <(tail -qn +2 training.csv test.csv | sort)
    "$DESCENT" data points.csv --split 0.25 --split-seed 1 --heldout --names --output other.csv
    run cmp -s test.csv other.csv
    [ "$status" -eq 1 ]
}

@test "a scaled set is described and written" {
    write_points
    run "$DESCENT" data points.csv
    [[ $output == *"standardise the features first: --scale standard."* ]]
    run "$DESCENT" data points.csv --scale minmax
    [ "${lines[0]}" = "points.csv (scale minmax)" ]
    [[ $output != *advice* ]]
    "$DESCENT" data points.csv --scale minmax --output scaled.csv
    [ "$(cut -d, -f1 scaled.csv | sort -g | sed -n '1p;$p' | xargs)" = "0 1" ]
}

# Forty rows of 50 features, of which each row has three: what stays sparse.
write_sparse() {
    awk 'BEGIN { for (i = 0; i < 40; i++) {
        rare = i % 4 == 0
        printf "%s %d:%.3f %d:%.3f 50:%d\n", rare ? "+1" : "-1", 1 + i % 7, 1 + i * 13 % 31 / 31,
            10 + i * 11 % 37, 100 * (rare + i * 17 % 29 / 29), 1 + i % 3 } }' >points.svm
}

@test "sparse sets are scaled, split and weighted, and stay sparse" {
    write_sparse
    for scale in maxabs unit; do
        "$DESCENT" train points.svm --scale "$scale" --epochs 30 --rate 1 --save model.json --force >train.txt
        "$DESCENT" predict model.json points.svm --output rows.csv --force 2>summary
        [ "$(head -n 1 summary)" = "$(training_end | sed 's/60/40/')" ]
        "$DESCENT" data convert points.svm dense.csv --force
        "$DESCENT" predict model.json dense.csv --output dense.out --force 2>/dev/null
        cmp rows.csv dense.out
    done
    run "$DESCENT" train points.svm --scale maxabs --split 0.2 --weights balanced --epochs 2
    [ "$status" -eq 0 ]
    [[ $output == *"Held out: 8 rows"* ]]
    run "$DESCENT" data points.svm --split 0.25 --scale maxabs
    [[ $output == *"storage   sparse"* ]]
    "$DESCENT" data convert points.svm training.svm --split 0.25
    "$DESCENT" data convert points.svm test.svm --split 0.25 --heldout
    "$DESCENT" data convert points.svm all.svm
    cmp <(sort all.svm) <(sort training.svm test.svm)
    run "$DESCENT" data points.svm --scale standard
    refused "points.svm: scale standard would make a sparse set dense, as zeros would not stay zeros; use scale maxabs"
}

@test "a model of standardised dense rows predicts from sparse ones" {
    write_sparse
    "$DESCENT" data convert points.svm points.csv
    "$DESCENT" train points.csv --scale standard --epochs 30 --save model.json --force >train.txt
    "$DESCENT" predict model.json points.svm --output rows.csv 2>summary
    [ "$(head -n 1 summary)" = "$(training_end | sed 's/60/40/')" ]
}

@test "mapped files are scaled in memory, by train and by predict, and stay as they are" {
    "$DESCENT" data blobs --rows 60 --features 3 --output points.X.npy
    before=$(cksum <points.X.npy)
    for scale in standard unit; do
        "$DESCENT" train points.X.npy --scale "$scale" --epochs 30 --save model.json --force >train.txt
        "$DESCENT" predict model.json points.X.npy --output rows.csv --force 2>summary
        [ "$(head -n 1 summary)" = "$(training_end)" ]
    done
    [ "$(cksum <points.X.npy)" = "$before" ]
}

@test "sweeps prepare, record and show every set by its own name" {
    cat >ways.yaml <<'END'
data: [pets, {generate: blobs, rows: 50, scale: none}]
scale: [none, standard]
split: 0.2
solver: gd
stop: {epochs: 3}
END
    "$DESCENT" sweep ways.yaml
    run "$DESCENT" show results/ways
    [[ $output == *"pets (split 0.2) (80 rows"* ]]
    [[ $output == *"pets (scale standard, split 0.2) (80 rows"* ]]
    [[ $output == *"blobs:rows=50 (split 0.2) (40 rows"* ]]
    run "$DESCENT" sweep ways.yaml
    [[ $output == *"all 3 trials are recorded"* ]]
}

@test "a way that changes nothing is refused" {
    printf 'data: pets\nweights: [none, balanced]\nsolver: gd\n' >same.yaml
    run "$DESCENT" plan same.yaml
    refused "same.yaml:1:7: pets (weights balanced) has the same data as pets"
}

@test "wrong preparations are refused" {
    run "$DESCENT" train pets --scale standart
    refused "--scale: unknown scale 'standart'; did you mean 'standard'? known: none, standard, maxabs"
    run "$DESCENT" train pets --split 1.5
    refused "--split: '1.5' is not allowed for split; give a number >= 0 and < 1"
    run "$DESCENT" train pets --split-seed 3
    refused "--split-seed is not used without --split"
    run "$DESCENT" train pets --split 0.001
    refused "pets: split 0.001 of the 50 rows of class 'cat' leaves none to hold out"
    run "$DESCENT" data pets --heldout
    refused "--heldout is not used without --split"
    run "$DESCENT" data pets --weights balanced --output pets.csv
    refused "--weights is not stored in a data file"
    [ ! -e pets.csv ]
    printf '1,2\n3,4\n' >points.csv
    run "$DESCENT" data points.csv --label none --weights balanced
    refused "points.csv: weights balanced needs rows of two classes, and there are no labels"
}

@test "models of an older version are read, and broken scalings are not" {
    "$DESCENT" train pets --save model.json
    grep -q '"version": 4' model.json
    grep -q '"scaling": null' model.json
    grep -q '"encoding": null' model.json
    jq 'del(.encoding, .reading.decimal_comma) | .version = 3' model.json >last.json
    jq 'del(.reading) | .version = 2' last.json >older.json
    jq 'del(.scaling) | .version = 1' older.json >old.json
    for version in last older old; do
        cmp <("$DESCENT" predict model.json pets 2>&1) <("$DESCENT" predict $version.json pets 2>&1)
    done
    sed '/"scaling"/d' model.json >cut.json
    run "$DESCENT" predict cut.json pets
    refused 'cut.json: not a whole model: the key "scaling" is missing'
    scaling() { sed "s/\"scaling\": null/\"scaling\": $1/" model.json >odd.json; }
    scaling '{"method": "standart", "offset": [0, 0], "factor": [1, 1]}'
    run "$DESCENT" predict odd.json pets
    refused "unknown scale 'standart'; did you mean 'standard'?"
    scaling '{"method": "standard", "offset": [0, 0], "factor": [1]}'
    run "$DESCENT" predict odd.json pets
    refused 'scaling by standard needs a "factor" of 2 numbers'
    scaling '{"method": "standard", "offset": [0, "a"], "factor": [1, 1]}'
    run "$DESCENT" predict odd.json pets
    refused 'every "offset" of the scaling must be a number'
    scaling '{"method": "maxabs", "offset": [0, 0], "factor": [1, 1]}'
    run "$DESCENT" predict odd.json pets
    refused 'scaling by maxabs has no "offset"'
    scaling '{"method": "maxabs", "factor": [1, 0]}'
    run "$DESCENT" predict odd.json pets
    refused '"factor" 2 of the scaling is 0'
    scaling '[1]'
    run "$DESCENT" predict odd.json pets
    refused '"scaling" must be null or an object'
}

@test "a column that varies by rounding only is a constant, for data, train and predict" {
    printf 'a,b,y\n1,0.3,0\n2,0.30000000000000004,1\n3,0.3,0\n4,0.30000000000000004,1\n5,0.30000000000000004,0\n6,0.3,1\n7,0.30000000000000004,1\n' >nearly.csv
    run "$DESCENT" data nearly.csv
    [[ $output == *"constant: b (a constant feature only adds to the bias)"* ]]
    [[ $output != *advice* ]]
    for scale in standard minmax; do
        "$DESCENT" train nearly.csv --scale $scale --solver newton --lambda 0 --save model.json --force >/dev/null
        printf '4,0.3\n4,0.31\n4,0.29\n' >rows.csv
        "$DESCENT" predict model.json rows.csv | tail -n +2 >out
        [ "$(uniq out | wc -l)" -eq 1 ]
    done
}
