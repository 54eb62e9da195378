#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Optima and gaps from the command line: looked for once, kept, told; trials that stop by their gap;
# data without a minimiser; rows held out; rate: auto.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    printf '1,1\n2,1\n3,0\n4,1\n5,0\n6,0\n' > overlapping.csv
    printf '1,1\n2,1\n3,1\n4,0\n5,0\n6,0\n' > separable.csv
    cat > gap.yaml << 'YAML'
# How soon?
name: gap
data: [overlapping.csv, separable.csv]
lambda: [0, 0.01]
rate: auto
runs:
  - {solver: [gd, lbfgs, newton]}
  - {solver: perceptron, stop: {epochs: 5}}
stop: {gap: 1e-9, epochs: 20000}
record: geometric
YAML
}

sweep() {
    "$DESCENT" sweep gap.yaml --results .
}

column() { # of an export: a path in a trial
    "$DESCENT" export gap --format json | jq -r "[.trials[] | $1 | tostring] | join(\" \")"
}

@test "a sweep looks for optima, says where there is none, and stops trials by their gap" {
    run sweep
    [ "$status" -eq 0 ]
    [[ "$output" == *"overlapping.csv: the optimum is known for 2 of 2 lambdas"* ]]
    [[ "$output" == *"separable.csv, lambda 0: no finite minimiser (the data are completely separable"* ]]
    [[ "$output" == *"separable.csv: the optimum is known for 1 of 2 lambdas"* ]]
    run column .status
    [[ "$output" == *"gap"* ]]
    "$DESCENT" export gap --format json > export.json
    jq -e '[.trials[] | select(.status == "gap") | .gap] | length > 0 and all(. <= 1e-9)' export.json
    run "$DESCENT" show gap
    [[ "$output" == *"optimum F* = "*"error at most"* ]]
    [[ "$output" == *"no finite minimiser: the data are completely separable"* ]]
}

@test "what is known of an optimum is not looked for again" {
    sweep > /dev/null
    run sweep
    [ "$status" -eq 0 ]
    [[ "$output" != *"the optimum is known"* ]]
    [[ "$output" == *"separable.csv, lambda 0: no finite minimiser"* ]]
}

@test "optimum: never reports no gaps" {
    echo 'optimum: never' >> gap.yaml
    sed -i 's/gap: 1e-9, epochs: 20000/epochs: 3/' gap.yaml
    run sweep
    [ "$status" -eq 0 ]
    [[ "$output" != *"optimum"* ]]
    run column .optimum
    [[ "$output" != *[0-9]* ]]
    echo 'optimum: sometimes' >> gap.yaml
    run sweep
    [ "$status" -eq 2 ]
}

@test "train stops by its gap, and refuses where there is none" {
    run "$DESCENT" train overlapping.csv --solver newton --gap 1e-12
    [ "$status" -eq 0 ]
    [[ "$output" == *"Status: gap after"* ]]
    [[ "$output" == *"above the optimum"* ]]
    run "$DESCENT" train separable.csv --solver newton --gap 1e-12
    [ "$status" -eq 2 ]
    [[ "$output" == *"no finite minimiser"*"give a --lambda > 0"* ]]
    run "$DESCENT" train overlapping.csv --solver perceptron --gap 1e-12
    [ "$status" -eq 2 ]
    [[ "$output" == *"--gap is not used by solver perceptron"* ]]
}

@test "rate: auto is resolved, and recorded" {
    sweep > /dev/null
    run column .rate_ran
    [[ "$output" != *"auto"* ]]
    run column .configuration.rate
    [[ "$output" == *"auto"* ]]
    run "$DESCENT" train pets --rate auto --epochs 50
    [ "$status" -eq 0 ]
}

@test "rows held out are in the trace, and in show" {
    cat > held.yaml << 'YAML'
# Does it generalise?
name: held
data: pets
split: 0.25
solver: lbfgs
lambda: 0.01
stop: {epochs: 5}
YAML
    "$DESCENT" sweep held.yaml --results .
    run "$DESCENT" show held
    [[ "$output" == *"held out"* ]]
    run "$DESCENT" export held --format csv --traces
    [[ "${lines[0]}" == *"heldout_loss,heldout_accuracy,gap" ]]
    [[ "${lines[1]}" != *",," ]]
}
