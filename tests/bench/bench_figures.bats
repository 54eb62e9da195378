#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The table of bench/figures/figures.sh, from measurements made by hand. Nothing is timed here.

setup()
{
    command -v jq >/dev/null || skip 'jq is not installed'
    json=$BATS_TEST_TMPDIR/figures.json
    rows=()
}

# Three repetitions of a row with these seconds per model, the middle one in the middle.
add() # NAME SECONDS [FIELDS]
{
    local factor
    for factor in 0.5 7 1; do
        rows+=("$(jq -n -c --arg name "$1" --argjson seconds "$2" --argjson factor "$factor" "
            {run_name: \$name, run_type: \"iteration\", repetitions: 3, residual: 1e-15,
             seconds_per_model: (\$seconds * \$factor),
             nanoseconds_per_sample_model: (\$seconds * \$factor)} + ${3:-{\}}")")
    done
}

table()
{
    printf '%s\n' "${rows[@]}" | jq -s '{context: {}, benchmarks: .}' >"$json"
    run "$SOURCE/bench/figures/figures.sh" --of "$json"
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
}

@test "a ratio of medians, with its verdict" {
    add gd_epoch/fused/n:1000000/d:100/k:1/threads:1 2 '{of_ceiling: 0.8}'
    add gd_epoch/two_dgemv/n:1000000/d:100/k:1/threads:1 7
    table
    [[ $output == *'| epoch over read pass | 1000000 x 100 | 1 |  | 1 | fused | 1.25 | 1.1 | 1e-15 | missed |'* ]]
    [[ $output == *'| two_dgemv over fused | 1000000 x 100 | 1 |  | 1 | fused | 3.5 | 2.2 | 1e-15 | met |'* ]]
    [[ $output == *'| two_dgemv over fused | 2000 x 100 | 1 |  | 1 | ? |  | 2.2 |  | not measured |'* ]]
    [[ $output != *'without a result'* ]]
}

@test "the fastest kernel is named; 64 models of two_dgemv cost 64 times one" {
    add gd_epoch/blas/n:200000/d:784/k:64/threads:2 1 '{of_ceiling: 0.7}'
    add gd_epoch/batched/n:200000/d:784/k:64/threads:2 0.5 '{of_ceiling: 0.9}'
    add gd_epoch/auto/n:200000/d:784/k:64/threads:2 0.4 '{of_ceiling: 0.9}'
    add gd_epoch/two_dgemv/n:200000/d:784/k:1/threads:2 2
    table
    [[ $output == *'| share of GEMM rate | 200000 x 784 | 64 |  | 2 | batched | 0.9 | 0.97 |'*'| missed |'* ]]
    [[ $output == *'| a model: two_dgemv over best | 200000 x 784 | 64 |  | 2 | batched | 4 | 8 |'*'| missed |'* ]]
    [[ $output == *'| auto over blas | 200000 x 784 | 64 |  | 2 | auto | 0.4 | 1.05 |'*'| met |'* ]]
}

@test "features in fewer bits beside those as they are, and a few models side by side" {
    add gd_epoch/fused/n:200000/d:784/k:1/threads:1 6 '{of_ceiling: 0.9}'
    add gd_epoch/fused-narrow/n:200000/d:784/k:1/threads:1/precision:float32 3
    add gd_epoch/fused-narrow/n:200000/d:784/k:1/threads:1/precision:int8 1.2
    add gd_epoch/batched/n:200000/d:784/k:64/threads:1 3 '{of_ceiling: 0.9}'
    add gd_epoch/batched-narrow/n:200000/d:784/k:64/threads:1/precision:float32 2
    add gd_epoch/fused/n:1000000/d:100/k:1/threads:1 4 '{of_ceiling: 0.9}'
    add gd_epoch/batched/n:1000000/d:100/k:8/threads:1 0.9
    table
    [[ $output == *'| float64 over float32 | 200000 x 784 | 1 |  | 1 | fused-narrow | 2 | 1.9 | 1e-15 | met |'* ]]
    [[ $output == *'| float64 over int8 | 200000 x 784 | 1 |  | 1 | fused-narrow | 5 | 5.5 | 1e-15 | missed |'* ]]
    [[ $output == *'| float64 over float32 | 200000 x 784 | 64 |  | 1 | batched-narrow | 1.5 | 1.8 |'*'| missed |'* ]]
    [[ $output == *'| share of GEMM rate | 200000 x 784 | 64 |  | 1 | batched | 0.9 |'* ]]
    [[ $output == *'| a model: fused alone over batched | 1000000 x 100 | 8 |  | 1 | batched | 4.444 | 5 | 1e-15 | missed |'* ]]
    [[ $output == *'| float64 over bfloat16 | 200000 x 784 | 1 |  | 1 | ? |'*'| not measured |'* ]]
}

@test "SGD on one thread and on two, in each order" {
    add sgd_epoch/plain/n:10000/d:2/k:64/threads:1/order:random 13
    add sgd_epoch/lanes/n:10000/d:2/k:64/threads:1/order:random 1
    add sgd_epoch/lanes/n:10000/d:2/k:64/threads:2/order:random 0.6
    table
    [[ $output == *'| plain SGD over best | 10000 x 2 | 64 | random | 1 | lanes | 13 | 12 | 1e-15 | met |'* ]]
    [[ $output == *'| SGD: 1 thread over 2 | 10000 x 2 | 64 | random | 2 | lanes | 1.667 | 1.9 | 1e-15 | missed |'* ]]
    [[ $output == *'| plain SGD over best | 10000 x 2 | 64 | none | 1 | ? |'*'| not measured |'* ]]
}

@test "a row with an error has no figure, and is named" {
    add gd_epoch/fused/n:1000000/d:100/k:1/threads:1 2 '{of_ceiling: 0.8}'
    add gd_epoch/two_dgemv/n:1000000/d:100/k:1/threads:1 7 '{error_message: "residual 1e-3"}'
    table
    [[ $output == *'| two_dgemv over fused | 1000000 x 100 | 1 |  | 1 | fused |  | 2.2 |'*'| FAILED: residual 1e-3 |'* ]]
    [[ $output == *'- gd_epoch/two_dgemv/n:1000000/d:100/k:1/threads:1: residual 1e-3'* ]]
}
