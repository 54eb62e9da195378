#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent machine as a user types it: text, JSON, and what of it is stored.

setup() {
    cd "$BATS_TEST_TMPDIR"
}

@test "text names processor, cores, settings, build and libraries, and ends with advice" {
    run "$DESCENT" machine
    [ "$status" -eq 0 ]
    for name in Processor Cores Caches Virtualisation 'Huge pages' Governor Memory Clock Harness Load \
        Granted Environment Threads Gemv Counters descent compiler mpi OpenMP glibc hwloc jansson xxHash zlib bzip2 liblzma zstd lz4 PAPI SQLite \
        libfyaml Advice; do
        grep -q "^$name" <<<"$output" || { echo "no line '$name'" && return 1; }
    done
    [[ "$output" != *"nan"* ]]
    [[ "${lines[-1]}" != Advice* ]]
}

@test "JSON is one object, with numbers or null" {
    "$DESCENT" machine --format json > all.json
    jq -e -s 'length == 1' all.json
    jq -e '.moment | del(.granted, .counters) | length == 7 and all(.[]; . == null or type == "number")' all.json
    jq -e '.moment.granted | del(.environment) | length == 4 and all(.[]; . == null or type == "number")' all.json
    jq -e '.moment.granted | .processors >= 1 and .team_threads >= 1' all.json
    jq -e '.moment.counters | .available and .reason == null
           or (.reason | test("^unavailable: ."))' all.json
    jq -e '.moment | [.clock_seconds, .harness_epoch_seconds, .harness_trial_seconds] | all(. > 0)' all.json
    jq -e '.libraries | length == 15 and all(.[]; test("^([0-9]|not built in$)"))' all.json
    jq -e '.advice | all(.[]; (.about | length > 0) and (.text | length > 0))' all.json
}

@test "what is stored with every trial is what JSON calls the machine" {
    printf '%s\n' 'name: one' 'data: [{generate: pets}]' 'runs: [{solver: gd, rate: 1}]' \
        'stop: {epochs: 2}' > one.yaml
    "$DESCENT" sweep one.yaml > sweep.txt
    "$DESCENT" export results/one --format json > export.json
    "$DESCENT" machine --format json > all.json
    diff <(jq -S '.machines[0].facts' export.json) <(jq -S .machine all.json)
}

@test "what BLAS does with threads is text and a fact; with one processor it never forks" {
    never='left to itself, never uses more than one thread'
    "$DESCENT" machine > all.txt
    grep -qE "^Gemv +(left to itself, (uses [0-9]+ threads from [0-9]+ elements on|never uses more than one thread)|unknown: .+)$" all.txt
    "$DESCENT" machine --format json > all.json
    jq -e '.machine | has("blas_gemv")' all.json
    jq -e '.machine.blas_gemv
           | . == null or .threads == 1 and .forks_from_elements == null
             or .threads >= 2 and .forks_from_elements > 0' all.json
    command -v taskset || skip 'taskset is not installed'
    taskset -c "$(taskset -cp $$ | sed 's/.*[: ]\([0-9]*\).*/\1/')" "$DESCENT" machine > one.txt
    grep -qE "^Gemv +($never|unknown: .+)$" one.txt
}

@test "an unknown format and an operand are refused" {
    run "$DESCENT" machine --format yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *"unknown format 'yaml'; known: text, json"* ]]
    run "$DESCENT" machine here
    [ "$status" -eq 2 ]
    [[ "$output" == *"unexpected argument 'here'; usage: descent machine" ]]
}

@test "help has no blank where an operand would be" {
    run "$DESCENT" machine --help
    [ "$status" -eq 0 ]
    [[ "$output" == *"Usage: descent machine [options]"* ]]
}
