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
    [[ "$output" == *"Stopped: reached the gap after"* ]]
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

@test "columns of any size: every solver that minimises F arrives, or F* is the same" {
    printf 'year,y\n1990,0\n2000,1\n2010,0\n2020,1\n' > year.csv
    printf 'x,y\n500,0\n600,1\n700,0\n800,1\n' > hundreds.csv
    printf 'x,y\n100000,0\n100001,1\n100002,0\n100003,1\n' > far.csv
    printf 'x,y\n1e-24,0\n3e-24,1\n2e-24,0\n4e-24,1\n2.5e-24,1\n2.7e-24,0\n' > tiny.csv
    for seed in 0 1 4; do
        for set in year hundreds far; do
            for lambda in 0 0.01; do
                run "$DESCENT" train $set.csv --solver newton --seed $seed --lambda $lambda --gap 1e-9
                [ "$status" -eq 0 ]
                [[ "$output" == *"Stopped: reached the gap after"* ]]
            done
        done
        run "$DESCENT" train tiny.csv --solver newton --seed $seed --gap 1e-9
        [[ "$output" == *"Stopped: reached the gap after"*"above the optimum 0.34943245863509"* ]]
    done
    run "$DESCENT" train far.csv --solver lbfgs --lambda 0.01 --gap 1e-6
    [ "$status" -eq 0 ]
    [[ "$output" == *"Stopped: reached the gap after"* ]]
}

@test "an outlier does not make data separable" {
    printf 'x,y\n-1,1\n1,0\n1e9,1\n' > outlier.csv
    run "$DESCENT" train outlier.csv --solver newton --gap 1e-9
    [ "$status" -eq 0 ]
    [[ "$output" == *"above the optimum 0.4620981276143"* ]]
}

@test "train says that data are separable, and that a start is too large for a double" {
    for solver in newton lbfgs gd; do
        run "$DESCENT" train separable.csv --solver $solver --epochs 30
        [ "$status" -eq 0 ]
        [[ "$output" == *"separable.csv: F has no finite minimiser without regularisation (the data are completely separable: "*"give a --lambda > 0"* ]]
        run "$DESCENT" train separable.csv --solver $solver --epochs 30 --lambda 0.1
        [[ "$output" != *"no finite minimiser"* ]]
    done
    run "$DESCENT" train overlapping.csv --solver newton --epochs 30
    [[ "$output" != *"no finite minimiser"* ]]
    printf 'x,y\n1e308,0\n-1e308,1\n1e307,0\n1.5e308,1\n' > huge.csv
    run "$DESCENT" train huge.csv --init 100 --epochs 3
    [[ "$output" == *"before the first step; try --scale standard"*"diverged after 0 epochs"* ]]
    run "$DESCENT" train huge.csv --scale standard --epochs 3
    [[ "$output" == *"reached the epoch limit after 3 epochs"* ]]
}

@test "a lambda of any size has an optimum" {
    for lambda in 1e-300 1e-3 1e154 1e300; do
        run "$DESCENT" train overlapping.csv --solver newton --init 0 --lambda $lambda --gap 1e-9
        [ "$status" -eq 0 ]
        [[ "$output" == *"Stopped: reached the gap after"* ]]
    done
    run "$DESCENT" train overlapping.csv --solver newton --lambda 1e154 --epochs 3
    [[ "$output" == *"Stopped: reached the epoch limit after 3 epochs"* ]]
}

@test "a trial below F* withdraws it, for good" {
    command -v sqlite3 > /dev/null || skip 'no sqlite3'
    sed -i 's/separable.csv\]/overlapping.csv]/; s/, overlapping.csv\]/]/' gap.yaml
    sweep > /dev/null
    sqlite3 gap/store.sqlite 'update optimum set objective = objective + 0.001 where lambda = 0'
    sed -i 's/gd, lbfgs, newton/gd, lbfgs, newton, gd-nesterov/; s/gap: 1e-9/gap: 1e-10/' gap.yaml
    run sweep
    [ "$status" -eq 0 ]
    [[ "$output" == *"overlapping.csv, lambda 0: the optimum is not known (withdrawn: a trial ended at F = "* ]]
    run "$DESCENT" show gap
    [[ "$output" == *"optimum not found: withdrawn"* ]]
    run column '(select(.configuration.lambda == 0) | .gap)'
    [[ "$output" != *[0-9]* ]]
    run sweep
    [[ "$output" == *"(withdrawn: "* ]]
}

@test "finals say nothing twice" {
    echo 'finals: 3' >> gap.yaml
    run sweep
    [ "$status" -eq 0 ]
    [ "$(grep -c 'no finite minimiser' <<< "$output")" -eq 1 ]
}

@test "F* above a trial that was recorded before it gives no gaps, and is called withdrawn" {
    command -v sqlite3 > /dev/null || skip 'no sqlite3'
    sed -i 's/data: .*/data: overlapping.csv/' gap.yaml
    sweep > /dev/null
    sqlite3 gap/store.sqlite 'update optimum set objective = objective + 0.01 where lambda = 0'
    "$DESCENT" show gap | grep 'optimum not found: withdrawn: a trial ended at F = .*, below F\* = '
    run column '(select(.configuration.lambda == 0) | .gap)'
    [[ "$output" != *[0-9]* ]]
    run column '(select(.configuration.lambda != 0) | .gap)'
    [[ "$output" == *[0-9]* ]]
}

@test "an F* without a bound on its error is damage, not an optimum" {
    command -v sqlite3 > /dev/null || skip 'no sqlite3'
    sweep > /dev/null
    sqlite3 gap/store.sqlite "update optimum set bound = 9e999 where status = 'found'"
    run "$DESCENT" show gap
    [ "$status" -ne 0 ]
    [[ "$output" == *"is found, but has no value"* ]]
}
