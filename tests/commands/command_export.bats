#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent export as a user types it: formats, files, and output that does not arrive.

setup_file() {
    cd "$BATS_FILE_TMPDIR"
    cat > made.yaml <<'YAML'
# Which rate?
name: made
data: [{generate: pets}]
runs: [{solver: gd, rate: [0.1, 1]}]
stop: {epochs: 20}
YAML
    "$DESCENT" sweep made.yaml > /dev/null
}

setup() {
    cd "$BATS_FILE_TMPDIR"
}

@test "CSV has a header and a line per trial" {
    run "$DESCENT" export results/made
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 3 ]
    [[ "${lines[0]}" == position,data,rows,features,solver,* ]]
}

@test "traces have a line per point" {
    run "$DESCENT" export results/made --traces
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 43 ]
}

# mawk 1.3.4 takes `inf` for a number or for 0, by its date (findings/mawk-infinity.sh).
@test "a number that is not finite is an empty field of CSV" {
    sed 's/made/wild/; s/0.1, 1/1e300/; s/pets/blobs, rows: 50, seed: 1/' made.yaml > wild.yaml
    "$DESCENT" sweep wild.yaml > /dev/null || true
    sqlite3 results/wild/store.sqlite 'update trial set objective = 9e999, loss = 9e999; update trace set loss = 9e999'
    for traces in '' --traces; do
        "$DESCENT" export results/wild $traces > wild.csv
        [ "$(wc -l < wild.csv)" -ge 2 ]
        run grep -iE '(^|,)[-+]?(nan|inf)' wild.csv
        [ "$status" -eq 1 ]
    done
}

@test "--all has the trials that count among all, and says which those are" {
    "$DESCENT" export results/made > counting.csv
    "$DESCENT" export results/made --all > all.csv
    head -n 1 counting.csv | grep -q ',final,repeat,attempt,superseded,rank,job_ranks,ranks_per_host,host,disturbed,processors,wall_seconds,'
    [ "$(grep -c . counting.csv)" -eq 3 ]
    [ "$(grep -F -x -c -f counting.csv all.csv)" -eq 3 ]
    "$DESCENT" export results/made --all --format json | jq -e '.trials
        | (map(select(.superseded | not)) | length == 2)
        and all(.[]; .final == 0 and .attempt >= 1 and .evidence.wall_seconds > 0)
        and all(.[]; .rank == 0 and .job_ranks == 1 and .ranks_per_host == 1)
        and all(.[]; .host == "'"$(uname -n)"'")'
}

@test "JSON goes into a file, which is not replaced unasked" {
    rm -f all.json
    "$DESCENT" export results/made --format json --output all.json
    grep -q '"trials":' all.json
    run "$DESCENT" export results/made --format json --output all.json
    [ "$status" -eq 2 ]
    [[ "$output" == *"--force"* ]]
    "$DESCENT" export results/made --format json --output all.json --force
}

@test "an unknown format is named with the nearest" {
    run "$DESCENT" export results/made --format cvs
    [ "$status" -eq 2 ]
    [[ "$output" == *"did you mean 'csv'"* ]]
}

@test "a folder without results is refused, with a hint" {
    run "$DESCENT" export nowhere
    [ "$status" -eq 2 ]
    [[ "$output" == *"no results here"* ]]
    run "$DESCENT" export made
    [ "$status" -eq 2 ]
    [[ "$output" == *"did you mean results/made"* ]]
}

@test "output that does not arrive is an error; a closed pipe ends it without a word" {
    run bash -c '"$DESCENT" export results/made > /dev/full'
    [ "$status" -eq 1 ]
    [[ "$output" == *"No space left"* ]]
    mkfifo pipe
    (exec 3< pipe) & # opens it, and is gone
    exec 4> pipe
    wait $!
    run bash -c '"$DESCENT" export results/made >&4'
    exec 4>&-
    [ "$status" -eq 141 ]
    [ -z "$output" ]
}

@test "nothing remains of a file that could not be written" {
    run bash -c 'ulimit -f 1; trap "" XFSZ; "$DESCENT" export results/made --traces --output big.csv'
    [ "$status" -eq 1 ]
    [[ "$output" == *"big.csv"* ]]
    [ ! -e big.csv ]
    for file in .big*; do
        [ ! -e "$file" ]
    done
}
