#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Rungs over shards, and in the order of the plan: the same cuts however the sweep is dealt out, and
# whoever comes first.

load ../helpers/recorded

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    cat >sweep.yaml <<'END'
# Who is best?
name: sweep
data: {generate: blobs, rows: 100, features: 3, seed: 1}
method: METHOD
eta: 3
runs:
  - {solver: gd, rate: {min: 0.001, max: 1e4, steps: 9, scale: log}, lambda: [0.001, 0.1], seed: [1, 2]}
  - {solver: minibatch, batch: [10, 30], rate: [0.01, 0.1], lambda: [0.001, 0.1]}
stop: {epochs: 20}
threads: 1
execution: solo
binding: none
END
}

sql() # FOLDER STATEMENT
{
    sqlite3 -separator ' ' "$1/store.sqlite" "$2"
}

# Trials, traces and rungs, without who trained them beside whom.
content() # FOLDER
{
    varying='^(host|rank|continued|models|shared)$' recorded "$1"
    sql "$1" "
        SELECT p.position, x.epoch, x.loss, x.objective, x.gradient_norm FROM trace x
            JOIN trial t ON t.id = x.trial JOIN plan p USING (configuration) ORDER BY 1, 2;
        SELECT p.position, r.rung, r.epoch, r.criterion, r.value, r.pool, r.place, r.candidates, r.kept, r.fate
            FROM rung r JOIN plan p USING (configuration) ORDER BY 1, 2;"
}

# A sweep file by that method, and what one process makes of it.
alone() # METHOD
{
    sed "s/METHOD/$1/" sweep.yaml >"$1.yaml"
    "$DESCENT" sweep "$1.yaml" --quiet --results "alone-$1"
    content "alone-$1/sweep" >expected
    [ -s expected ]
}

# Lets shards run one after the other until none waits.
run_shards() # FILE COUNT
{
    local round shard output
    for ((round = 0; round < 9; round++)); do
        output=
        for ((shard = 1; shard <= $2; shard++)); do
            output+=$("$DESCENT" sweep "$1" --shard "$shard/$2" --quiet)
        done
        [[ "$output" == *"wait for shard"* ]] || return 0
    done
    return 1
}

@test "of each the place among those before it in the plan decides, and of seeds the median" {
    alone asha
    [ "$(sql alone-asha/sweep "SELECT count(*) > 44 FROM rung")" -eq 1 ]
    # One seed of each candidate: they have one place.
    [ "$(sql alone-asha/sweep "
        WITH one AS (SELECT r.*, p.position FROM rung r JOIN plan p USING (configuration)
            JOIN configuration c ON c.id = r.configuration WHERE c.seed = 1)
        SELECT count(*) FROM one a WHERE
            a.candidates <> (SELECT count(*) FROM one b WHERE b.pool = a.pool AND b.rung = a.rung AND b.position <= a.position)
            OR a.kept <> (a.candidates + 2) / 3
            OR (a.fate = 'cut') <> (a.place > a.kept AND a.fate IN ('on', 'cut'))")" -eq 0 ]
    # Whoever is the best of all at a rung goes on.
    [ "$(sql alone-asha/sweep "
        SELECT count(*) FROM (SELECT fate, rank() OVER (PARTITION BY pool, rung ORDER BY value) r
            FROM rung WHERE value IS NOT NULL) WHERE r = 1 AND fate = 'cut'")" -eq 0 ]
    run "$DESCENT" show alone-asha/sweep
    [[ "$output" == *"Rungs by objective, each among those before it in the plan: "* ]]
    run "$DESCENT" plan asha.yaml
    [[ "$output" == *"asha: of every 3 configurations up to each in the plan the best goes on, by objective"* ]]
    [[ "$output" == *"work:  about "*" model-epochs"* ]]
}

@test "one, two and three shards: the same cuts, and merged what one process records" {
    for method in halving asha; do
        alone "$method"
        for count in 1 2 3; do
            rm -rf results
            run_shards "$method.yaml" "$count"
            "$DESCENT" merge results/sweep >/dev/null
            content results/sweep | cmp - expected
        done
        run "$DESCENT" sweep "$method.yaml"
        [[ "$output" == "all 44 trials are recorded"* ]]
        content results/sweep | cmp - expected
    done
}

@test "shards side by side wait for each other where they are asked to" {
    sed -i 's/solo/batched/' sweep.yaml
    for method in halving asha; do
        alone "$method"
        for shard in 1 2; do
            timeout 100 "$DESCENT" sweep "$method.yaml" --shard "$shard/2" --wait --quiet >"$shard.log" 3>&- &
            pids[shard]=$!
        done
        wait "${pids[1]}" && wait "${pids[2]}"
        ! grep 'wait for shard' 1.log 2.log
        "$DESCENT" merge results/sweep >/dev/null
        content results/sweep | cmp - expected
        rm -r results
    done
}

@test "shards that are killed go on, with the same cuts" {
    for method in halving asha; do
        alone "$method"
        for instant in 5 25; do
            for shard in 1 2; do
                store=results/sweep/shard-$shard-of-2
                "$DESCENT" sweep "$method.yaml" --shard "$shard/2" --quiet >/dev/null 2>&1 3>&- &
                pid=$!
                while [ "$(sql "$store" 'SELECT coalesce(sum(epochs), 0) FROM trial' 2>/dev/null || echo 0)" -lt "$instant" ] &&
                    kill -0 "$pid" 2>/dev/null; do
                    sleep 0.01
                done
                kill -KILL "$pid" 2>/dev/null || true
                wait "$pid" || true
            done
        done
        run_shards "$method.yaml" 2
        "$DESCENT" merge results/sweep >/dev/null
        content results/sweep | cmp - expected
        rm -r results
    done
}

@test "what was merged before its end is trained to it, with the same cuts" {
    alone halving
    for shard in 1 2; do
        "$DESCENT" sweep halving.yaml --shard "$shard/2" --quiet >"$shard.log"
    done
    grep -q 'trials wait for shard 2 of 2, or more of them' 1.log
    "$DESCENT" merge results/sweep >/dev/null
    "$DESCENT" sweep halving.yaml --quiet
    content results/sweep | cmp - expected
}

@test "values of another text of the file are not looked at, and damaged ones are told of" {
    alone halving
    sed 's/eta: 3/eta: 2/' halving.yaml >other.yaml
    "$DESCENT" sweep other.yaml --shard 2/2 --quiet >/dev/null
    run "$DESCENT" sweep halving.yaml --shard 1/2 --quiet
    [ "$status" -eq 0 ]
    [[ "$output" == *"wait for shard 2 of 2"* ]]
    board=results/sweep/shard-2-of-2/rungs-1.txt
    "$DESCENT" sweep halving.yaml --shard 2/2 --quiet >/dev/null
    sed -i '3s/ [^ ]*$/ nine/' "$board"
    run "$DESCENT" sweep halving.yaml --shard 1/2 --quiet
    [ "$status" -eq 1 ]
    [[ "$output" == *"shard-2-of-2/rungs-1.txt:3: '"*"is not a line of a shard's values"*"remove the file"* ]]
    rm "$board"
    run_shards halving.yaml 2
    "$DESCENT" merge results/sweep >/dev/null
    content results/sweep | cmp - expected
}

@test "what shards cannot do is said" {
    alone asha
    run "$DESCENT" sweep asha.yaml --wait
    [ "$status" -eq 2 ]
    [[ "$output" == *"--wait is for shards"*"leave it out"* ]]
    sed 's/stop: {epochs: 20}/stop: {epochs: 20, gap: 1e-9}\ncut_by: time_to_target/' asha.yaml >timed.yaml
    run "$DESCENT" sweep timed.yaml --shard 1/2
    [ "$status" -eq 2 ]
    [[ "$output" == *"cut_by: time_to_target compares times"*"leave --shard out, or give cut_by: gap"* ]]
    run "$DESCENT" slurm asha.yaml --nodes 2 --output job.sh
    [ "$status" -eq 0 ]
    grep -q 'ID/2" --wait &' job.sh
    run "$DESCENT" list keys
    [[ "$output" == *"with method: halving or asha"* ]]
}
