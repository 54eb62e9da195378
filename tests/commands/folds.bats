#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Cross-validation: folds of a sweep, alone and side by side, what show and compare tell of them,
# train --folds with its model, the folds themselves for other programs, and what is refused.

bats_require_minimum_version 1.5.0

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    "$DESCENT" data blobs --rows 607 --features 5 --separation 1 --noise 0.1 --output blobs.csv
    cat >alone.yaml <<'YAML'
# How much regularisation?
name: alone
data: [{file: blobs.csv, scale: standard}]
runs:
  - {solver: gd, rate: 0.5}
  - {solver: newton}
lambda: [0.01, 0.1]
folds: 5
stop: {epochs: 20}
warmup: 0
retries: 0
binding: none
tuning: no
YAML
    sed 's/^name: .*/name: beside/; $a execution: batched' alone.yaml >beside.yaml
    "$DESCENT" sweep alone.yaml --quiet >/dev/null
    "$DESCENT" sweep beside.yaml --quiet >/dev/null
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]] || { echo "$output" && return 1; }
}

near() { # A B: the same but for rounding
    awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(d < 1e-10 && d > -1e-10) }' ||
        { echo "$1 is not $2" && return 1; }
}

compared() { # STORE FILTER: of what compare says
    "$DESCENT" compare "results/$1" --format json | jq "$2"
}

# /usr/bin/python3 with scikit-learn 1.2.1, X and y of blobs.csv, f of `data --folds 5`: for each k
# StandardScaler().fit(X[f != k]), LogisticRegression(C=1 / (n * 0.01), tol=1e-12,
# solver='newton-cholesky') on it, log_loss and roc_auc_score of the rows f == k.
@test "the mean over folds is scikit-learn's, with the same folds" {
    "$DESCENT" train blobs.csv --scale standard --solver newton --epochs 20 --lambda 0.01 \
        --folds 5 --format json | jq .cross_validation >found.json
    near "$(jq .heldout_loss.mean found.json)" 0.6334765582308366
    near "$(jq .heldout_loss.standard_error found.json)" 0.00519489518922266
    near "$(jq .heldout_auc.mean found.json)" 0.6926201758268462
    near "$(jq .heldout_auc.standard_error found.json)" 0.005108385004115167
}

@test "a sweep has the same means as train, alone and side by side" {
    for store in alone beside; do
        near "$(compared $store .best.heldout_loss.mean)" 0.6334765582308366
        near "$(compared $store .best.heldout_loss.standard_error)" 0.00519489518922266
        near "$(compared $store .best.heldout_auc.mean)" 0.6926201758268462
    done
    [ "$(compared alone '.best.configuration | .solver, .lambda')" = $'"newton"\n0.01' ]
    [ "$(compared alone '.configurations | length')" -eq 4 ]
    [ "$("$DESCENT" export results/beside --format csv | grep -c ',gd,')" -eq 10 ]
    "$DESCENT" export results/beside --format json |
        jq -e '[.trials[] | select(.configuration.solver == "gd") | .models] | unique == [10]'
}

@test "show answers in its first lines, with one line for each configuration" {
    "$DESCENT" show results/alone >shown
    [[ $(sed -n 1p shown) == "best: solver=newton lambda=0.01 folds=5 epochs=20: held-out loss \
0.633477 ± 0.0052, accuracy "*" (5 folds)" ]]
    [[ $(sed -n 2p shown) == "within one standard error: solver="*" lambda=0.1 "* ]]
    [ "$(grep -c '5/5' shown)" -eq 4 ]
    "$DESCENT" show results/alone --each-fold | grep -q 'lambda 0.1, without fold 5'
    "$DESCENT" compare results/alone | grep -q '^| newton |'
    "$DESCENT" report results/alone --output page.html
    grep -q '"cross_validation":{"best":{' page.html
    run "$DESCENT" compare results/alone --by solver
    refused "leave --by out"
    run "$DESCENT" show results/alone --sort loss
    refused "add --each-fold"
}

@test "exports have a row for each fold, with its number" {
    "$DESCENT" export results/alone --format gbench >gbench.json
    [ "$(jq '[.benchmarks[].name] | unique | length' gbench.json)" -eq 20 ]
    jq -e '[.benchmarks[] | select(.name | test("^blobs.csv_scale_standard/.*/lambda:0.01/.*fold:2"))] |
        length == 2 and all(.[]; .heldout_loss > 0 and .heldout_auc > 0.5)' gbench.json
    [ "$("$DESCENT" export results/alone --format json |
        jq -c '[.trials[].configuration.fold] | unique')" = '[1,2,3,4,5]' ]
    # Those that ran side by side have no time of their own.
    "$DESCENT" export results/beside --format gbench |
        jq -e '.benchmarks | length == 10 and all(.[]; .name | test("solver:newton"))'
}

@test "the picture has the means of show, and marks what it names" {
    command -v gnuplot >/dev/null || skip "skipped: no gnuplot"
    "$DESCENT" plot validation results/alone --output lambda.svg
    for text in 'Mean held-out loss over lambda: blobs.csv' '<text>gd' '<text>newton' 'best: lambda 0.01' \
        'one-standard-error rule: lambda 0.1' 'one standard error above the best'; do
        grep -qF -- "$text" lambda.svg || { echo "no $text" && return 1; }
    done
    run "$DESCENT" plot validation results/alone --x solver --output f.svg
    refused "--x: solver is not a number"
    run "$DESCENT" plot validation results/alone --x rate --output f.svg
    [ "$status" -eq 0 ]
    "$DESCENT" plot gap results/alone --set 'blobs.csv (scale standard) lambda=0.1 fold=2' --output gap.svg
    grep -qF 'lambda 0.1, without fold 2' gap.svg
    sed 's/^folds: .*//; s/^name: .*/name: whole/' alone.yaml >whole.yaml
    "$DESCENT" sweep whole.yaml --quiet >/dev/null
    run "$DESCENT" plot validation results/whole --output f2.svg
    refused "nothing was trained without a fold here"
}

@test "a picture is of all folds, or of the one that is named" {
    command -v gnuplot >/dev/null || skip "skipped: no gnuplot"
    "$DESCENT" plot heatmap results/alone --x lambda --y solver --output map.svg
    grep -qF 'The mean held-out loss over lambda and solver: blobs.csv' map.svg
    compared alone '.configurations[].heldout_loss.mean' >means
    [ "$(wc -l <means)" -eq 4 ]
    while read -r mean; do
        grep -qF "$(printf '%.4f' "$mean")" map.svg || { echo "no $mean" && return 1; }
    done <means
    for plot in gap targets loss 'heatmap --value gap' 'heatmap --value seconds'; do
        # shellcheck disable=SC2086 # a kind and its option
        run "$DESCENT" plot $plot results/alone --output other.svg
        refused "name it, as in --set 'blobs.csv (scale standard) lambda=0.01 fold=1'"
        [[ $output == *"'descent plot validation'"* ]]
    done
    "$DESCENT" plot performance results/alone --output profile.svg
    grep -qF 'Performance profile: 10 folds, ' profile.svg
    run "$DESCENT" plot heatmap results/alone --set 'blobs.csv (scale standard) lambda=0.1 fold=2' --value heldout_loss --output named.svg
    refused '--set names one of them'
}

@test "a sweep of which trials are missing goes on, and ends the same" {
    sed 's/^name: .*/name: parts/; s/^folds: .*/&\nfold: [0, 2]/' alone.yaml >parts.yaml
    sed 's/^fold: .*/fold: 2/' parts.yaml >one.yaml
    "$DESCENT" sweep one.yaml --quiet >/dev/null
    "$DESCENT" plan parts.yaml | grep -q '^total .* 20 *4 *16 '
    "$DESCENT" plan parts.yaml | grep -q '^folds: .* 20 trainings a round'
    "$DESCENT" sweep parts.yaml --quiet >/dev/null
    for store in alone parts; do
        "$DESCENT" export results/$store --format json |
            jq -S '[.trials[] | [.configuration, .digest, .heldout_auc]] | sort' >$store.json
    done
    cmp alone.json parts.json
}

@test "a gap is to the optimum of the rows that a fold leaves" {
    "$DESCENT" export results/alone --format json | jq -e '[.trials[] |
        select(.configuration.solver == "newton") | .gap | . < 1e-12 and . > -1e-12] | all'
    "$DESCENT" export results/alone --format json |
        jq -e '[.optima[].data_digest] | unique | length == 5'
}

@test "the model of train --folds is of all rows, and keeps its report" {
    "$DESCENT" train blobs.csv --lambda 0.01 --folds 5 --save with.json >told
    [ "$(grep -c '^Fold [1-5] of 5: held-out loss ' told)" -eq 5 ]
    grep -q '^Cross-validation: held-out loss .* ± .* (mean ± standard error over 5 folds)' told
    "$DESCENT" train blobs.csv --lambda 0.01 --save without.json >/dev/null
    [ "$(jq -c .weights with.json)" = "$(jq -c .weights without.json)" ]
    jq -e '.cross_validation | .folds == 5 and .repeats == 1 and .heldout_loss.mean > 0' with.json
    jq -e '.cross_validation == null' without.json
    "$DESCENT" train - --lambda 0.01 --folds 5 <blobs.csv | grep '^Cross-validation' >piped
    grep '^Cross-validation' told | cmp - piped
    "$DESCENT" predict with.json blobs.csv >predicted
    "$DESCENT" predict without.json blobs.csv | cmp - predicted
}

@test "train --fold trains as a file with the other rows does" {
    "$DESCENT" data blobs.csv --folds 5 --output folds.csv
    paste -d, folds.csv <(echo && cat blobs.csv) | awk -F, 'NR > 1 && $1 != 3' | cut -d, -f2- >rest.csv
    "$DESCENT" train rest.csv --scale standard --lambda 0.01 --format json >rest.json
    "$DESCENT" train blobs.csv --scale standard --lambda 0.01 --folds 5 --fold 3 --format json >fold.json
    [ "$(jq -c .weights rest.json)" = "$(jq -c .weights fold.json)" ]
    [ "$(jq .quality.heldout.rows fold.json)" -eq "$(grep -c '^3$' folds.csv)" ]
}

@test "the best of a sweep with folds is trained on all rows" {
    run --separate-stderr "$DESCENT" train --from results/alone
    [[ $output == *"mean loss on the"*"5 folds: 0.633477"* ]]
    [[ $output == *"Data: blobs.csv, 607 rows"* ]]
    [ -z "$stderr" ]
}

@test "folds are dealt anew in repeats, and by seeds" {
    [ "$("$DESCENT" data blobs.csv --folds 5 --fold-repeats 2 | head -n 1)" = fold_1,fold_2 ]
    "$DESCENT" data blobs.csv --folds 5 --fold-repeats 2 | cut -d, -f1 | tail -n +2 >first
    "$DESCENT" data blobs.csv --folds 5 | tail -n +2 | cmp - first
    run ! cmp first <("$DESCENT" data blobs.csv --folds 5 --fold-seed 1 | tail -n +2)
}

@test "what cannot be is refused, with its place and a remedy" {
    planned() { # KEYS: in the place of folds
        sed "s/^folds: .*/$1/" alone.yaml >bad.yaml
        run "$DESCENT" plan bad.yaml
    }
    planned 'folds: 1'
    refused 'bad.yaml:8:8: folds 1 would hold all rows out; give at least 2'
    planned 'folds: 297'
    refused "bad.yaml:8:8: folds 297 are more than the 296 rows of class '1'"
    planned 'fold: 2'
    refused 'bad.yaml:8:7: fold 2 is one of folds; say of how many: folds: 10'
    planned 'fold_repeats: 2'
    refused 'bad.yaml:8:15: fold_repeats is for folds'
    planned 'folds: 5\nsplit: 0.2'
    refused 'bad.yaml:8:8: folds hold rows out in turn, and split does so once'
    planned 'folds: 5\nfinals: 3'
    refused 'bad.yaml:9:9: finals time single trials again'
    planned 'folds: 5\nby: fold'
    refused "bad.yaml:9:5: unknown axis 'fold'"
    planned 'cv: 10'
    refused "write folds: 10"
    run "$DESCENT" train blobs.csv --folds 5 --split 0.2
    refused 'leave out one of the two'
    run "$DESCENT" plot boundary pets --folds 5 --output b.svg
    refused 'pictures are of training on all rows'
}
