#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Sweeps from end to end: running, going on after every kind of end, and what bad input gets. What
# happens "in the middle" is made to happen by looking at what is recorded, not by waiting; and where
# a machine is faster than that, the comparison with an undisturbed run holds all the same.
#
# Tests run side by side: none keeps to the processor that another keeps to, and none runs a trial
# again because of the others (binding, retries).

load ../helpers/recorded
load ../helpers/compilers

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    cat >long.yaml <<'END'
# Is it the same after a kill?
name: long
data: {generate: blobs, rows: 2000, features: 10, seed: 1}
runs:
  - {solver: sgd, rate: {min: 0.001, max: 0.1, steps: 10, scale: log}}
  - {solver: gd, rate: {min: 0.01, max: 1, steps: 10, scale: log}, threads: [1, 2]}
  - {solver: minibatch, batch: [10, 100], rate: [0.1, 1], threads: 1}
stop: {epochs: 100}
repeats: 2
seed: 3
binding: none
retries: 0
END
    # Its second trial has no end in sight.
    cat >endless.yaml <<'END'
data: pets
runs: [{solver: sgd, stop: {epochs: 1}}, {solver: sgd, stop: {epochs: 1e12}}]
record: geometric
order: listed
END
    cat >short.yaml <<'END'
# Short?
name: short
data: pets
solver: [gd, sgd]
rate: [0.1, 1]
stop: {epochs: 5}
END
}

# How many trials are recorded; 0 when there is no store yet.
count() # NAME
{
    "$DESCENT" export "results/$1" --format csv 2>/dev/null |
        grep -c -v -e '^position,' -e ',running,'
}

# Waits until so many trials are recorded, or the process has ended.
wait_for() # NAME COUNT PID
{
    while [ "$(count "$1")" -lt "$2" ] && kill -0 "$3" 2>/dev/null; do
        :
    done
}

# Has a signal been sent to the process that it has not seen yet? Not where it has ended.
is_pending() # PID
{
    grep -qE '^(Sig|Shd)Pnd:.*[1-9a-f]' "/proc/$1/status" 2>/dev/null &&
        ! grep -qE '^State:.*Z' "/proc/$1/status" 2>/dev/null
}

# The sweep starts in the background, gets these signals when so many trials are recorded, and ends.
# Leaves its exit code in $code. Two signals of one kind that follow each other at once may arrive as
# one, so that the next is sent when the process has seen the one before.
sweep_until() # NAME COUNT SIGNAL...
{
    local name=$1 many=$2 pid
    code=0
    shift 2
    "$DESCENT" sweep "$name.yaml" >"$name.log" 2>&1 3>&- &
    pid=$!
    wait_for "$name" "$many" "$pid"
    for signal in "$@"; do
        while is_pending "$pid"; do
            :
        done
        kill -s "$signal" "$pid" 2>/dev/null || true
    done
    wait "$pid" || code=$?
}

undisturbed()
{
    "$DESCENT" sweep long.yaml --quiet >/dev/null
    recorded results/long >expected.csv
    [ "$(wc -l <expected.csv)" -eq 69 ]
    rm -r results
}

# The long sweep, of which so many trials are recorded, runs the others and no more.
goes_on() # RECORDED
{
    run "$DESCENT" sweep long.yaml
    [ "$status" -eq 0 ]
    if [ "$1" -lt 68 ]; then
        [[ "$output" == *"long: $((68 - $1)) trials to run, $1 recorded already"* ]]
        [[ "$output" == *"$((68 - $1)) of 68 trials run in "* ]]
    fi
}

# Both commands refuse the file with a message that names it and has this part, and write nothing.
refused() # FILE PART
{
    for command in plan sweep; do
        run "$DESCENT" "$command" "$1"
        [ "$status" -eq 2 ]
        [[ "$output" == "descent: $1"*"$2"* ]]
    done
    [ ! -e results ]
}

@test "a sweep runs, says what came of it and what to type next" {
    run "$DESCENT" sweep short.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"short: 4 trials to run, 0 recorded already"* ]]
    [[ "$output" == *"4 of 4 trials run in "* ]]
    [[ "$output" == *"descent show results/short"* ]]
    [ "$(count short)" -eq 4 ]
}

@test "the same command again has nothing to do" {
    "$DESCENT" sweep short.yaml
    recorded results/short >before
    run "$DESCENT" sweep short.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == "all 4 trials are recorded"* ]]
    [[ "$output" == *"descent show results/short"* ]]
    recorded results/short | cmp - before
}

@test "kill -9 at any time: resumed, it is the same" {
    undisturbed
    for instant in 0 1 9 25 50; do
        rm -rf results
        sweep_until long "$instant" KILL
        run "$DESCENT" sweep long.yaml
        [ "$status" -eq 0 ]
        recorded results/long | cmp - expected.csv
    done
}

@test "killed again and again: resumed, it is the same" {
    undisturbed
    for instant in 5 10 15 20 25 30 35 40; do
        sweep_until long "$instant" KILL
    done
    "$DESCENT" sweep long.yaml
    recorded results/long | cmp - expected.csv
}

@test "Ctrl-C and SIGTERM: exit code 130, and the same command goes on" {
    undisturbed
    for signal in INT TERM; do
        rm -rf results
        sweep_until long 5 "$signal"
        [ "$code" -eq 130 ] || [ "$(count long)" -eq 68 ]
        [ "$code" -ne 130 ] || grep -q "stopped after $(count long) of 68 trials" long.log
        goes_on "$(count long)"
        recorded results/long | cmp - expected.csv
    done
}

@test "Ctrl-C, SIGTERM twice, or one after the other: the trial in flight stops" {
    for signals in INT 'TERM TERM' 'TERM INT'; do
        rm -rf results
        # shellcheck disable=SC2086
        sweep_until endless 1 $signals
        [ "$code" -eq 130 ]
        grep -q 'stopped after 1 of 2 trials; the same command resumes from here' endless.log
        [ "$(count endless)" -eq 1 ]
    done
}

# When the first of a group is recorded, the second is in flight.
@test "SIGTERM without checkpoints: what is in flight is finished and recorded, and nothing new is begun" {
    local epochs=1000000 # more than a second, under sanitizers too
    ! is_sanitized || epochs=100000
    cat >flight.yaml <<END
data: pets
runs:
  - {solver: gd, rate: 0.1, stop: {epochs: 1}}
  - {solver: gd, rate: 0.1, stop: {epochs: $epochs}}
  - {solver: sgd, rate: 0.1, stop: {epochs: 5}}
threads: 1
execution: batched
finals: 0
record: geometric
order: listed
checkpoint: off
END
    sweep_until flight 1 TERM
    if [ "$code" -eq 130 ]; then
        grep -q 'stopped after 2 of 3 trials; the same command resumes from here' flight.log
        [ "$(count flight)" -eq 2 ]
    else # it was faster than the signal
        [ "$(count flight)" -eq 3 ]
    fi
    "$DESCENT" export results/flight --format csv | grep -q ",$epochs,.*,epochs,"
}

@test "a second sweep of the same name is refused while the first runs" {
    "$DESCENT" sweep endless.yaml >/dev/null 3>&- &
    pid=$!
    wait_for endless 1 "$pid"
    run "$DESCENT" sweep endless.yaml
    kill -INT "$pid"
    wait "$pid" || true
    [ "$status" -eq 1 ]
    [[ "$output" == *"process $pid is recording here"* ]]
}

@test "disk full: an error, a readable store, and the same command goes on" {
    undisturbed
    for kilobytes in 1 40 200 700; do
        rm -rf results
        run bash -c "ulimit -f $kilobytes; exec '$DESCENT' sweep long.yaml --quiet"
        [ "$status" -eq 1 ]
        [[ "$output" == *"descent: "* ]]
        "$DESCENT" sweep long.yaml
        recorded results/long | cmp - expected.csv
    done
}

@test "--fresh starts over" {
    "$DESCENT" sweep short.yaml
    run "$DESCENT" sweep short.yaml --fresh
    [[ "$output" == *"4 of 4 trials run in "* ]]
    [ "$(count short)" -eq 4 ]
}

@test "--quiet shows no progress" {
    run "$DESCENT" sweep short.yaml --quiet
    [[ "$output" == "4 of 4 trials run in "* ]]
}

@test "a changed sweep file is said, and what it no longer names is kept apart" {
    "$DESCENT" sweep short.yaml
    sed -i 's/rate: .*/rate: [1, 2]/' short.yaml
    run "$DESCENT" sweep short.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"short.yaml has changed since it was last run: it has 4 configurations, of which 2 are new; 2 recorded"* ]]
    [[ "$output" == *"2 of 4 trials run in "* ]]
}

@test "changed data are said and never mixed" {
    printf '%s\n' x,y,label 0,1,0 1,2,1 2,0,1 -1,1,0 >points.csv
    printf 'name: own\ndata: points.csv\nsolver: gd\nstop: {epochs: 5}\n' >own.yaml
    "$DESCENT" sweep own.yaml
    printf '3,3,1\n' >>points.csv
    run "$DESCENT" sweep own.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"points.csv is recorded with other contents as well"* ]]
    [[ "$output" == *"1 of 1 trials run in "* ]]
}

@test "one and two threads give the same bits" {
    cat >bits.yaml <<'END'
data: {generate: blobs, rows: 3001, features: 7, seed: 2}
runs:
  - {solver: gd, kernel: [reference, blas], rate: [0.1, 1]}
  - {solver: minibatch, batch: [13, 3000], rate: 0.1}
threads: [1, 2]
stop: {epochs: 20}
binding: none
retries: 0
END
    "$DESCENT" sweep bits.yaml
    [ "$(count bits)" -eq 12 ]
    # Neighbours differ in threads only; the digest is the last column but one.
    "$DESCENT" export results/bits --format csv | tail -n +2 |
        awk -F, '{ print $(NF - 1) }' | uniq -c | awk '$1 != 2 { exit 1 } END { exit NR != 6 }'
}

@test "plan says what there is to do, and writes nothing" {
    run "$DESCENT" plan long.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"Is it the same after a kill?"* ]]
    [[ "$output" == *"stability limit 2/(L+lambda) = "* ]]
    [ ! -e results ]
    "$DESCENT" sweep short.yaml
    run "$DESCENT" plan short.yaml
    [[ "$output" == *"nothing to do"* ]]
    [[ "$output" != *"has changed"* ]]
    echo 'repeats: 7' >>short.yaml
    run "$DESCENT" plan short.yaml
    [[ "$output" == *"short.yaml has changed since it was last run"* ]]
}

@test "bad sweep files: file, line, column and what to do; nothing is written" {
    printf 'data: pets\nsolver: gd\nrat: 1\n' >bad.yaml
    refused bad.yaml ":3:1: unknown key 'rat' at the top level; did you mean 'rate'?"
    printf 'data: pets\nsolver: gd\nrate: -1\n' >bad.yaml
    refused bad.yaml ":3:7: '-1' is not allowed for rate; give a number > 0"
    printf 'data: [pets\n' >bad.yaml
    refused bad.yaml ":2:1: flow sequence without a closing bracket"
    printf 'data: pets\nsolver: minibatch\nbatch: 1000\n' >bad.yaml
    refused bad.yaml ":3:8: batch 1000 is larger than the data"
    : >bad.yaml
    refused bad.yaml ": the file is empty"
}

@test "what is no sweep file at all" {
    for command in plan sweep; do
        run "$DESCENT" "$command" none.yaml
        [ "$status" -eq 2 ]
        [ "$output" = "descent: cannot open none.yaml: No such file or directory" ]
        run "$DESCENT" "$command" .
        [ "$status" -eq 2 ]
        [[ "$output" == *"a directory"* ]]
        head -c 100000 "$DESCENT" >program # all of it may be larger than a sweep file can be
        run "$DESCENT" "$command" program
        [ "$status" -eq 2 ]
        [[ "$output" == *"not a text file"* ]]
    done
}

@test "a stop criterion at the top level is told where it belongs" {
    printf 'name: stops\ndata: pets\nsolver: gd\nepochs: 10\n' >stops.yaml
    run "$DESCENT" sweep stops.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *"stops.yaml:4:1: 'epochs' belongs under stop, as in stop: {epochs: ...}"* ]]
}

@test "results that cannot be written" {
    : >results
    run "$DESCENT" sweep short.yaml
    [ "$status" -eq 1 ]
    [[ "$output" == *"results"* ]]
}

@test "every sweep file of the project is understood and opens with its question" {
    for file in "$SOURCE"/configs/*.yaml; do
        run head -n 3 "$file"
        [[ "$output" == "# "*"?"* ]]
        # Other programs, and real data, may be missing: bench_judged.bats plans those.
        ! grep -q '^programs:' "$file" || continue
        run "$DESCENT" plan "$file"
        [ "$status" -eq 0 ]
    done
}

@test "a trial for which there is no memory keeps no other from being run, and is run where there is" {
    ! is_sanitized ||
        skip 'sanitizers reserve all addresses there are'
    printf '1 1:1 60000:2\n0 2:1 5:3\n1 2:1 7:1\n0 1:2 9:1\n' >wide.svm
    cat >wide.yaml <<'END'
data: wide.svm
runs:
  - {solver: lbfgs, lambda: 0.1, memory: 1000}
  - {solver: newton, lambda: 0.1}
  - {solver: gd, rate: 0.1}
stop: {epochs: 2}
retries: 0
binding: none
threads: 1
END
    run bash -c 'ulimit -v 800000; "$DESCENT" plan wide.yaml'
    [ "$status" -eq 0 ]
    [[ "$output" == *"1 of the 3 configurations need more than is free"* ]]
    run bash -c 'ulimit -v 800000; "$DESCENT" sweep wide.yaml'
    printf '%s\n' "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"2 of 3 trials run"*"memory:  1 trials were not started"*"memory=1000"*"needs 9"*" MiB of memory"* ]]
    [[ "$output" == *"descent: 1 of 3 trials were not started: there was not enough memory" ]]
    run "$DESCENT" sweep wide.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"1 trials to run, 2 recorded already"* ]]
}

@test "what newton does not use is not asked for" {
    printf '1 1:1 60000:2\n0 2:1 5:3\n1 2:1 7:1\n0 1:2 9:1\n' >wide.svm
    run "$DESCENT" train wide.svm --solver newton --lambda 0.1 --epochs 5
    [ "$status" -eq 0 ]
}

@test "a sweep that has nothing to do writes nothing to its store" {
    cat >repeated.yaml <<'END'
# Twice?
name: repeated
data: pets
runs: [{solver: gd, rate: [0.1, 1]}, {solver: gd, rate: [1, 0.1, 1]}]
stop: {epochs: 5}
END
    "$DESCENT" sweep repeated.yaml --quiet
    before=$(stat -c '%y %s' results/repeated/store.sqlite)
    run "$DESCENT" sweep repeated.yaml
    [[ ${lines[0]} == "all "*" trials are recorded" ]]
    [ "$before" = "$(stat -c '%y %s' results/repeated/store.sqlite)" ]
    # A plan that changes is written.
    sed -i 's/rate: \[1, 0.1, 1\]/rate: [1, 0.5]/' repeated.yaml
    run "$DESCENT" sweep repeated.yaml
    [[ $output == *"has changed since it was last run"*"1 trials to run"* ]]
}
