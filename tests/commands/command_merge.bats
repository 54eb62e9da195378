#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Sweeps in shards, and bringing them together: the result is that of the sweep in one piece, but for
# its times. Nothing waits: what happens in between is made to happen.

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    cat >parts.yaml <<'END'
# Is it the same in parts?
name: parts
data: [pets, {generate: blobs, rows: 60, features: 3, seed: 1}]
solver: [gd, sgd]
rate: [0.1, 0.5, 1]
threads: 1
stop: {epochs: 5}
repeats: 2
binding: none
retries: 0
END
    sed 's/^name: parts/name: side/; s/^repeats:/execution: batched\nmodels: 2\nfinals: 0\nrepeats:/' parts.yaml >side.yaml
}

# What is recorded, without what may be another at the next run.
# shellcheck disable=SC2034 # read by recorded()
varying='^(seconds|per_cent|ppm|configuration)$'
load ../helpers/recorded
load ../helpers/ceilings

shards() # NAME COUNT: all of them
{
    local i
    for ((i = 1; i <= $2; i++)); do
        "$DESCENT" sweep "$1.yaml" --shard "$i/$2" --quiet >/dev/null
    done
}

in_one_piece() # NAME: trials and traces into expected and traces
{
    "$DESCENT" sweep "$1.yaml" --results whole --quiet >/dev/null
    recorded "whole/$1" >expected
    recorded "whole/$1" --traces >traces
}

same_as_in_one_piece() # NAME
{
    recorded "results/$1" | diff expected -
    recorded "results/$1" --traces | diff traces -
}

groups() # FOLDER: how many share a clock, as "2 2 1"
{
    "$DESCENT" export "$1" --format json |
        jq -r '[.trials[].shared | select(. != null)] | group_by(.) | map(length) | sort | join(" ")'
}

need_sqlite()
{
    command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
}

@test "shards merged are the sweep in one piece" {
    in_one_piece parts
    for count in 1 2 3; do
        rm -rf results
        shards parts "$count"
        run "$DESCENT" merge results/parts
        [ "$status" -eq 0 ]
        [[ "${lines[0]}" == "merged:  24 trials from $count store"*" into results/parts; 0 duplicates "* ]]
        [ "${lines[1]}" = "next:    descent show results/parts" ]
        same_as_in_one_piece parts
        "$DESCENT" sweep parts.yaml | grep -qx 'all 24 trials are recorded'
    done
}

@test "models side by side: the same bits, and groups stay apart" {
    in_one_piece side
    shards side 3
    "$DESCENT" merge results/side
    same_as_in_one_piece side
    [ "$(groups results/side)" = "$(groups whole/side)" ]
}

@test "a shard has its own plan, and says how it goes on" {
    run "$DESCENT" sweep parts.yaml --shard 3/5 --quiet
    [ "$status" -eq 0 ]
    [[ "${lines[0]}" == "6 of 6 trials run in "* ]]
    [[ "$output" == *"results: results/parts/shard-3-of-5"* ]]
    [[ "$output" == *"next:    descent merge results/parts (when all 5 shards have run)"* ]]
    "$DESCENT" sweep parts.yaml --shard 3/5 | grep -qx 'all 6 trials are recorded'
    run "$DESCENT" show results/parts/shard-3-of-5
    [[ "$output" == *"Planned       3 configurations, 2 trials each"* ]]
    [[ "$output" != *Missing* ]]
}

@test "more shards than groups: some have nothing to do" {
    run "$DESCENT" sweep parts.yaml --shard 13/13
    [ "$status" -eq 0 ]
    [[ "${lines[0]}" == "parts: shard 13 of 13 has nothing to do: the sweep has 12 groups" ]]
    in_one_piece parts
    shards parts 13
    "$DESCENT" merge results/parts
    same_as_in_one_piece parts
}

@test "what is no shard is refused" {
    for wrong in 4/3 0/2 2 x/y 1/2/3 ''; do
        run "$DESCENT" sweep parts.yaml --shard "$wrong"
        [ "$status" -eq 2 ]
        [[ "$output" == "descent: --shard: '$wrong' is "*"; give I/N with I from 1 to N "*", for example 1/4" ]]
    done
    [ ! -e results ]
}

@test "merging again adds nothing, or what shards have recorded since" {
    need_sqlite
    in_one_piece parts
    shards parts 2
    sqlite3 results/parts/shard-1-of-2/store.sqlite 'DELETE FROM trial WHERE repeat = 2 AND rate IS NOT NULL'
    run "$DESCENT" merge results/parts
    [ "$status" -eq 0 ]
    [[ "$output" == *"missing: 6 of the 12 trials of results/parts/shard-1-of-2; \`descent sweep parts.yaml --shard 1/2\` runs them"* ]]
    "$DESCENT" show results/parts | grep -q "^Missing       6 trials; 'descent sweep parts.yaml' goes on"
    "$DESCENT" show results/parts/shard-1-of-2 | grep -q "'descent sweep parts.yaml --shard 1/2' goes on"
    shards parts 2
    run "$DESCENT" merge results/parts
    [[ "${lines[0]}" == "merged:  6 trials from 2 stores into results/parts; 18 duplicates "* ]]
    same_as_in_one_piece parts
    run "$DESCENT" merge results/parts
    [[ "${lines[0]}" == "merged:  0 trials from 2 stores into results/parts; 24 duplicates "* ]]
}

@test "other results of one trial are an error, and nothing is merged" {
    need_sqlite
    shards parts 2
    "$DESCENT" sweep parts.yaml --results other --quiet
    sqlite3 other/parts/store.sqlite "UPDATE trial SET digest = 'other' WHERE id = 17"
    run "$DESCENT" merge merged results/parts/shard-1-of-2 results/parts/shard-2-of-2 other/parts
    [ "$status" -eq 1 ]
    [[ "$output" == *"results/parts/shard-"?"-of-2 and other/parts have different results for one trial (solver="*" on "*", repeat "* ]]
    [ ! -e merged ]
}

@test "a missing shard is named with the command that makes it, or left out" {
    in_one_piece parts
    shards parts 3
    rm -r results/parts/shard-2-of-3
    run "$DESCENT" merge results/parts
    [ "$status" -eq 1 ]
    [ "$output" = "descent: shard 2 of 3 is missing: results/parts/shard-2-of-3; run \`descent sweep parts.yaml --shard 2/3\`, or merge what is there with --partial" ]
    [ ! -e results/parts/store.sqlite ]
    run "$DESCENT" merge results/parts --partial
    [ "$status" -eq 0 ]
    [[ "$output" == *"missing: 1 of the 3 shards"* ]]
    "$DESCENT" show results/parts | grep -q '^Missing       8 trials'
    "$DESCENT" sweep parts.yaml --quiet | grep -q '^8 of 24 trials run in '
    same_as_in_one_piece parts
}

@test "folders that cannot be merged say why" {
    run "$DESCENT" merge results/parts
    [ "$status" -eq 1 ]
    [[ "$output" == *"cannot read the folder results/parts"* ]]
    shards parts 2
    mkdir -p results/parts/shard-1-of-3 empty
    run "$DESCENT" merge results/parts
    [ "$status" -eq 2 ]
    [[ "$output" == *"has shards of 2 and shards of 3; "* ]]
    run "$DESCENT" merge empty
    [ "$status" -eq 1 ]
    [[ "$output" == *"there are no shards here"* ]]
    run "$DESCENT" merge results/parts results/parts/shard-1-of-2 results/none
    [ "$status" -eq 1 ]
    [[ "$output" == *"results/none: no results here"* ]]
    run "$DESCENT" merge results/parts/shard-1-of-2 results/parts/shard-2-of-2
    [ "$status" -eq 2 ]
    [[ "$output" == *"is a shard; give the folder that it is in"* ]]
    run "$DESCENT" merge
    [ "$status" -eq 2 ]
}

@test "a sweep file that was changed between two shards is refused" {
    "$DESCENT" sweep parts.yaml --shard 1/2 --quiet
    sed -i 's/^rate: .*/rate: [1, 2]/' parts.yaml
    "$DESCENT" sweep parts.yaml --shard 2/2 --quiet
    run "$DESCENT" merge results/parts
    [ "$status" -eq 2 ]
    [[ "$output" == *"results/parts/shard-1-of-2 and results/parts/shard-2-of-2 come from different sweep files"* ]]
}

@test "finals are run after merging" {
    echo 'finals: 2' >>parts.yaml
    shards parts 2
    run "$DESCENT" merge results/parts
    [[ "$output" == *"         descent sweep parts.yaml (the finals)"* ]]
    run "$DESCENT" sweep parts.yaml
    [ "$status" -eq 0 ]
    [[ "$output" == *"parts: finals: the best "*" configurations are timed alone, 2 rounds"* ]]
    [[ "$output" != *"trials to run, 0 recorded"* ]]
    "$DESCENT" show results/parts | grep -q '^Trials done   24 of 24'
}

@test "a profile comes along" {
    sed -i 's/^name: parts/name: profile/; s/^data: .*/data: pets/; s/^rate: .*/rate: 1/; s/^repeats: 2/repeats: 1\nprofile: on/' parts.yaml
    mv parts.yaml profile.yaml
    shards profile 1
    "$DESCENT" merge results/profile
    "$DESCENT" export results/profile --format json >merged.json
    "$DESCENT" export results/profile/shard-1-of-1 --format json >first.json
    jq -e '(.trials | length) == 2 and all(.trials[]; .profile.phases | length > 0)' merged.json
    diff <(jq -S '.machines[0]' first.json) <(jq -S '.machines[0]' merged.json)
    "$DESCENT" show results/profile | grep -q 'Ceilings: what this machine can do at most'
}

@test "a full disk leaves the folder as it was" {
    shards parts 2
    for kilobytes in 1 8 40; do # the log of a merge takes more
        run bash -c "ulimit -f $kilobytes; exec '$DESCENT' merge results/parts"
        [ "$status" -eq 1 ]
        [[ "$output" == *"descent: "* ]]
        [ ! -e results/parts/store.sqlite ]
    done
    "$DESCENT" merge merged results/parts/shard-1-of-2
    recorded merged >before
    cp -r merged half
    for kilobytes in 1 10 20 40 60 80; do # how much is needed depends on SQLite
        rm -r merged
        cp -r half merged
        run bash -c "ulimit -f $kilobytes; exec '$DESCENT' merge merged results/parts/shard-2-of-2"
        [ "$status" -eq 0 ] || recorded merged | diff before -
        [ "$kilobytes" -gt 1 ] || [ "$status" -eq 1 ]
        "$DESCENT" merge merged results/parts/shard-2-of-2
        "$DESCENT" show merged | grep -q '^Trials done   24 of 24'
    done
}

@test "killed at any instant, all is merged or nothing" {
    in_one_piece parts
    shards parts 2
    for delay in 0 0.002 0.004 0.006 0.008 0.01; do
        rm -f results/parts/store.sqlite* results/parts/lock
        timeout -s KILL "$delay" "$DESCENT" merge results/parts >/dev/null 2>&1 3>&- || true
        if "$DESCENT" show results/parts >shown 2>&1; then
            grep -q '^Trials done   24 of 24' shown
        else
            grep -q -e 'no results here' -e 'nothing is recorded here yet' -e 'no sweep is recorded here yet' shown
        fi
        "$DESCENT" merge results/parts >/dev/null
        same_as_in_one_piece parts
    done
}
