#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A plain `descent train DATA`: it reaches the optimum or says why not, whatever the units of the
# columns; what anything else on the command line leaves as it was; and the coefficients by name.

# shellcheck disable=SC2154 # `run` sets stderr
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    "$DESCENT" data blobs:rows=200,features=3,noise=0.1,seed=2 --output made.csv
}

# The same rows, with the third column in other units, and their names.
in_units() { # FACTOR
    { echo 'short,long,far,kind' && awk -F, -v OFS=, -v f="$1" '{ $3 *= f; print }' made.csv; } >units.csv
}

@test "it ends within 1e-6 of the optimum, in any units, and says what was chosen" {
    for factor in 1e-6 1 1e6; do
        in_units $factor
        run --separate-stderr "$DESCENT" train units.csv
        [ "$status" -eq 0 ]
        [[ $output == *"Chosen: Newton's method, until F is at most 1e-06 above its optimum;"* ]]
        [[ $output == *'Stopped: reached the gap after'* ]]
        if [ $factor = 1 ]; then
            [ -z "$stderr" ]
        else
            [[ $stderr == *"units.csv: the scales of '"*"' differ by a factor of "*'add --scale standard'* ]]
        fi
        "$DESCENT" train units.csv --format json |
            jq -e '.status == "gap" and (.chosen | test("Newton"))
                and (.trace.gap[-1] <= 1e-6) and .configuration.solver == "newton"'
    done
    run "$DESCENT" train units.csv --scale standard
    [[ $output != *'differ by a factor'* ]]
    "$DESCENT" train units.csv --lambda 0.1 --seed 3 --threads 1 | grep -q 'Stopped: reached the gap after'
}

@test "where F has no finite minimiser, that is said before training, once, with what to add" {
    printf 'x,y\n1,0\n2,0\n3,1\n4,1\n' >separable.csv
    run "$DESCENT" train separable.csv
    [ "$status" -eq 0 ]
    [ "$(tr '\n' ' ' <<<"$output" | grep -o 'no finite minimiser' | wc -l)" -eq 1 ]
    [[ ${output//$'\n'/ } == *'Chosen: '*'completely separable'*'add --lambda 1e-4'*'= Epoch 0 ='* ]]
    [[ $output == *'Stopped: reached the loss after'* ]]
    run "$DESCENT" train separable.csv --lambda 1e-4
    [[ $output == *'Stopped: reached the gap after'* ]]
    # Half of it only: F falls to something above 0.
    printf 'x,z,y\n1,0,0\n2,0,1\n1.5,0,1\n1.2,0,1\n1.6,0,0\n1,1,1\n3,1,1\n' >half.csv
    run "$DESCENT" train half.csv
    [ "$status" -eq 0 ]
    [[ ${output//$'\n'/ } == *'or for 40 epochs: F has no finite minimiser'* ]]
    [[ $output == *'Stopped: reached the epoch limit after 40 epochs'* ]]
}

@test "as soon as anything is said of how, the defaults are those of every sweep" {
    for options in '--epochs 3' '--solver gd --epochs 3' '--rate 0.1 --epochs 3' '--init 0,0,0 --epochs 3'; do
        # shellcheck disable=SC2086 # words of a command line
        run "$DESCENT" train made.csv $options
        [ "$status" -eq 0 ]
        [ "${lines[1]}" = 'Training: solver=gd epochs=3' ]
        [[ $output != *Chosen* ]]
    done
    "$DESCENT" train made.csv --init 0,0,0 | grep -qx 'Training: solver=gd'
    "$DESCENT" train made.csv --epochs 3 --format json | jq -e '.chosen == null'
    "$DESCENT" train --help | grep -q -- '--solver sgd --rate 0.1 --epochs 100'
}

# Weights per standard deviation do not depend on the units, and those per unit undo them.
@test "coefficients: by name, the largest effect first, the same effect in any units" {
    in_units 1
    "$DESCENT" train units.csv --lambda 0 --gap 1e-13 --solver newton --format json >one.json
    in_units 1000
    "$DESCENT" train units.csv --lambda 0 --gap 1e-13 --solver newton --format json >thousand.json
    "$DESCENT" train units.csv --lambda 0 --gap 1e-13 --solver newton --format json --scale standard >scaled.json
    for file in thousand scaled; do
        jq -es '(.[0].coefficients | map(.column)) == (.[1].coefficients | map(.column)) and
            ([.[0].coefficients, .[1].coefficients] | transpose | map(
                (.[0].per_deviation - .[1].per_deviation | fabs < 1e-5) and
                (.[0].per_unit - .[1].per_unit * (if .[0].column == "far" then 1000 else 1 end) | fabs < 1e-5) and
                (.[0].odds_ratio_per_deviation - (.[0].per_deviation | exp) | fabs < 1e-9)
            ) | all) and (.[0].bias_per_unit - .[1].bias_per_unit | fabs < 1e-5) and
            (.[0].coefficients | map(.per_deviation | fabs) | . == (sort | reverse))' one.json $file.json
    done
    jq -e '.coefficients | all(.weight - .per_deviation | fabs < 1e-9)' scaled.json
}

@test "coefficients: so many as asked for, and all of them in the model" {
    "$DESCENT" data blobs:rows=100,features=15,noise=0.1 --output wide.csv
    "$DESCENT" train wide.csv --lambda 0.1 --scale standard --save model.json >told
    [ "$(sed -n '/^Coefficients/,$p' told | grep -cE '^  x[0-9]+ ')" -eq 12 ]
    grep -q '  ... and 3 more (--coefficients N shows more, --save has all)' told
    jq -e '(.unscaled.weights | length == 15) and (.unscaled.bias | type == "number")' model.json
    # The model of unscaled rows says the same of them.
    jq '.weights = .unscaled.weights | .bias = .unscaled.bias | .scaling = null' model.json >raw.json
    paste -d, <("$DESCENT" predict model.json wide.csv 2>/dev/null) \
        <("$DESCENT" predict raw.json wide.csv 2>/dev/null) |
        awk -F, 'NR > 1 { e = $1 - $3; if (e * e > 1e-24) exit 1 }'
    run "$DESCENT" train wide.csv --lambda 0.1 --coefficients 0
    [[ $output != *Coefficients* ]]
    [ "$("$DESCENT" train wide.csv --lambda 0.1 --coefficients 99 --format json | jq '.coefficients | length')" -eq 15 ]
    run "$DESCENT" train wide.csv --coefficients many
    [ "$status" -eq 2 ]
    [[ $output == *"--coefficients: 'many' is not a number of columns"* ]]
    # A perceptron has no odds, and rows divided by their lengths no units.
    "$DESCENT" train wide.csv --solver perceptron --format json |
        jq -e '.coefficients | all(.odds_ratio_per_unit == null and .per_unit != null)'
    "$DESCENT" train wide.csv --lambda 0.1 --scale unit --format json |
        jq -e '.bias_per_unit == null and (.coefficients | all(.per_unit == null))'
}
