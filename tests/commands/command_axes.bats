#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Axes of a sweep file from end to end: what is said of combinations, draws and conditions, and grids
# around the best, which a sweep goes on to whatever happens in between.

load ../helpers/recorded

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    cat >zoom.yaml <<'END'
# Which rate?
name: zoom
data: {generate: blobs, rows: 300, features: 5, seed: 2}
runs:
  - {solver: gd, rate: [0.01, 0.1, 1]}
  - {solver: minibatch, rate: [0.001, 0.1, 10], batch: [16, 64]}
zoom: {axes: [rate, batch], points: 3, rounds: 2}
stop: {epochs: 12}
threads: 1
binding: none
retries: 0
optimum: never
END
}

@test "axes that go together, conditions and draws are run as they are written" {
    cat >axes.yaml <<'END'
data: pets
solver: [gd, sgd]
zip: {rate: [0.1, 1], lambda: [0.01, 0.1]}
when: {solver: sgd, then: {schedule: [constant, inverse]}}
stop: {epochs: 2}
END
    run "$DESCENT" sweep axes.yaml
    [ "$status" -eq 0 ]
    [[ $output == *"axes: 6 trials to run"* ]]
    run "$DESCENT" export results/axes --format csv
    [ "$status" -eq 0 ]
    [ "$(grep -c ',sgd,.*,0.1,constant,.*,0.01,' <<<"$output")" -eq 1 ]
    [ "$(grep -c ',gd,.*,inverse,' <<<"$output")" -eq 0 ]
    printf 'name: draws\ndata: pets\nsolver: sgd\nrate: {min: 0.01, max: 1, scale: log}\n' >d.yaml
    printf 'method: random\ntrials: 8\ndraws: sobol\nstop: {epochs: 1}\n' >>d.yaml
    run "$DESCENT" sweep d.yaml
    [ "$status" -eq 0 ]
    [[ $output == *"draws: 8 trials to run"* ]]
}

@test "combinations that come out again are told" {
    printf 'name: again\ndata: pets\nsolver: [gd, newton]\nrate: [1, 2]\nstop: {epochs: 1}\n' >a.yaml
    local told="duplicates: 1 of 4 combinations comes to a configuration that is there already,"
    told+=" and is not trained again: 1 differs only in what is not used (rate, by solver=newton"
    run "$DESCENT" plan a.yaml
    [ "$status" -eq 0 ]
    [[ $output == *"$told"* ]]
    run "$DESCENT" sweep a.yaml
    [ "$status" -eq 0 ]
    [[ $output == *"$told"* ]]
    run "$DESCENT" sweep a.yaml
    [ "$status" -eq 0 ]
    [[ $output != *duplicates* ]]
}

@test "a grid around the best: told by plan, run, shown, and nothing is left to do" {
    run "$DESCENT" plan zoom.yaml
    [ "$status" -eq 0 ]
    [[ $output == *"zoom:   around the best of these, in addition: at most 20 configurations, 20 trials"* ]]
    run "$DESCENT" sweep zoom.yaml
    [ "$status" -eq 0 ]
    [[ $output == *"zoom: 9 trials to run, 0 recorded already"* ]]
    [[ $output == *"zoom 1 of 2: 2 configurations around solver=gd rate=1"*"; rate 1 is the largest of its axis: one step beyond it, to 10"* ]]
    [[ $output == *"zoom 2 of 2: 2 configurations around solver=gd"* ]]
    run "$DESCENT" show results/zoom
    [ "$status" -eq 0 ]
    [[ $output == *" of them around the best (zoom)"* ]]
    [[ $output == *"rate  zoom "* ]]
    # Exports and the page say which grid a trial is of.
    "$DESCENT" export results/zoom --format json >zoom.json
    [ "$(jq -c '[.trials[].zoom] | unique' zoom.json)" = '[0,1,2]' ]
    [ "$(jq -c '[.trials[] | select(.zoom == 0)] | length' zoom.json)" -eq 9 ]
    "$DESCENT" export results/zoom --format csv >zoom.csv
    [ "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "zoom") left = NF - i } NR > 1 { print $(NF - left) }' zoom.csv |
        tr -d '\n')" = "$(jq -r '[.trials[].zoom | tostring] | add' zoom.json)" ]
    "$DESCENT" export results/zoom --format gbench | jq -e '[.benchmarks[].zoom] | unique == [0, 1, 2]'
    "$DESCENT" report results/zoom --output zoom.html
    grep -q '"name":"zoom","help":"the grid around the best' zoom.html
    run "$DESCENT" plan zoom.yaml
    [ "$status" -eq 0 ]
    [[ $output == *"zoom 1 of 2: "*"time:   nothing to do"* ]]
    [[ $output != *"in addition"* ]]
    run "$DESCENT" sweep zoom.yaml
    [ "$status" -eq 0 ]
    [[ $output == *" trials are recorded"* ]]
}

@test "a grid around the best: killed anywhere, resumed, it is the same; batched too" {
    local execution kill
    for execution in solo batched; do
        rm -rf results
        "$DESCENT" sweep zoom.yaml --execution "$execution" --quiet >/dev/null
        recorded results/zoom >expected.csv
        for kill in 0 3 10 16; do
            rm -rf results
            "$DESCENT" sweep zoom.yaml --execution "$execution" --quiet >/dev/null &
            local pid=$!
            while [ "$("$DESCENT" export results/zoom --format csv 2>/dev/null |
                grep -c -v -e '^position,' -e ',running,')" -lt "$kill" ] &&
                kill -0 "$pid" 2>/dev/null; do
                :
            done
            kill -s KILL "$pid" 2>/dev/null || true
            wait "$pid" || true
            "$DESCENT" sweep zoom.yaml --execution "$execution" --quiet >/dev/null
            recorded results/zoom | cmp - expected.csv
        done
    done
}

@test "a grid around the best: shards run the first grid, and the merged sweep goes on" {
    "$DESCENT" sweep zoom.yaml --quiet >/dev/null
    recorded results/zoom >expected.csv
    for shard in 1 2; do
        run "$DESCENT" sweep zoom.yaml --results parts --shard "$shard/2"
        [ "$status" -eq 0 ]
        [[ $output == *"zoom: it looks at all shards: after descent merge, descent sweep on the merged results goes on"* ]]
    done
    "$DESCENT" merge parts/zoom
    run "$DESCENT" sweep zoom.yaml --results parts
    [ "$status" -eq 0 ]
    [[ $output == *"zoom 1 of 2: "* ]]
    recorded parts/zoom | cmp - expected.csv
}

@test "a grid around the best: another grid before it gives another one, and keeps what it has" {
    "$DESCENT" sweep zoom.yaml --quiet >/dev/null
    sed -i 's/0.01, 0.1, 1\]/0.03, 0.3, 3]/' zoom.yaml
    run "$DESCENT" sweep zoom.yaml
    [ "$status" -eq 0 ]
    [[ $output == *"zoom.yaml has changed"* ]]
    [[ $output == *"zoom 1 of 2: "*"around solver=gd rate=3"* ]]
    [[ $output == *"around solver=minibatch"* ]]
}
