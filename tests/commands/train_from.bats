#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent train --from RESULTS: which configuration of a sweep is taken and why, on which data, and
# that it ends as it did there.

bats_require_minimum_version 1.5.0

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    cat >held.yaml <<'YAML'
# Which generalises best?
name: held
data: [{generate: pets, split: 0.3, scale: standard}, {generate: blobs, rows: 40, features: 2}]
solver: gd
rate: [0.1, 1, 1e300]
lambda: [0.001, 0.01]
stop: {epochs: 20}
binding: none
YAML
    sed 's/, split: 0.3//; s/^name: .*/name: all/' held.yaml >all.yaml
    "$DESCENT" sweep held.yaml --quiet >/dev/null
    "$DESCENT" sweep all.yaml --quiet >/dev/null
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]] || { echo "$output" && return 1; }
}

best() { # STORE FIELD: the least value in any trial on pets that ended well
    "$DESCENT" export "results/$1" --format json |
        jq "[.trials[] | select(.data | test(\"pets\")) | select(.status != \"diverged\") | .$2] | min"
}

@test "by the loss on the rows held out, and it ends as it did in the sweep" {
    "$DESCENT" train --from results/held --format json --save model.json --force >out.json
    jq -e '.chosen | test("by its loss on the rows held out")' out.json
    [ "$(jq '.trace.heldout_loss[-1]' out.json)" = "$(best held heldout_loss)" ]
    jq -e '.configuration.stop_epochs == 20 and .configuration.solver == "gd"' out.json
    "$DESCENT" predict model.json pets >rows.csv 2>told
    [ "$(head -n 1 rows.csv)" = 'P(dog),class' ]
    run "$DESCENT" train --from results/held
    [[ ${output//$'\n'/ } == *"Chosen: the best of 4 configurations of results/held on 'pets (scale standard, split 0.3)'"* ]]
}

@test "by the objective where none were, of one lambda" {
    run "$DESCENT" train --from results/all
    refused 'lambda differs, so objectives cannot be compared'
    "$DESCENT" train --from results/all --lambda 0.001 --format json >out.json
    jq -e '(.chosen | test("by its objective, as no rows were held out")) and .configuration.lambda == 0.001' out.json
    [ "$(jq .objective out.json)" = "$(best all objective)" ]
}

@test "another data set of the sweep, and other data, prepared as in the sweep" {
    "$DESCENT" train --from results/held --set blobs:rows=40,features=2 --lambda 0.01 >told
    grep -q '^Data: blobs, 40 rows' told
    run "$DESCENT" train --from results/held --set cats
    refused "no data set of the sweep is called 'cats'"
    "$DESCENT" data pets:rows=60,seed=4 --output other.csv
    "$DESCENT" train --from results/held other.csv >told
    grep -q '^Data: other.csv, 42 rows' told
    grep -qx 'Scale: standard' told
    "$DESCENT" train --from results/held other.csv --scale none --split 0 >told
    grep -q '^Data: other.csv, 60 rows' told
}

@test "what the sweep says is not said again" {
    run "$DESCENT" train --from results/held --rate 1
    refused '--rate is not used with --from'
    run "$DESCENT" train --from results/held --scale none
    refused '--scale is not used with --from without DATA'
    run "$DESCENT" train pets --set pets
    refused '--set is not used without --from'
    run "$DESCENT" train --from nothing
    [ "$status" -ne 0 ]
    [[ $output == *'no results here'* ]]
}
