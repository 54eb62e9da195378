#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Rows over ranks: the same bits on 1, 2 and 4 of them as in one process, and no job that hangs.

load ranks

setup()
{
    cd "$BATS_TEST_TMPDIR"
}

sweep_file() # DATA...
{
    cat >s.yaml <<END
# Do ranks change a bit?
name: s
data: [$(printf '%s, ' "$@")]
runs:
  - {solver: [gd, gd-momentum, gd-nesterov], rate: [auto, 0.05]}
  - {solver: [gd-backtracking, lbfgs, newton]}
lambda: 0.001
stop: {epochs: 6}
threads: 1
warmup: 0
retries: 0
END
}

# The trials of the sweep in one process, and on 1, 2 and 4 ranks.
same_on_all_ranks() # OPTION...
{
    "$DESCENT" sweep s.yaml --quiet --results alone "$@"
    trials alone/s >alone.txt
    [ "$(wc -l <alone.txt)" -ge 9 ]
    for count in 1 2 4; do
        ranks "$count" "$DESCENT" sweep s.yaml --quiet --results "on-$count" --distribute rows "$@"
        trials "on-$count/s" | diff alone.txt -
    done
}

# The trials of the sweep, and who was where at which rung.
rungs() # RESULTS
{
    trials "$1/s"
    sqlite3 "$1/s/store.sqlite" 'SELECT p.position, r.rung, r.value, r.place, r.candidates, r.kept, r.fate
        FROM rung r JOIN plan p USING (configuration) ORDER BY 1, 2'
}

@test "1, 2 and 4 ranks: the same bits of every batch method on generated data" {
    sweep_file '{generate: blobs, rows: 20000, features: 20}' \
        '{generate: blobs, rows: 60001, features: 13, split: 0.02, scale: standard, weights: balanced}'
    same_on_all_ranks # the 1200 rows held out would be one block, if they were not cut as the others
}

@test "1, 2 and 4 ranks: the same bits on higgs7k and a9a" {
    higgs=$(real_data lightgbm_higgs7k.csv)
    a9a=$(real_data a9a.libsvm)
    sweep_file "{file: $higgs, scale: standard}" "{file: $a9a}"
    same_on_all_ranks
}

@test "2 ranks: the same bits on features in fewer bits, whose units are those of all rows" {
    cat >s.yaml <<END
# Do ranks change a bit?
name: s
data: {generate: blobs, rows: 20000, features: 7, precision: [float32, int8], refine: [no, yes]}
runs:
  - {solver: [gd, lbfgs], rate: [auto, 0.05]}
lambda: 0.001
stop: {epochs: 6}
threads: 1
warmup: 0
retries: 0
END
    "$DESCENT" sweep s.yaml --quiet --results alone
    ranks 2 "$DESCENT" sweep s.yaml --quiet --results on-2 --distribute rows
    [ "$(trials alone/s | wc -l)" -ge 12 ]
    diff <(trials alone/s) <(trials on-2/s)
    printf '1e300,1,0\n2,1,1\n3,2,0\n4,5,1\n' >large.csv
    run ranks 2 "$DESCENT" train large.csv --precision float32 --distribute rows
    [ "$status" -eq 2 ]
    [[ $output == *"which is beyond precision float32"* ]]
}

@test "models side by side: the same bits, and one exchange per pass for all of them" {
    sweep_file '{generate: blobs, rows: 20000, features: 20}'
    same_on_all_ranks --execution batched
}

@test "arrivals between recorded epochs are looked for by all ranks alike" {
    sweep_file '{generate: blobs, rows: 9000, features: 20, noise: 0.1, split: 0.1}'
    sed -i 's/epochs: 6/epochs: 60, gap: 1e-4/; s/auto, 0.05/4/' s.yaml
    printf 'optimum: always\nrecord: geometric\n' >>s.yaml
    "$DESCENT" sweep s.yaml --quiet --results alone
    ranks 2 "$DESCENT" sweep s.yaml --quiet --results two --distribute rows
    for folder in alone two; do
        sqlite3 "file:$folder/s/store.sqlite?immutable=1" 'SELECT t.configuration, p.epoch, p.objective,
            p.heldout_loss FROM trace p JOIN trial t ON t.id = p.trial ORDER BY 1, 2' >"$folder.txt"
    done
    diff alone.txt two.txt
    awk -F'|' '$2 == 5 || $2 == 7 || $2 == 8 { found = 1 } END { exit !found }' alone.txt
}

@test "local-sgd: the same bits wherever its workers are, and ranks must share them out" {
    local train=(train "blobs:rows=20000,features=20" --solver local-sgd --workers 12 --average-every 100
        --rate 0.02 --epochs 3 --shuffle epoch --split 0.02 --format json)
    "$DESCENT" "${train[@]}" | jq '[.weights, .bias, (.trace | del(.seconds))]' >alone
    for count in 2 3 4 6; do # 12 / 2 and 12 / 4 workers a rank are no powers of two, 12 / 3 are
        ranks "$count" "$DESCENT" "${train[@]}" --distribute rows |
            jq '[.weights, .bias, (.trace | del(.seconds))]' | diff alone -
    done
    refused 2 '12 workers cannot be shared out among 5 ranks' ranks 5 "$DESCENT" "${train[@]}" --distribute rows
}

@test "a number of ranks that divides no blocks: other rounding, the same results" {
    local train=(train "blobs:rows=20000,features=20" --epochs 20 --format json --seed 3)
    "$DESCENT" "${train[@]}" | jq .objective >alone
    ranks 3 "$DESCENT" "${train[@]}" --distribute rows | jq .objective >three
    paste alone three | awk '{ d = $1 - $2; exit !(d * d < 1e-26) }'
}

@test "fewer ranks than there are: the first of them have the rows" {
    sweep_file '{generate: blobs, rows: 20000, features: 20}'
    "$DESCENT" sweep s.yaml --quiet --results alone
    trials alone/s | sort >alone.txt
    echo 'ranks: [1, 2, 3, 4]' >>s.yaml
    ranks 4 "$DESCENT" sweep s.yaml --quiet --results r --distribute rows
    [ "$(trials r/s | wc -l)" -eq 36 ]
    # 3 divides no blocks
    trials r/s | sort | uniq -c | awk '$1 == 3' | sed 's/^ *3 //' | diff alone.txt -
}

@test "data, model and help are those of one process" {
    local train=(train "blobs:rows=200000,features=2" --epochs 5 --split 0.25)
    # All but what needs all rows on one rank, which is said.
    "$DESCENT" "${train[@]}" --save alone.json | grep -v Seconds | sed '/^Quality/,$d' >alone.txt
    ranks 2 "$DESCENT" "${train[@]}" --save two.json --distribute rows >two.txt
    grep -v Seconds two.txt | sed '/^Quality/,$d' | diff alone.txt -
    grep -q '^Quality: not measured where rows are distributed' two.txt
    diff <(jq 'del(.configuration.ranks, .configuration.threads)' alone.json) \
        <(jq 'del(.configuration.ranks, .configuration.threads)' two.json)
    ranks 2 "$DESCENT" train --help --distribute rows >help
    [ "$(grep -c '^Usage' help)" -eq 1 ]
}

@test "a feature is 0 in all rows, or in those of one rank only: the weights of one process" {
    # The second feature is 0 everywhere, the third on the first rank, the fourth on the last.
    awk 'BEGIN { for (i = 0; i < 40000; i++)
        print (i % 3 == 0) + 0 "," i % 7 ",0," (i < 20000 ? 0 : i % 5) "," (i < 20000 ? i % 5 : 0) "," i % 2 }' >zeros.csv
    local train=(train zeros.csv --epochs 5 --rate 0.01 --lambda 0.1 --format json)
    "$DESCENT" "${train[@]}" | jq -c .weights >alone
    jq -e '.[2] == 0 and .[3] != 0 and .[4] != 0' alone
    ranks 2 "$DESCENT" "${train[@]}" --distribute rows | jq -c .weights | diff alone -
}

# One message, from one rank, and the exit code of the error.
refused() # CODE PATTERN COMMAND...
{
    local code=$1 pattern=$2
    shift 2
    status=0
    "$@" >out 2>err || status=$?
    cat out err
    [ "$status" -eq "$code" ]
    # Open MPI 5.0.7's launcher writes bytes that grep takes for those of a binary file.
    [ "$(grep -ac '^descent: ' err)" -eq 1 ]
    grep -a '^descent: ' err | grep -q -- "$pattern"
}

@test "bad input: one message, from one rank" {
    local on=(--distribute rows)
    refused 2 'more than the 1 block' ranks 2 "$DESCENT" train pets "${on[@]}"
    refused 2 'cannot be distributed; these can: local-sgd, gd,' ranks 2 "$DESCENT" train blobs:rows=20000 --solver sgd "${on[@]}"
    refused 2 'cannot be opened' ranks 2 "$DESCENT" train nothing.csv "${on[@]}"
    refused 2 "cannot open" ranks 2 "$DESCENT" sweep nothing.yaml "${on[@]}"
    refused 2 "unknown option '--nothing'" ranks 2 "$DESCENT" train pets --nothing "${on[@]}"
    refused 2 'give rows' ranks 2 "$DESCENT" train pets --distribute models
    refused 2 'needs all rows' ranks 2 "$DESCENT" train "blobs:rows=20000,features=2" --animate a.gif "${on[@]}"
    sweep_file '{generate: blobs, rows: 20000, features: 20}'
    refused 2 'each would do the same' ranks 2 "$DESCENT" sweep s.yaml
    refused 2 'runs in one' ranks 2 "$DESCENT" data pets
    refused 2 'unknown command' ranks 2 "$DESCENT" swep s.yaml
    echo 'ranks: 8' >>s.yaml
    refused 2 's.yaml:[0-9]*:[0-9]*: 8 ranks are requested' ranks 2 "$DESCENT" sweep s.yaml "${on[@]}"
}

@test "--distribute is read as every other option is: abbreviated or not, and the last one counts" {
    local train=(train "blobs:rows=20000,features=2" --epochs 2 --format json)
    ranks 2 "$DESCENT" "${train[@]}" --distrib rows | jq -e '.configuration.ranks == 2'
    ranks 2 "$DESCENT" "${train[@]}" --distribute models --distribute=rows | jq -e '.configuration.ranks == 2'
    refused 2 'give rows' ranks 2 "$DESCENT" "${train[@]}" --distribute rows --distribute models
    refused 2 'needs a value' ranks 2 "$DESCENT" "${train[@]}" --distribute
    # Each rank would train something else, and all would add it up.
    refused 2 'a different command line' ranks_each "'$DESCENT' ${train[*]} --distribute rows" \
        "'$DESCENT' ${train[*]} --seed 1 --distribute rows"
    # The value of another option is none.
    refused 2 'each would do the same' ranks 2 "$DESCENT" "${train[@]}" --save --distribute
}

@test "a fault that one rank finds is told once, with its line" {
    "$DESCENT" data blobs:rows=20000,features=3 --output d.csv
    sed -i '15001s/^[^,]*/oops/' d.csv
    refused 2 'd.csv:15001:1' ranks 4 "$DESCENT" train d.csv --distribute rows
}

# Begins a sweep that would take minutes, and waits until a trial is recorded.
begin_long() # COUNT
{
    cat >long.yaml <<END
# Is anything lost when a rank dies?
name: long
data: [{generate: blobs, rows: 60000, features: 20}]
runs: [{solver: gd, rate: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]}]
stop: {epochs: 20}
repeats: 1000
warmup: 0
retries: 0
threads: 1
binding: none
optimum: never
END
    "$MPIRUN" -np "$1" "$DESCENT" sweep long.yaml --quiet --results r --distribute rows >out 2>err </dev/null &
    launcher=$!
    for _ in $(seq 200); do
        [ "$(sqlite3 r/long/store.sqlite 'SELECT count(*) FROM trial' 2>/dev/null || echo 0)" -gt 2 ] && return
        sleep 0.1
    done
    return 1
}

# The processes of the job that are descent.
job_of() # LAUNCHER
{
    local pid child
    for pid in "$@"; do
        for child in $(pgrep -P "$pid"); do
            [ "$(readlink "/proc/$child/exe")" != "$(readlink -f "$DESCENT")" ] || printf '%s\n' "$child"
            job_of "$child"
        done
    done
}

ends() # PID: waits for it; its exit code
{
    for _ in $(seq 300); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$1" 2>/dev/null && return 99
    wait "$1"
}

@test "a rank that is killed: the job ends, the store is whole, and the same command goes on" {
    for victim in 1 2; do # as the processes are listed: rank 0, and another
        begin_long 2
        job_of "$launcher" >job
        [ "$(wc -l <job)" -eq 2 ]
        kill -9 "$(sed -n "${victim}p" job)"
        code=0
        ends "$launcher" || code=$?
        [ "$code" -ne 0 ] && [ "$code" -ne 99 ]
        [ "$(sqlite3 r/long/store.sqlite 'PRAGMA integrity_check')" = ok ]
        recorded=$(sqlite3 r/long/store.sqlite 'SELECT count(*) FROM trial')
        sed -i 's/repeats: .*/repeats: 1/; s/epochs: 20/epochs: 3/' long.yaml
        ranks 2 "$DESCENT" sweep long.yaml --quiet --results r --distribute rows >out
        [ "$(sqlite3 r/long/store.sqlite 'SELECT count(*) FROM trial')" -ge "$recorded" ]
        rm -r r
    done
}

# The process of a job that is this rank.
rank_of() # RANK PID...
{
    local rank=$1 pid
    shift
    for pid in "$@"; do
        tr '\0' '\n' <"/proc/$pid/environ" | grep -qE "^(OMPI_COMM_WORLD|PMI)_RANK=$rank\$" && printf '%s\n' "$pid"
    done
    return 0
}

@test "a full disk: one message, all ranks end, and the same command goes on" {
    begin_long 2
    mapfile -t job < <(job_of "$launcher")
    prlimit --fsize=1 --pid "$(rank_of 0 "${job[@]}")"
    code=0
    ends "$launcher" || code=$?
    cat out err
    [ "$code" -eq 1 ]
    [ "$(grep -ac '^descent: ' err)" -eq 1 ]
    grep -q 'trials are recorded in r/long; the same command resumes' out
    [ "$(sqlite3 r/long/store.sqlite 'PRAGMA integrity_check')" = ok ]
    recorded=$(sqlite3 r/long/store.sqlite 'SELECT count(*) FROM trial')
    sed -i 's/repeats: .*/repeats: 1/; s/epochs: 20/epochs: 3/' long.yaml
    ranks 2 "$DESCENT" sweep long.yaml --quiet --results r --distribute rows
    [ "$(sqlite3 r/long/store.sqlite 'SELECT count(*) FROM trial')" -gt "$recorded" ]
}

@test "SIGTERM to one rank ends all of them well" {
    begin_long 2
    kill -TERM "$(job_of "$launcher" | tail -n 1)" "$(job_of "$launcher" | head -n 1)"
    code=0
    ends "$launcher" || code=$?
    [ "$code" -eq 130 ]
    [ "$(grep -ac '^descent: stopped after' err)" -eq 1 ]
}

@test "what another rank than the first is asked for is asked of all" {
    for signal in TERM INT; do
        begin_long 2
        mapfile -t job < <(job_of "$launcher")
        kill "-$signal" "$(rank_of 1 "${job[@]}")"
        code=0
        ends "$launcher" || code=$?
        [ "$code" -eq 130 ]
        [ "$(grep -ac '^descent: stopped after' err)" -eq 1 ]
        rm -r r
    done
}

# A signal comes to all ranks of a job while a trial is in flight, of which there is a checkpoint.
signal_in_flight() # SIGNAL
{
    "$MPIRUN" -np 2 "$DESCENT" sweep flight.yaml --quiet --results r --distribute rows >out 2>err </dev/null &
    launcher=$!
    for _ in $(seq 600); do
        [ "$(sqlite3 r/flight/store.sqlite 'SELECT count(*) FROM checkpoint' 2>/dev/null || echo 0)" -gt 0 ] && break
        sleep 0.01
    done
    job_of "$launcher" | xargs -r kill "-$1" 2>/dev/null || true
    ends "$launcher" || true
}

@test "the same command goes on inside a trial, on all ranks" {
    cat >flight.yaml <<END
# Is it the same inside a trial?
name: flight
data: [{generate: blobs, rows: 30000, features: 4}]
runs:
  - {solver: gd-nesterov}
  - {solver: local-sgd, workers: 4, rate: 0.001}
stop: {epochs: 300}
record: geometric
warmup: 0
retries: 0
threads: 1
binding: none
optimum: never
checkpoint: 0 s
END
    ranks 2 "$DESCENT" sweep flight.yaml --quiet --results whole --distribute rows
    for signal in INT KILL; do
        signal_in_flight "$signal"
    done
    ranks 2 "$DESCENT" sweep flight.yaml --quiet --results r --distribute rows
    diff <(trials whole/flight) <(trials r/flight)
    [ "$(sqlite3 r/flight/store.sqlite 'SELECT max(continued) > 0 FROM trial')" -eq 1 ]
    [ "$(sqlite3 r/flight/store.sqlite 'SELECT count(*) FROM checkpoint')" -eq 0 ]
}

@test "train goes on from a checkpoint, on all ranks" {
    command=("$DESCENT" train "blobs:rows=20000,features=4" --solver gd-nesterov --epochs 300 --record geometric
        --threads 1 --distribute rows --no-tuning --format json)
    ranks 2 "${command[@]}" >whole.json
    "$MPIRUN" -np 2 "${command[@]}" --checkpoint c --checkpoint-every 0 >out 2>err </dev/null &
    launcher=$!
    while kill -0 "$launcher" 2>/dev/null && [ ! -e c ]; do
        sleep 0.01
    done
    job_of "$launcher" | xargs -r kill -INT 2>/dev/null || true
    ends "$launcher" || true
    [ ! -e c ] || [ "$(grep -ac '^descent: stopped after epoch [0-9]*, which c keeps' err)" -eq 1 ]
    ranks 2 "${command[@]}" --checkpoint c >part.json
    diff <(jq 'del(.seconds, .continued, .trace.seconds)' whole.json) \
        <(jq 'del(.seconds, .continued, .trace.seconds)' part.json)
    [ ! -e c ]
}

@test "2 ranks: the same bits along a path" {
    sweep_file '{generate: blobs, rows: 20000, features: 20}'
    sed -i 's/^lambda:.*/lambda: [0.1, 0.01, 0.001]\npath: lambda/' s.yaml
    "$DESCENT" sweep s.yaml --quiet --results alone
    ranks 2 "$DESCENT" sweep s.yaml --quiet --results on-2 --distribute rows
    [ "$(trials alone/s | wc -l)" -eq 27 ]
    trials alone/s >alone.txt
    trials on-2/s | diff alone.txt -
}

@test "rungs: the same cuts, traces and finals as in one process, and after a kill" {
    for method in halving asha; do
        cat >s.yaml <<END
# Who is best?
name: s
data: {generate: blobs, rows: 20000, features: 5}
method: $method
eta: 3
solver: gd-momentum
rate: {min: 0.001, max: 1e3, steps: 9, scale: log}
stop: {epochs: 12}
finals: 1
threads: 1
warmup: 0
retries: 0
execution: batched
END
        "$DESCENT" sweep s.yaml --quiet --results alone
        rungs alone >alone.txt
        [ "$(wc -l <alone.txt)" -ge 20 ]
        ranks 2 "$DESCENT" sweep s.yaml --quiet --results on-2 --distribute rows
        rungs on-2 | diff alone.txt -
        "$MPIRUN" -np 2 "$DESCENT" sweep s.yaml --quiet --results killed --distribute rows >out 2>err </dev/null 3>&- &
        launcher=$!
        for _ in $(seq 600); do
            [ "$(sqlite3 killed/s/store.sqlite 'SELECT count(*) FROM rung' 2>/dev/null || echo 0)" -gt 0 ] && break
            sleep 0.01
        done
        job_of "$launcher" | xargs -r kill -KILL 2>/dev/null || true
        ends "$launcher" || true
        ranks 2 "$DESCENT" sweep s.yaml --quiet --results killed --distribute rows
        rungs killed | diff alone.txt -
        rm -r alone on-2 killed
    done
}
