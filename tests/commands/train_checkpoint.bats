#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent train --checkpoint: what a command prints and saves that was stopped in the middle, again and
# again, is what it prints and saves in one go. A command is stopped when there is a checkpoint; where
# it is faster than that, it has ended, and the comparison holds all the same.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    command=("$DESCENT" train "blobs:rows=600,features=6,seed=1" --solver saga --rate 0.01 --lambda 1e-3
        --epochs 4000 --record geometric --threads 1 --no-tuning)
}

written() # when the checkpoint was, or nothing
{
    stat -c %y run.checkpoint 2>/dev/null || true
}

# Sends the signal to a command once it has written a checkpoint; $code, and in part.txt what it said.
stop() # SIGNAL COMMAND...
{
    local before
    before=$(written)
    "${@:2}" --checkpoint run.checkpoint --checkpoint-every 0 >part.txt 2>&1 3>&- &
    local number=$!
    while kill -0 "$number" 2>/dev/null && [ "$(written)" = "$before" ]; do
        sleep 0.01
    done
    kill "-$1" "$number" 2>/dev/null || true
    code=0
    wait "$number" || code=$?
}

# Without what is said of the parts, and the seconds.
plain() # FILE
{
    grep -v -e '^Continued: ' -e '^Seconds: ' -e '^Parts: ' "$1"
}

refused() # exit code 2, one message with this text
{
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]] || { echo "$output" && return 1; }
}

@test "killed, terminated and interrupted: the same is told in the end, and that it went on" {
    local epoch=
    "${command[@]}" >whole.txt
    for signal in KILL TERM INT; do
        stop "$signal" "${command[@]}"
        if [ "$code" -eq 130 ]; then
            [[ $(tail -n 1 part.txt) =~ 'descent: stopped after epoch '([0-9]+)', which run.checkpoint keeps; the same command goes on' ]]
            epoch=${BASH_REMATCH[1]}
        fi
    done
    "${command[@]}" --checkpoint run.checkpoint >part.txt
    diff <(plain whole.txt) <(plain part.txt)
    [ -z "$epoch" ] || grep -qx "Continued: from run.checkpoint, after epoch $epoch" part.txt
    [ -z "$epoch" ] || grep -qE '^Parts: [2-4], the seconds are those of all$' part.txt
    [ ! -e run.checkpoint ]
}

@test "without each fold in turn: the same models and measures, as JSON and saved" {
    command+=(--epochs 600 --folds 4 --format json --save model.json --force)
    "${command[@]}" >whole.json
    cp model.json whole-model.json
    for signal in TERM KILL INT TERM KILL; do
        stop "$signal" "${command[@]}"
    done
    "${command[@]}" --threads 2 --checkpoint run.checkpoint >part.json
    diff <(jq 'del(.seconds, .continued, .configuration, .trace.seconds)' whole.json) \
        <(jq 'del(.seconds, .continued, .configuration, .trace.seconds)' part.json)
    diff <(jq 'del(.configuration)' whole-model.json) <(jq 'del(.configuration)' model.json)
    [ ! -e run.checkpoint ]
    [ "$(jq .continued whole.json)" -eq 0 ]
}

@test "a checkpoint of something else is refused, and stays" {
    command+=(--epochs 1000000000)
    stop TERM "${command[@]}"
    [ "$code" -eq 130 ]
    cp run.checkpoint kept
    for other in '--rate 0.02' '--init=1,2,3,4,5,6' '--bias 1' '--epochs 50' '--seed 5'; do
        # shellcheck disable=SC2086 # words
        run "${command[@]}" $other --checkpoint run.checkpoint
        refused "run.checkpoint: a checkpoint of another configuration, 'solver=saga rate=0.01 "
        [[ $output == *"give all options as before, give --checkpoint another name, or remove the file"* ]]
    done
    run "$DESCENT" train pets "${command[@]:3}" --checkpoint run.checkpoint
    refused "run.checkpoint: a checkpoint of other data, 'blobs'"
    cmp run.checkpoint kept
    head -c 1500 kept >run.checkpoint
    run "${command[@]}" --checkpoint run.checkpoint
    refused 'run.checkpoint: a damaged checkpoint; remove the file to start over'
    printf 'x,y\n1,2\n' >table.csv
    run "${command[@]}" --checkpoint table.csv
    refused "table.csv: this file exists, and is no checkpoint of 'descent train'"
    [ "$(cat table.csv)" = $'x,y\n1,2' ]
}

@test "what cannot be meant is refused before it trains" {
    run "${command[@]}" --checkpoint .
    refused "--checkpoint: '.' is no regular file"
    run "${command[@]}" --checkpoint -
    refused "--checkpoint: '-' is no regular file"
    run "${command[@]}" --checkpoint none/a
    [[ $output == *'none/a: cannot be written'* ]]
    run "${command[@]}" --checkpoint a --save a
    refused 'a: two files to be written have this name'
    run "${command[@]}" --checkpoint-every 5
    refused '--checkpoint-every is not used without --checkpoint'
    run "${command[@]}" --checkpoint a --checkpoint-every soon
    refused "--checkpoint-every: 'soon' is not allowed"
    run "$DESCENT" train pets --solver sgd --step-by-step --checkpoint a
    refused '--step-by-step tells the first updates'
    run "$DESCENT" train pets --solver sgd --animate a.gif --checkpoint a
    refused '--animate shows training from its first epoch'
    [ ! -e a ]
}

@test "a checkpoint that cannot be written is told of once, and training goes on" {
    "${command[@]}" --epochs 30 --record every >whole.txt
    run --separate-stderr bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' bash "${command[@]}" --epochs 30 \
        --record every --checkpoint run.checkpoint --checkpoint-every 0
    [ "$status" -eq 0 ]
    # shellcheck disable=SC2154 # set by run
    [ "$(grep -c 'descent: note: no checkpoint this time: run.checkpoint: ' <<<"$stderr")" -eq 1 ]
    diff <(plain whole.txt) <(plain - <<<"$output")
    [ ! -e run.checkpoint ]
}
