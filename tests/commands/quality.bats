#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The quality of a classifier, as train and predict say it: measures, thresholds, the class that is
# 1, what is not defined, and the picture of its calibration. That the measures are right,
# tests/unit/measure/test_classification.c shows.

# shellcheck disable=SC2154 # `run` sets stderr
bats_require_minimum_version 1.5.0

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    "$DESCENT" data pets --output pets.csv
    "$DESCENT" train pets.csv --solver newton --lambda 0.01 --save model.json >trained.txt
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    cp "$BATS_FILE_TMPDIR"/{pets.csv,model.json,trained.txt} .
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]] || { echo "$output" && return 1; }
}

# A measure as predict says it: the words before it.
measured() { # WORDS
    sed -n "s/^  $1  *//p" told
}

@test "train and predict say the same of the same rows" {
    "$DESCENT" predict model.json pets.csv >rows.csv 2>told
    diff <(sed -n '/^  accuracy/,/^$/p' trained.txt) <(sed -n '/^  accuracy/,/^$/p' told)
    [ "$(head -n 1 rows.csv)" = 'P(dog),class' ]
    grep -qx "Quality: 'dog' is class 1, and is said where its probability is above 0.5" told
    [ "$(measured accuracy)" = "$(sed -n 's/.*Accuracy: //p' told)" ]
}

@test "measures and confusion are those of the rows written" {
    for threshold in 0.1 0.5 0.9; do
        "$DESCENT" predict model.json pets.csv --threshold $threshold >rows.csv 2>told
        tail -n +2 rows.csv | paste -d, pets.csv - | awk -F, -v threshold=$threshold '
            { n[$3 "," $5]++; right += $3 == $5; if (($4 > threshold) != ($5 == "dog")) wrong = 1 }
            END {
                said = n["cat,dog"] + n["dog,dog"]
                printf "%.6g %.6g %.6g\n", right / NR, n["dog,dog"] / said,
                    n["dog,dog"] / (n["dog,dog"] + n["dog,cat"])
                exit wrong
            }' >want
        echo "$(measured accuracy) $(measured precision) $(measured recall)" | diff - want
        awk '/^  is/ { print $3 + $4 }' told | diff - <(printf '50\n50\n')
    done
}

@test "json has all measures, of the rows held out too, and null where there are none" {
    "$DESCENT" train pets --solver newton --lambda 0.01 --split 0.3 --threshold 0.4 --format json >out.json
    jq -e '.quality.training.rows == 70 and .quality.heldout.rows == 30 and
        .quality.training.positive == "dog" and (.quality.training.threshold - 0.4 | fabs < 1e-12) and
        ([.quality.heldout | .accuracy, .balanced_accuracy, .precision, .recall, .f1, .auc,
          .average_precision, .brier_score, .log_loss] | all(type == "number")) and
        ([.quality.heldout.confusion[].rows] | add == 30) and
        (.quality.training.log_loss - .loss | fabs < 1e-12)' out.json
    "$DESCENT" train pets --solver newton --lambda 0.01 --format json | jq -e '.quality.heldout == null'
    "$DESCENT" train pets --rate 1e300 --lambda 1e10 --format json | jq -e '.quality.training == null'
}

@test "what is not defined where a class is absent is a dash" {
    grep ',cat$' pets.csv >cats.csv
    "$DESCENT" predict model.json cats.csv --threshold 1 >rows.csv 2>told
    for words in 'balanced accuracy' precision recall F1 AUC 'average precision'; do
        [ "$(measured "$words")" = - ] || { cat told && return 1; }
    done
    [ "$(measured accuracy)" = 1 ]
    run grep -iE 'nan|inf' told rows.csv
    [ "$status" -eq 1 ]
}

@test "balanced: classes count alike, as in training" {
    head -n 75 pets.csv | grep -v '^0.1' >some.csv && tail -n 5 pets.csv | grep dog >>some.csv
    "$DESCENT" train some.csv --solver newton --lambda 0.01 --weights balanced --save m.json >trained.txt
    "$DESCENT" predict m.json some.csv --weights balanced >rows.csv 2>told
    [ "$(measured 'log loss')" = "$(sed -n 's/^Final loss: //p' trained.txt | awk '{ printf "%.6g", $1 }')" ]
    [ "$(measured accuracy)" = "$(measured 'balanced accuracy')" ]
    grep ',cat$' pets.csv >cats.csv
    run --separate-stderr "$DESCENT" predict m.json cats.csv --weights balanced
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [[ $stderr == *'one class only'* ]]
}

@test "the class that is 1 is chosen by its name, and the model keeps it" {
    "$DESCENT" train pets.csv --solver newton --lambda 0.01 --positive cat --save cat.json >told
    grep -q "label 'dog' is 0, 'cat' is 1" told
    grep -q "^Quality: 'cat' is class 1" told
    "$DESCENT" predict cat.json pets.csv >cat.csv 2>told_cat
    "$DESCENT" predict model.json pets.csv >dog.csv 2>told
    [ "$(head -n 1 cat.csv)" = 'P(cat),class' ]
    paste -d, cat.csv dog.csv | awk -F, 'NR > 1 { e = $1 + $3 - 1; if (e * e > 1e-12 || $2 != $4) exit 1 }'
    diff <(grep -E '^  (accuracy|AUC|log)' told) <(grep -E '^  (accuracy|AUC|log)' told_cat)
    run "$DESCENT" train pets.csv --positive bird
    refused "pets.csv: positive 'bird' is not a class; there are 'cat' and 'dog'"
    # Which rows are held out does not depend on it.
    rows() { "$DESCENT" data pets.csv --split 0.2 --heldout "$@" --output - | sort; }
    diff <(rows) <(rows --positive cat)
    printf 'data: pets.csv\npositive: [cat, dog]\nsolver: gd\n' >s.yaml
    "$DESCENT" plan s.yaml | grep -q 'pets.csv (positive cat)'
}

@test "a threshold is a probability" {
    for wrong in 1.5 -0.1 much nan; do
        run "$DESCENT" predict model.json pets.csv "--threshold=$wrong"
        refused "--threshold: '$wrong' is not a probability"
    done
    run "$DESCENT" train pets --threshold 2
    refused 'give a number from 0 to 1'
}

@test "plot calibration: shares in bins beside what the model says, and rows in each" {
    command -v gnuplot >/dev/null || skip 'skipped: no gnuplot'
    "$DESCENT" plot calibration pets.csv --model model.json --output c.svg
    for text in 'Calibration on pets.csv: 100 rows, mean error' 'perfect calibration' \
        "share of rows that are 'dog'" "probability that the model gives 'dog'"; do
        grep -qF "$text" c.svg || { echo "no $text" && return 1; }
    done
    # A model whose class 1 is the other one is looked at by its own class.
    "$DESCENT" train pets.csv --solver newton --lambda 0.01 --positive cat --save cat.json >/dev/null
    "$DESCENT" plot calibration pets.csv --model cat.json --output cat.svg
    grep -qF "share of rows that are 'cat'" cat.svg
    error() { sed -n 's/.*mean error \([0-9.]*\).*/\1/p' "$1"; }
    [ "$(error c.svg)" = "$(error cat.svg)" ]
    run "$DESCENT" plot calibration pets.csv --output d.svg
    refused '--model FILE is missing'
    run "$DESCENT" plot calibration pets.csv --label none --model model.json --output d.svg
    refused 'calibration needs labels'
    [ ! -e d.svg ]
}
