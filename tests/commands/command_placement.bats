#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent tune-placement, and sweeps that are placed: what is tried and recorded, what reads it, and
# what is wrong with a file. No time is judged: which placement is the best may be any of them.

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    cat >small.yaml <<'END'
# Which rate?
name: small
data: pets
runs:
  - {solver: [sgd, gd], rate: {min: 0.001, max: 0.1, steps: 12, scale: log}}
stop: {epochs: 5}
binding: none # other tests run on the same processors
finals: 0
END
}

tune() # ARGUMENT...
{
    "$DESCENT" tune-placement small.yaml --seconds 0.05 "$@"
}

# A placement is written down by hand, so that a test knows it.
place() # MODELS THREADS SIDE_BY_SIDE
{
    sqlite3 results/small/store.sqlite \
        "UPDATE placement SET models = $1, threads = $2, side_by_side = $3" 2>/dev/null ||
        skip "sqlite3 is not installed"
}

digests() # RESULTS
{
    "$DESCENT" export "$1/small" --format csv | awk -F, '{ print $1, $(NF - 1) }' | sort
}

@test "every placement has a time, the best comes first and is recorded" {
    run tune
    [ "$status" -eq 0 ]
    [[ $output == *"sweep small: 24 configurations, 1 round"* ]]
    [ "$(grep -c ' best$' <<<"$output")" -eq 1 ]
    awk '/^ *[0-9]+ +[0-9]+ +[0-9]+ / {
            rows++
            if ($3 > 1 && $0 !~ /times not comparable/) bad++
            if ($3 == 1 && $0 ~ /not comparable/) bad++
            if (rows == 1 && ($0 !~ / best$/ || $6 != "1.00")) bad++
        }
        END { exit rows < 2 || bad > 0 }' <<<"$output"
    [ "$(sqlite3 results/small/store.sqlite 'SELECT count(*) FROM placement' || echo 1)" -eq 1 ]
    # Nothing was trained for the sweep, and nothing else is left.
    [ ! -e results/small/calibration ]
    "$DESCENT" plan small.yaml | grep -q '^total  .* 24  *0  *24 '
}

@test "the same as JSON" {
    command -v jq >/dev/null || skip 'jq is not installed'
    tune --format json >tuned.json
    jq -e '.sweep == "small" and .configurations == 24 and .rounds == 1
        and (.placements | length) >= 2
        and .placements[0].best and .placements[0].ratio == 1
        and ([.placements[] | select(.best)] | length) == 1
        and ([.placements[].seconds] | . == sort and all(. > 0))
        and all(.placements[]; .comparable == (.side_by_side == 1))
        and all(.placements[]; .models >= 1 and .threads >= 1)' tuned.json
}

@test "placed without a record says what to do" {
    for command in plan sweep; do
        run "$DESCENT" "$command" small.yaml --execution placed
        [ "$status" -eq 2 ]
        [[ $output == *"no placement is recorded for this machine and build in results/small"* ]]
        [[ $output == *'run `descent tune-placement small.yaml` first'* ]]
    done
    [ ! -e results ]
}

@test "placed with a record: plan says it, sweep runs it, the bits are the same" {
    tune
    place 4 1 2
    "$DESCENT" plan small.yaml >plan.txt
    grep -q '^tune-placement found: 4 models per pass, 1 thread, 2 passes side by side; .* expected' plan.txt
    grep -q -- '--execution placed uses it' plan.txt
    "$DESCENT" plan small.yaml --execution placed >plan.txt
    grep -q '^batched: 6 groups of at most 4 configurations' plan.txt
    grep -q '^placed: 4 models per pass, 1 thread, 2 passes side by side; .* expected in all' plan.txt
    grep -q '^passes: 2 side by side; their times are not comparable' plan.txt
    "$DESCENT" sweep small.yaml --execution placed --quiet >sweep.txt
    grep -q '^24 of 24 trials run' sweep.txt
    grep -q '2 passes ran side by side: .*$' sweep.txt
    { cat small.yaml && printf 'execution: batched\nmodels: 4\n'; } >one.yaml
    "$DESCENT" sweep one.yaml --results one --quiet >one.txt
    [ "$(grep -c 'side by side' one.txt)" -eq 0 ]
    digests results >placed.digests
    digests one >one.digests
    diff placed.digests one.digests
    # What is recorded outlives a fresh start.
    "$DESCENT" sweep small.yaml --execution placed --fresh --quiet
    "$DESCENT" sweep small.yaml --execution placed | grep -q 'all 24 trials are recorded'
}

@test "what ran beside others has no time of its own, also alone in its pass" {
    { cat small.yaml && printf 'execution: batched\nmodels: 1\nside_by_side: 2\n'; } >beside.yaml
    "$DESCENT" sweep beside.yaml --quiet
    "$DESCENT" export results/small --format csv |
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) from_end[$i] = NF - i; next }
            {
                if ($(NF - from_end["models"]) != 1 || $(NF - from_end["shared"]) == "") exit 1
                if (seen[$(NF - from_end["shared"])]++) exit 1
            }
            END { exit NR != 25 }'
    run "$DESCENT" export results/small --format gbench
    [ "$status" -eq 2 ]
    "$DESCENT" show results/small | grep -q batched
}

@test "interrupted passes go on where they were" {
    { cat small.yaml && printf 'execution: batched\nmodels: 4\n'; } >one.yaml
    { cat one.yaml && printf 'side_by_side: 2\n'; } >two.yaml
    "$DESCENT" sweep one.yaml --results whole --quiet
    "$DESCENT" sweep two.yaml --quiet
    # As after a kill: some members of each group are there, others are not.
    sqlite3 results/small/store.sqlite 'DELETE FROM trial WHERE id % 3 <> 0' 2>/dev/null ||
        skip "sqlite3 is not installed"
    "$DESCENT" sweep two.yaml --quiet
    digests whole >whole.digests
    digests results >parts.digests
    diff whole.digests parts.digests
}

@test "finals are timed alone after passes side by side" {
    sed -i 's/^finals: 0/finals: 2/; s/^binding.*/binding: cores/; s/max: 0.1/max: 2/; s/epochs: 5/epochs: 100/' small.yaml
    { cat small.yaml && printf 'execution: batched\nmodels: 4\nside_by_side: 2\nretries: 0\n'; } >finals.yaml
    "$DESCENT" sweep finals.yaml >sweep.txt
    grep -q 'timed alone, 2 rounds' sweep.txt
    "$DESCENT" export results/small --format json >trials.json
    command -v jq >/dev/null || skip 'jq is not installed'
    jq -e '[.trials[] | select(.final > 0)] | length > 0 and all(.models == 1 and .shared == null)' trials.json
    jq -e '[.trials[] | select(.final == 0)] | length == 24 and all(.shared != null)' trials.json
}

@test "a solo file can be tuned, and a changed one is said to be changed" {
    { cat small.yaml && echo 'execution: solo'; } >solo.yaml
    run "$DESCENT" tune-placement solo.yaml --seconds 0.05
    [ "$status" -eq 0 ]
    [[ $output == *"descent sweep solo.yaml --execution placed"* ]]
    "$DESCENT" plan solo.yaml | grep -q '^tune-placement found: '
    { cat small.yaml && echo 'repeats: 2'; } >changed.yaml
    "$DESCENT" plan changed.yaml --execution placed | grep -q '^placed: .* before the file was changed'
    "$DESCENT" tune-placement changed.yaml --seconds 0.05 | grep -q 'has changed since it was last run'
    run "$DESCENT" plan changed.yaml --execution placed
    [[ $output != *"before the file was changed"* ]]
}

@test "what is wrong is said where it is" {
    run "$DESCENT" tune-placement
    [ "$status" -eq 2 ]
    [[ $output == *"FILE is missing"* ]]
    run "$DESCENT" tune-placement none.yaml
    [ "$status" -eq 2 ]
    [[ $output == *"cannot open none.yaml"* ]]
    { cat small.yaml && echo 'side_by_sides: 2'; } >wrong.yaml
    run "$DESCENT" tune-placement wrong.yaml
    [ "$status" -eq 2 ]
    [[ $output == *"wrong.yaml:9:1: unknown key 'side_by_sides'"*"did you mean 'side_by_side'?"* ]]
    { cat small.yaml && echo 'models: 8'; } >wrong.yaml
    run "$DESCENT" sweep wrong.yaml
    [ "$status" -eq 2 ]
    [[ $output == *"wrong.yaml:9:9: models is for execution: batched; this file has execution: solo"* ]]
    for seconds in 0 -1 nan long; do
        run "$DESCENT" tune-placement small.yaml --seconds "$seconds"
        [ "$status" -eq 2 ]
        [[ $output == *"--seconds: '$seconds' is not a number above 0"* ]]
    done
    [ ! -e results ]
}

@test "a store of a development version is refused, and --fresh starts over" {
    "$DESCENT" sweep small.yaml --quiet
    sqlite3 results/small/store.sqlite 'PRAGMA user_version = 6' 2>/dev/null ||
        skip "sqlite3 is not installed"
    for command in 'sweep small.yaml' 'show results/small' 'tune-placement small.yaml' \
        'export results/small' 'merge results/both results/small'; do
        # shellcheck disable=SC2086 # words of a command
        run "$DESCENT" $command
        [ "$status" -eq 2 ]
        [[ "$output" == *'results/small: written by a development version of descent, before 0.1, and not readable by this one; run the sweep again into another folder (--results), or use --fresh to start over' ]]
    done
    [ ! -e results/both ]
    "$DESCENT" sweep small.yaml --fresh --quiet
    "$DESCENT" sweep small.yaml | grep -q 'all 24 trials are recorded'
}

@test "with fewer threads than a pass asks for every model is trained, with the same bits" {
    digests_with() # NAME LINE
    {
        printf '%s\n' "name: $1" 'data: {generate: blobs, rows: 300, features: 5}' \
            'runs: [{solver: [sgd, saga], rate: {min: 0.001, max: 0.01, steps: 32, scale: log}}]' \
            'stop: {epochs: 2}' 'execution: batched' 'finals: 0' "$2" >"$1.yaml"
        "$DESCENT" sweep "$1.yaml" --quiet >"$1.txt"
        "$DESCENT" export "results/$1" --format json | jq -r '.trials[].digest'
    }
    command -v jq >/dev/null || skip 'jq is not installed'
    digests_with one 'pass_threads: 1' >one.digests
    OMP_THREAD_LIMIT=1 digests_with limited 'pass_threads: 4' >limited.digests
    [ "$(wc -l <one.digests)" -eq 64 ]
    diff one.digests limited.digests
}
