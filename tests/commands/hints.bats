#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What users of other programs type as options: told what it is here. The table itself is walked by
# test_hints.c, which also looks at sweep files.

told() # MESSAGE ARGUMENT...
{
    run "$DESCENT" "${@:2}"
    [ "$status" -eq 2 ]
    [[ $output == "descent: $1"* ]] || { echo "$output" && return 1; }
}

@test "options of other programs" {
    told "unknown option '--lr'; here it is --rate; 'descent train --help' lists all" train pets --lr 0.1
    told "unknown option '--learning_rate=1'; here it is --rate" train pets --learning_rate=1
    told "unknown option '--max-iter'; here it is --epochs" train pets --max-iter 5
    told "unknown option '--C'; here it is --lambda: 1/(n C), where n is how many rows are trained on" train pets --C 10
    told "unknown option '-c'; here it is --lambda: 1/(n C)" train pets -c 10
    told "unknown option '-x'; 'descent train --help' lists all" train pets -x
    told "unknown option '--test_size'; here it is --split" train pets --test_size 0.2
    told "unknown option '--nesterov'; here it is --solver gd-nesterov" train pets --nesterov
    told "unknown option '--n-estimators'; leave it out: descent trains one neuron" train pets --n-estimators 3
    told "unknown option '--lr'; write rate in the sweep file" sweep a.yaml --lr 0.1
    told "unknown option '--dataset'; data are named without one: descent train" train --dataset pets
    told "unknown option '--epohcs'; did you mean '--epochs'?" train pets --epohcs 3
}

@test "values of other programs" {
    told "--solver: unknown 'adam'; write --solver minibatch-adam" train pets --solver adam
    told "--scale: unknown 'StandardScaler'; write --scale standard" data pets --scale StandardScaler
    told "--kernel: 'rbf' is not here: descent trains one neuron" train pets --kernel rbf
    told "--solver: unknown solver 'sgx'; did you mean 'sgd'?" train pets --solver sgx
}
