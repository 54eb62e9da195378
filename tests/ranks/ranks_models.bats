#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Sweeps of which the models are distributed over the ranks of a job: what is recorded is what one
# process records, whoever trained it, and whatever happened to one of them. What happens "in the
# middle" is made to happen by looking at what is recorded, not by waiting; and where a machine is
# faster than that, the comparison with an undisturbed run holds all the same.
#
# Messages of small trials are sent at once. Those of larger ones are sent when they are received,
# and a rank stopped just then would keep the other waiting: so traces are short here.

load ranks

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    cat >long.yaml <<'END'
# Is it the same with more ranks?
name: long
data: [pets, {generate: blobs, rows: 1000, features: 7, seed: 1}]
runs:
  - {solver: sgd, rate: {min: 0.001, max: 0.1, steps: 5, scale: log}}
  - {solver: gd, rate: [auto, 0.1, 1]}
  - {solver: minibatch, batch: [10, 50], rate: [0.1, 1]}
  - {solver: [newton, saga]}
lambda: [0.01, 0.02]
threads: 1
stop: {epochs: 40, gap: 1e-9}
record: geometric
repeats: 2
seed: 3
finals: 0
binding: none
retries: 0
END
    trials=112 # of that sweep
}

# What the last job said, where a test has failed.
teardown()
{
    [ ! -e long.log ] || { echo "exit code ${code:-unknown}; long.log:" && cat long.log; }
}

# A command as rank R of a job, which leaves its number in pid.R.
cat_as_rank='echo $$ >"pid.${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}" && exec "$0" "$@"'

# descent sweep with so many ranks.
distributed() # RANKS FILE [ARGUMENT ...]
{
    rm -f pid.*
    timeout 60 "$MPIRUN" -np "$1" sh -c "$cat_as_rank" "$DESCENT" sweep "${@:2}" \
        --distribute models
}

# Nor who trained a trial, and on which machine.
# shellcheck disable=SC2034 # read by recorded()
varying='^(machine|host|rank|job_ranks|ranks_per_host)$'
load ../helpers/recorded

count() # FOLDER
{
    "$DESCENT" export "$1" --format csv 2>/dev/null | grep -c -v -e '^position,' -e ',running,'
}

# Waits until so many trials are recorded, or the process has ended.
wait_for() # FOLDER COUNT PID
{
    while [ "$(count "$1")" -lt "$2" ] && kill -0 "$3" 2>/dev/null; do
        :
    done
}

undisturbed()
{
    "$DESCENT" sweep long.yaml --quiet >/dev/null
    recorded results/long >expected.csv
    [ "$(wc -l <expected.csv)" -eq $((trials + 1)) ]
    rm -r results
}

@test "one process, asked to distribute: the same trials" {
    undisturbed
    "$DESCENT" sweep long.yaml --distribute models
    recorded results/long | cmp - expected.csv
}

@test "two and three ranks record what one process does, solo and batched" {
    for execution in solo batched; do
        "$DESCENT" sweep long.yaml --fresh --quiet --execution "$execution"
        recorded results/long >expected.csv
        for ranks in 1 2 3; do
            run distributed "$ranks" long.yaml --results "on-$ranks" --fresh --execution "$execution"
            [ "$status" -eq 0 ]
            [[ "$output" == *"$trials of $trials trials run in "* ]]
            recorded "on-$ranks/long" | cmp - expected.csv
        done
    done
}

@test "ranks of a host share its time, and finals have it for themselves" {
    sed -e '/^finals/d' -e 's/^repeats.*/finals: 2/' long.yaml >finals.yaml
    run distributed 2 finals.yaml --execution batched
    [ "$status" -eq 0 ]
    [[ "$output" == *"2 ranks on 1 host take groups as they become free; those of a host share its time"* ]]
    [[ "$output" == *"finals: the best "*" are timed alone, 2 rounds"* ]]
    "$DESCENT" export results/long --format json >export.json
    jq -e '[.trials[] | select(.final == 0)] | length > 0 and all(.shared > 0)' export.json
    jq -e '[.trials[] | select(.final > 0)] | length > 0 and all(.shared == null or .shared == 0)' export.json
}

@test "a rank that has its host for itself times its trials alone" {
    [ "$FLAVOUR" = mpich ] || skip "only MPICH takes two names of a host for two hosts"
    run timeout 60 "$MPIRUN" -launcher fork -hosts localhost,127.0.0.1 -np 2 \
        "$DESCENT" sweep long.yaml --distribute models
    [ "$status" -eq 0 ]
    [[ "$output" == *"2 ranks on 2 hosts take groups as they become free"* ]]
    [[ "$output" != *"side by side"* ]]
    "$DESCENT" export results/long --format csv | sed 's/"[^"]*"/quoted/g' | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
        NR > 1 && ($column["shared"] != "" || $column["wall_seconds"] == "") { exit 1 }'
}

@test "a rank is killed: the store can be read, and the same command goes on" {
    undisturbed
    for rank in 0 1; do
        rm -rf results
        distributed 2 long.yaml >long.log 2>&1 3>&- &
        job=$!
        wait_for results/long 5 "$job"
        kill -KILL "$(cat "pid.$rank")" 2>/dev/null || true
        wait "$job" || true
        [ "$(count results/long)" -ge 5 ]
        run distributed 2 long.yaml
        [ "$status" -eq 0 ]
        recorded results/long | cmp - expected.csv
    done
}

@test "a slow rank does not hold the other" {
    undisturbed
    distributed 2 long.yaml >long.log 2>&1 3>&- &
    job=$!
    wait_for results/long 1 "$job"
    slow=$(cat pid.1)
    kill -STOP "$slow" 2>/dev/null || true
    wait_for results/long $((trials - 1)) "$job"
    kill -CONT "$slow" 2>/dev/null || true
    wait "$job"
    recorded results/long | cmp - expected.csv
}

@test "SIGTERM to all ranks, or to one: all stop, exit code 130, and the same command goes on" {
    undisturbed
    for ranks in '0 1' 1 0; do
        rm -rf results
        distributed 2 long.yaml >long.log 2>&1 3>&- &
        job=$!
        wait_for results/long 5 "$job"
        for rank in $ranks; do
            kill -TERM "$(cat "pid.$rank")" 2>/dev/null || true
        done
        code=0
        wait "$job" || code=$?
        [ "$code" -eq 130 ] || [ "$(count results/long)" -eq "$trials" ]
        [ "$code" -ne 130 ] ||
            grep -q "stopped after $(count results/long) of $trials trials" long.log
        run distributed 2 long.yaml
        [ "$status" -eq 0 ]
        recorded results/long | cmp - expected.csv
    done
}

# A signal to both ranks while both have trials in flight that went on so often, or the end of the job.
signal_in_flight() # SIGNAL OFTEN
{
    distributed 2 flight.yaml --quiet >long.log 2>&1 3>&- &
    job=$!
    while kill -0 "$job" 2>/dev/null && [ "$(sqlite3 results/flight/store.sqlite \
        "SELECT count(*) > 3 FROM checkpoint WHERE continued = $2" 2>/dev/null || echo 0)" -eq 0 ]; do
        sleep 0.01
    done
    kill "-$1" "$(cat pid.0)" "$(cat pid.1)" 2>/dev/null || true
    wait "$job" || true
}

@test "the same command goes on inside trials, whichever rank trains them then" {
    cat >flight.yaml <<'END'
# Is it the same inside a trial?
name: flight
data: {generate: blobs, rows: 20000, features: 5}
runs:
  - {solver: gd, rate: [0.1, 1e9, 0.2]}
  - {solver: sgd, rate: [0.001, 0.002]}
  - {solver: gd-nesterov, rate: [0.1, 0.2]}
  - {solver: saga, rate: [0.001, 0.002]}
stop: {epochs: 150}
record: geometric
threads: 1
binding: none
retries: 0
warmup: 0
optimum: never
execution: batched
finals: 0
checkpoint: 0 s
END
    "$DESCENT" sweep flight.yaml --quiet
    recorded results/flight >expected.csv
    rm -r results
    signal_in_flight INT 0
    signal_in_flight KILL 1
    run distributed 2 flight.yaml
    [ "$status" -eq 0 ]
    recorded results/flight | cmp - expected.csv
    [ "$(sqlite3 results/flight/store.sqlite 'SELECT max(continued) > 0 FROM trial')" -eq 1 ]
    [ "$(sqlite3 results/flight/store.sqlite 'SELECT count(*) FROM checkpoint')" -eq 0 ]
}

# The first trial has no end in sight, the others take a while.
endless()
{
    cat >endless.yaml <<'END'
data: pets
runs:
  - {solver: sgd, stop: {epochs: 1e12}}
  - {solver: sgd, rate: {min: 0.001, max: 0.1, steps: 1000}, stop: {epochs: 3000}}
record: geometric
order: listed
retries: 0
END
}

@test "disk full: one message, exit code 1, all ranks end, and what is recorded stays" {
    command -v prlimit >/dev/null || skip "prlimit is not installed"
    endless
    distributed 2 endless.yaml --quiet >endless.log 2>&1 3>&- &
    job=$!
    wait_for results/endless 1 "$job"
    prlimit --pid "$(cat pid.0)" --fsize=1024
    code=0
    wait "$job" || code=$?
    [ "$code" -eq 1 ]
    [ "$(grep -c '^descent: ' endless.log)" -eq 1 ]
    before=$(count results/endless)
    [ "$before" -ge 1 ]
    sed -i '/1e12/d' endless.yaml
    run distributed 2 endless.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"$((1000 - before)) trials to run, $before recorded already"* ]]
}

# Rank 0 runs in folder a, rank 1 in folder b.
apart() # FILE
{
    local command="'$DESCENT' sweep '$1' --distribute models --results results"
    run ranks_each "env -C a $command" "env -C b $command"
}

@test "ranks that see other data, or another sweep file, do not begin" {
    mkdir a b
    printf '%s\n' x,y,label 0,1,0 1,2,1 2,0,1 -1,1,0 | tee a/points.csv >b/points.csv
    printf 'name: own\ndata: points.csv\nsolver: gd\nthreads: 1\nstop: {epochs: 5}\n' |
        tee a/own.yaml >b/own.yaml
    apart own.yaml
    [ "$status" -eq 0 ]
    rm -r a/results
    sed -i 's/-1,1/-1,2/' b/points.csv
    apart own.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *"descent: points.csv: rank 1 on host "*" sees different data from rank 0 on host "* ]]
    [ "$(grep -c '^descent: ' <<<"$output")" -eq 1 ]
    [ ! -e a/results ]
    cp a/points.csv b/
    echo 'seed: 2' >>b/own.yaml
    apart own.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *"descent: own.yaml: rank 1 on host "*" reads a different sweep file from rank 0"* ]]
    rm b/own.yaml
    apart own.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *"descent: cannot open own.yaml"* ]]
    [ ! -e a/results ]
}

@test "what is for one process is refused" {
    refused() # LINE PART
    {
        { cat long.yaml; echo "$1"; } >refused.yaml
        run "$DESCENT" sweep refused.yaml --distribute models
        [ "$status" -eq 2 ]
        [[ "$output" == *"$2"* ]]
        [ ! -e results ]
    }
    refused 'profile: on' 'profile: on looks at one process, and models are distributed'
    refused 'zoom: {axes: rate}' 'zoom looks at what is recorded before it goes on, which the ranks'
    refused $'execution: batched\nside_by_side: 2' 'passes side by side are for one process'
}

@test "several processes that are not told what is distributed are refused" {
    run timeout 60 "$MPIRUN" -np 2 "$DESCENT" sweep long.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *"say what is distributed over them (--distribute)"* ]]
    [ ! -e results ]
}

@test "a path is trained by one rank, step by step, and comes to the same" {
    sed -i 's/^name: long/&\npath: lambda/; s/^lambda:.*/lambda: [0.5, 0.1, 0.02, 0.01]/' long.yaml
    for execution in solo batched; do
        rm -rf results
        "$DESCENT" sweep long.yaml --quiet --execution "$execution"
        recorded results/long >expected.csv
        [ "$(grep -c 'lambda=0.5' expected.csv)" -eq 56 ]
        rm -r results
        distributed 3 long.yaml --quiet --execution "$execution"
        recorded results/long | cmp - expected.csv
    done
}

# The trials of a sweep with rungs, and who was where at which of them.
rungs()
{
    varying='^(machine|host|rank|job_ranks|ranks_per_host|models|continued)$' recorded results/rungs
    sqlite3 results/rungs/store.sqlite 'SELECT p.position, r.rung, r.value, r.place, r.candidates, r.kept, r.fate
        FROM rung r JOIN plan p USING (configuration) ORDER BY 1, 2; SELECT count(*) FROM checkpoint'
}

@test "rungs: whoever trains whom, the same cuts, and after a rank is killed or stopped" {
    for method in halving asha; do
        cat >rungs.yaml <<END
# Who is best?
name: rungs
data: [pets, {generate: blobs, rows: 300, features: 5, seed: 1}]
method: $method
eta: 3
solver: [gd, minibatch-momentum]
rate: {min: 0.001, max: 10, steps: 9, scale: log}
lambda: [0.01, 0.1]
threads: 1
stop: {epochs: 20, gap: 1e-9}
finals: 0
binding: none
retries: 0
execution: batched
END
        rm -rf results
        "$DESCENT" sweep rungs.yaml --quiet >/dev/null
        rungs >expected.csv
        [ "$(wc -l <expected.csv)" -gt 150 ]
        for ranks in 2 3; do
            rm -r results
            distributed "$ranks" rungs.yaml --quiet
            rungs | cmp - expected.csv
        done
        for how in KILL TERM; do
            rm -rf results
            distributed 3 rungs.yaml >long.log 2>&1 3>&- &
            job=$!
            while [ "$(sqlite3 results/rungs/store.sqlite 'SELECT count(*) FROM rung' 2>/dev/null || echo 0)" -eq 0 ] &&
                kill -0 "$job" 2>/dev/null; do
                :
            done
            kill "-$how" "$(cat pid.1)" 2>/dev/null || true
            wait "$job" || true
            distributed 2 rungs.yaml --quiet
            rungs | cmp - expected.csv
        done
    done
    sed -e 's/^eta: 3/cut_by: time_to_target/' -e 's/batched/solo/' rungs.yaml >timed.yaml
    run "$DESCENT" sweep timed.yaml --distribute models
    [ "$status" -eq 2 ]
    [[ "$output" == *"cut_by: time_to_target compares times, and models are distributed"*"give cut_by: gap"* ]]
}
