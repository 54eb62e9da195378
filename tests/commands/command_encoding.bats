#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Tables of categories and missing values as a user types them: trained on, saved, and predicted
# from files with their columns in any order.
# shellcheck disable=SC2154 # `run` sets stderr
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    printf '%s\n' age,port,fare,kind 22.1,S,7.25,no NA,C,71.28,yes 38.7,,0,yes 0.1,S,NA,yes \
        61.3,Q,8.05,no NA,C,3.3,yes 4.9,S,1000,no 22.3,,7.25,no 19,C,18,no 45.5,Q,12,yes >people.csv
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]]
}

trained() { # OPTION...
    "$DESCENT" train people.csv --solver newton --lambda 0.1 --save model.json --force "$@" >train.txt
}

# Are two columns of numbers equal to 1e-12?
near() {
    paste "$1" "$2" | awk '{ d = $1 - $2; if (d > 1e-12 || d < -1e-12) { print "differ: " $0; bad = 1 } } END { exit bad }'
}

# pandas 1.5.3, scikit-learn 1.2.1: ColumnTransformer of SimpleImputer(strategy="median") and
# make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder()), StandardScaler on the numbers,
# LogisticRegression(C=1 / (0.1 * 10), solver="newton-cholesky", tol=1e-15).
@test "coefficients and probabilities are those of scikit-learn" {
    trained --missing median --scale standard
    printf '%s\n' -0.18967835725392732 0.15557072354737386 0.057394517805641664 -0.2129652413530154 \
        -0.5121525259766756 -0.05008451986428516 >expected
    jq '.weights[], .bias' model.json >found
    near found expected
    printf '%s\n' 0.4903806226075718 0.5543399228654137 0.5401908349370667 0.549995336774683 \
        0.45064501911355437 0.5831679661046337 0.17258928197076068 0.5812403391810252 \
        0.5854902133644869 0.4919604630808039 >expected
    "$DESCENT" predict model.json people.csv 2>/dev/null | sed '1d; s/,.*//' >found
    near found expected
    jq -c '.feature_names' model.json | diff - <(echo '["age","port=C","port=Q","port=S","fare"]')
    grep -q '^  port=C  *0.15557  *0.15557 ' train.txt # levels are not scaled
}

@test "train says how columns became features, and what is not unique" {
    trained --missing median --scale standard
    [ "$(sed -n '2,4p' train.txt)" = $'Categories: onehot, 1 column as 3 features\nMissing: median\nScale: standard' ]
    ! grep 'not unique' train.txt || false
    trained --missing drop --categories hash:2 --lambda 0 2>notes.txt
    [ "$(sed -n '2,3p' train.txt)" = $'Categories: hash:2, 1 column as 2 features\nMissing: drop' ]
    [ "$(head -n 1 notes.txt)" = 'descent: note: people.csv: 5 of 10 rows have a missing value and are dropped' ]
    [ "$(grep -c "weights are not unique without --lambda: a constant .* 'port'; " <(tr '\n' ' ' <train.txt))" -eq 1 ]
    trained --missing mean --categories ordinal --lambda 0
    ! grep 'not unique' train.txt || false
    trained --drop port,age --missing indicator
    [ "$(sed -n '2,3p' train.txt | cut -d: -f1 | xargs)" = 'Missing Training' ]
    cut -d, -f3,4 people.csv | sed '/NA/d' >whole.csv
    "$DESCENT" train whole.csv --missing median --lambda 0.1 | sed -n 2p | grep -q '^Training'
}

@test "columns in any order, more of them, and fewer rows give the same probabilities" {
    for ways in "onehot median" "onehot indicator" "ordinal mean" "hash:7 indicator"; do
        # shellcheck disable=SC2086 # words
        set -- $ways
        trained --categories "$1" --missing "$2" --scale maxabs
        "$DESCENT" predict model.json people.csv >known 2>told
        [ "$(head -n 1 told)" = "$(sed -n 's/^Final loss: //p; s/^Final accuracy: //p' train.txt |
            xargs printf 'Rows: 10  Loss: %.6g  Accuracy: %.6g\n')" ]
        awk -F, -v OFS=, '{ print $4, NR == 1 ? "more" : "text " NR, $3, $1, $2 }' people.csv >other.csv
        "$DESCENT" predict model.json other.csv 2>/dev/null | cmp - known
        cut -d, -f1-3 people.csv | "$DESCENT" predict model.json - 2>/dev/null | cmp - known
        sed 1d people.csv >rows.csv
        "$DESCENT" predict model.json rows.csv 2>/dev/null | cmp - known
        { sed -n 1p people.csv; sed -n 7p people.csv; } >one.csv
        "$DESCENT" predict model.json one.csv 2>/dev/null | diff - <(sed -n '1p; 7p' known)
    done
}

@test "a column of numbers that are categories is read as one again" {
    awk -F, -v OFS=, '{ sub("S", 3, $2); sub("C", 1, $2); sub("Q", 20, $2); print }' people.csv >codes.csv
    trained --missing median
    "$DESCENT" predict model.json people.csv 2>/dev/null >known
    "$DESCENT" train codes.csv --category port --missing median --solver newton --lambda 0.1 \
        --save codes.json >/dev/null
    jq -c '.feature_names' codes.json | diff - <(echo '["age","port=1","port=20","port=3","fare"]')
    "$DESCENT" predict codes.json codes.csv 2>/dev/null | cmp - known
}

@test "what training has not seen is told, and what it cannot fill is refused" {
    trained --missing median
    sed 's/,Q,8.05/,X,8.05/; s/,Q,12/,X,12/' people.csv >new.csv
    run --separate-stderr "$DESCENT" predict model.json new.csv
    [ "$status" -eq 0 ]
    [[ $stderr == *"note: new.csv: column 'port' of the rows to predict: 2 rows have a level that was not trained on, encoded as zeros: 'X' (2)"* ]]
    trained --missing drop
    run "$DESCENT" predict model.json people.csv
    refused "people.csv: values are missing in the rows to predict"
    refused "'age' (2 rows), 'port' (2 rows), 'fare' (1 row)"
    trained --drop port --missing drop
    run "$DESCENT" predict model.json people.csv
    refused "'age' (2 rows), 'fare' (1 row)"
    sed -n '/NA\|,,/!p' people.csv | cut -d, -f1,3,4 >whole.csv
    "$DESCENT" train whole.csv --lambda 0.1 --save model.json --force >/dev/null
    run "$DESCENT" predict model.json people.csv
    refused "people.csv: values are missing, and the model was trained on rows of numbers"
}

@test "columns that cannot be used are named at once, with the ways out" {
    run "$DESCENT" train people.csv
    refused "people.csv: values are missing: "
    refused "'age' (2 rows), 'port' (2 rows), 'fare' (1 row) of 10 rows"
    run "$DESCENT" train people.csv --missing mean --categories refuse
    refused "'port' ('C', 'Q', 'S')"
    run "$DESCENT" train people.csv --missing mean --categories hash
    refused "--categories: hash needs a number of features"
    run "$DESCENT" train people.csv --missing mode
    refused "unknown way to treat missing values 'mode'"
    run "$DESCENT" train people.csv --missing mean --categories hash:3 --rare 2
    refused "rare 2: a hash keeps no levels"
    printf 'a,b,y\n1,NA,0\n2,NA,1\n' >empty.csv
    run "$DESCENT" train empty.csv --missing mean
    [ "$status" -eq 2 ]
    [[ $output == *b* ]]
}

@test "rows held out change nothing of what is trained" {
    "$DESCENT" train people.csv --split 0.4 --missing indicator --scale standard --save one.json >/dev/null
    "$DESCENT" data people.csv --split 0.4 --missing indicator --heldout --output held.csv
    [ "$(wc -l <held.csv)" -eq 4 ]
    awk -F, -v OFS=, 'FNR == NR { held[$1] = 1; next } FNR > 1 && ($1 + 0 in held) { $1 = 1e6; $2 = "Z" } { print }' \
        <(sed 's/,.*//' held.csv) people.csv >strange.csv
    run cmp -s people.csv strange.csv
    [ "$status" -eq 1 ]
    "$DESCENT" train strange.csv --split 0.4 --missing indicator --scale standard --save two.json \
        >/dev/null 2>notes
    grep -q "of the rows held out: .* not trained on, encoded as zeros: 'Z'" notes
    cmp <(jq -S 'del(.data, .reading)' one.json) <(jq -S 'del(.data, .reading)' two.json)
}

@test "ways to encode are axes of a sweep" {
    cat >axes.yaml <<'END'
name: axes
data:
  - {file: people.csv}
categories: [onehot, "hash:4"]
missing: [drop, mean]
runs:
  - {solver: gd, rate: 0.001}
stop: {epochs: 2}
END
    "$DESCENT" sweep axes.yaml --quiet >/dev/null 2>&1
    "$DESCENT" export results/axes --format csv >rows.csv
    for words in "(missing drop)" "(missing mean)" "(categories hash:4, missing drop)" "(categories hash:4, missing mean)"; do
        grep -qF "$words" rows.csv
    done
}

@test "the best preparation is that of the least loss on the same rows held out" {
    awk 'BEGIN { print "a,b,c,y"; for (i = 0; i < 60; i++)
        printf "%s,%d,%s,%d\n", i % 7 == 0 ? "" : i % 5, i * 37 % 60 * 100, i % 3 == 0 ? "u" : "v", i % 3 == 0 || i % 4 == 0 }' >same.csv
    cat >same.yaml <<'END'
name: same
data: [{file: same.csv}]
missing: [drop, mean, indicator]
scale: [none, standard]
split: 0.2
metric: heldout_loss
runs:
  - {solver: gd, rate: 0.1, lambda: [0.001, 1]}
stop: {epochs: 20}
END
    "$DESCENT" sweep same.yaml --quiet >/dev/null 2>&1
    "$DESCENT" export results/same --format csv >rows.csv
    # Dropped rows are other rows, and are not compared with those that are filled.
    least=$(sed '/missing drop/d; s/"[^"]*"/set/' rows.csv | awk -F, 'NR == 1 { while ($++c != "heldout_loss"); next }
        NR == 2 || $c < least { least = $c } END { printf "%.6f", least }')
    [[ "$("$DESCENT" show results/same | head -n 1)" == *"heldout_loss $least"*"scale standard"* ]]
    run "$DESCENT" compare results/same --by missing
    [ "$status" -eq 2 ]
    [[ $output == *"--by missing: with 'missing drop' other rows are held out"* ]]
    sed 's/drop, //; s/name: same/name: filled\nby: missing/' same.yaml >filled.yaml
    "$DESCENT" sweep filled.yaml --quiet >/dev/null 2>&1
    "$DESCENT" compare results/filled --format json >filled.json
    jq -e '.sides == ["missing mean", "missing indicator"] and ([.problems[].data] | unique == ["same.csv (scale standard, split 0.2)", "same.csv (split 0.2)"])' filled.json
    # Three ways to encode: the default first, and sizes in their order.
    sed 's/missing: .*/missing: mean/; s/scale: .*/categories: [ordinal, "hash:4", onehot]/; s/name: same/name: encoded\nby: categories/' same.yaml >encoded.yaml
    "$DESCENT" sweep encoded.yaml --quiet >/dev/null 2>&1
    "$DESCENT" compare results/encoded --format json | jq -c '[.sides, [.problems[].data]]' |
        diff - <(echo '[["categories onehot","categories hash:4","categories ordinal"],["same.csv (split 0.2, missing mean)"]]')
    sed 's/categories: .*/rare: [20, 0]/; s/by: .*//; s/name: .*/name: rare/' encoded.yaml >rare.yaml
    "$DESCENT" sweep rare.yaml --quiet >/dev/null 2>&1
    "$DESCENT" compare results/rare --by rare --format json | jq -c .sides | diff - <(echo '["rare 0","rare 20"]')
    [[ "$("$DESCENT" train --from results/same)" == *"the best of 8 configurations"*"scale standard"* ]]
    [[ "$("$DESCENT" train --from results/same --set 'same.csv (split 0.2, missing drop)')" == *"the best of 2 configurations"* ]]
}
