#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Paths: each trial begins with its neighbour's solution, and says so; the same bits after a kill, in
# shards and side by side; and no time of theirs stands beside one from the usual start.

load ../helpers/recorded

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    cat >walk.yaml <<'END'
# What does a solution cost that begins with its neighbour's?
name: walk
data: {generate: blobs, rows: 600, features: 5, seed: 1}
path: lambda
lambda: [0.001, 1, 0.1, 0.01]
runs:
  - {solver: [newton, lbfgs]}
  - {solver: gd, rate: [0.3, 1]}
stop: {epochs: 40, gap: 1e-9}
threads: 1
warmup: 0
retries: 0
finals: 0
END
}

count() # FOLDER
{
    "$DESCENT" export "$1" --format csv 2>/dev/null | grep -c -v -e '^position,' -e ',running,'
}

# Columns of the trials that count, by name.
columns() # FOLDER NAME...
{
    "$DESCENT" export "$1" --format csv | sed 's|"[^"]*"|quoted|g' | awk -F, -v names="${*:2}" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(names, name, " "); next }
        { for (i = 1; i <= n; i++) printf "%s%s", $at[name[i]], i < n ? " " : "\n" }'
}

@test "each begins where its neighbour ended, from the largest lambda down, and says so" {
    "$DESCENT" sweep walk.yaml --quiet
    [ "$(columns results/walk start lambda | sort -u)" = " 1
lambda=0.01 0.001
lambda=0.1 0.01
lambda=1 0.1" ]
    sed -i '/^path/d; s/walk/cold/' walk.yaml
    "$DESCENT" sweep walk.yaml --quiet
    [ "$(columns results/cold start | sort -u)" = "" ]
    # The first of each path is the same trial as without; the others take fewer epochs.
    [ "$(columns results/walk lambda digest | grep '^1 ' | sort)" = "$(columns results/cold lambda digest | grep '^1 ' | sort)" ]
    sum='{ s += $1 } END { print s }'
    [ $((2 * $(columns results/walk epochs solver | grep newton | awk "$sum"))) -lt \
        $((2 * $(columns results/cold epochs solver | grep newton | awk "$sum"))) ]
    # All came to the gap, or to the same number of epochs.
    columns results/walk status gap | awk '$1 == "gap" && !($2 <= 1e-9) { exit 1 }'
}

@test "with a path or without it are two configurations: neither takes the other's trials" {
    "$DESCENT" sweep walk.yaml --quiet
    sed -i '/^path/d' walk.yaml
    run "$DESCENT" sweep walk.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"walk: 12 trials to run, 4 recorded already"* ]]
}

@test "killed again and again: resumed, it is the same" {
    for execution in solo batched; do
        rm -rf results
        "$DESCENT" sweep walk.yaml --quiet --execution "$execution"
        recorded results/walk >expected.csv
        rm -r results
        for instant in 1 2 5 9 14; do
            "$DESCENT" sweep walk.yaml --quiet --execution "$execution" >log 2>&1 3>&- &
            pid=$!
            while [ "$(count results/walk)" -lt "$instant" ] && kill -0 "$pid" 2>/dev/null; do
                :
            done
            kill -KILL "$pid" 2>/dev/null || true
            wait "$pid" || true
        done
        "$DESCENT" sweep walk.yaml --quiet --execution "$execution"
        recorded results/walk | cmp - expected.csv
    done
}

@test "side by side, paths go abreast, and shards have whole ones" {
    "$DESCENT" sweep walk.yaml --quiet --execution batched
    [ "$(columns results/walk solver models | grep -c '^gd 2$')" -eq 8 ]
    [ "$(columns results/walk solver models | grep -c '^newton 1$')" -eq 4 ]
    recorded results/walk >expected.csv
    for shard in 1/3 2/3 3/3; do
        "$DESCENT" sweep walk.yaml --quiet --execution batched --results parts --shard "$shard"
        [ "$(count "parts/walk/shard-${shard%/*}-of-3")" -gt 0 ]
    done
    "$DESCENT" merge parts/all parts/walk/shard-*-of-3
    recorded parts/all | cmp - expected.csv
    run "$DESCENT" plan walk.yaml
    [[ "$output" == *"paths: 4 along lambda, from the largest value down; "* ]]
}

@test "on the line through the last two, trials begin nearer; in shards and after kills, with the same bits" {
    sed -i 's/^lambda.*/lambda: {min: 0.001, max: 1, steps: 9, scale: log}/' walk.yaml
    "$DESCENT" sweep walk.yaml --quiet
    sed 's/^path.*/&\npredict: line/' walk.yaml >line.yaml
    run "$DESCENT" sweep line.yaml
    [[ "$output" == *"walk: 28 trials to run, 8 recorded already"* ]] # the first two of each path
    rm -r results
    "$DESCENT" sweep walk.yaml --quiet --results near
    "$DESCENT" sweep line.yaml --quiet --execution batched
    [ "$(columns results/walk solver lambda start | grep '^newton' | tail -n 3)" = "newton 0.177827941004 lambda=1 to 0.421696503429
newton 0.421696503429 lambda=1
newton 1 " ]
    sum='{ s += $1 } END { print s }'
    [ "$(columns results/walk epochs solver | grep lbfgs | awk "$sum")" -lt \
        "$(columns near/walk epochs solver | grep lbfgs | awk "$sum")" ]
    recorded results/walk >expected.csv
    for shard in 1/2 2/2; do
        "$DESCENT" sweep line.yaml --quiet --execution batched --results parts --shard "$shard"
    done
    "$DESCENT" merge parts/all parts/walk/shard-*-of-2
    recorded parts/all | cmp - expected.csv
    rm -r results
    for instant in 7 20; do
        "$DESCENT" sweep line.yaml --quiet --execution batched >log 2>&1 3>&- &
        pid=$!
        while [ "$(count results/walk)" -lt "$instant" ] && kill -0 "$pid" 2>/dev/null; do
            :
        done
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" || true
    done
    "$DESCENT" sweep line.yaml --quiet --execution batched
    recorded results/walk | cmp - expected.csv
    run "$DESCENT" plan line.yaml
    [[ "$output" == *"each trial begins on the line through the solutions of the two before"* ]]
}

@test "one that diverged leads nowhere: the next begins as usual, and says so" {
    cat >walk.yaml <<'END'
# What if a neighbour diverges?
name: walk
data: {generate: blobs, rows: 600, features: 5, seed: 1}
path: rate
rate: [1000000, 0.1, 0.05]
solver: gd
lambda: 1
stop: {epochs: 20}
END
    "$DESCENT" sweep walk.yaml --quiet
    [ "$(columns results/walk rate start status)" = "1000000  diverged
0.1  epochs
0.05 rate=0.1 epochs" ]
    # Nor is there a line from there.
    sed -i 's/0.05\]/0.05, 0.02]/; s/^path.*/&\npredict: line/' walk.yaml
    "$DESCENT" sweep walk.yaml --quiet --fresh
    [ "$(columns results/walk rate start | tail -n 2)" = "0.05 rate=0.1
0.02 rate=0.1 to 0.05" ]
}

@test "no time of a path is shown as its own, or compared" {
    "$DESCENT" sweep walk.yaml --quiet
    run "$DESCENT" show results/walk
    [ "$status" -eq 0 ]
    [[ "$output" == *" path"* ]]
    [[ "$output" == *"path     began with the solution of its neighbour on a path, without a time of its own"* ]]
    sed -i 's/lambda: .*1, 0.1.*/lambda: [0.001, 0.01]/; s/name: walk/name: pair/' walk.yaml
    "$DESCENT" sweep walk.yaml --quiet
    run "$DESCENT" compare results/pair --by solver
    [ "$status" -eq 0 ]
    [[ "$(tr '\n' ' ' <<<"$output")" == *"4 trials began with the solution of a neighbour on a path"* ]]
    [ "$("$DESCENT" export results/walk --format gbench | grep -c '"run_type"')" -eq 4 ]
}

@test "an axis without an order, and what cannot be, are refused by place" {
    sed -i 's/^path.*/path: solver/' walk.yaml
    run "$DESCENT" sweep walk.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == "descent: walk.yaml:4:7: 'solver' has no order that a path could follow; give one of rate, "*"lambda, as in path: lambda"* ]]
    sed -i 's/^path.*/predict: line/' walk.yaml
    run "$DESCENT" sweep walk.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == "descent: walk.yaml:4:10: predict: line is for paths; give one, as in path: lambda, or leave predict out"* ]]
    sed -i 's/^predict.*/path: lambda/' walk.yaml
    run "$DESCENT" tune-placement walk.yaml --seconds 1
    [ "$status" -eq 2 ]
    [[ "$output" == *"walk.yaml: path: lambda: what is placed begins as usual"* ]]
    run "$DESCENT" sweep walk.yaml --execution placed
    [ "$status" -eq 2 ]
    [[ "$output" == *"leave path out, or give batched or solo"* ]]
}
