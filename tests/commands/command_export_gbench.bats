#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent export --format gbench, read by jq and by Google Benchmark's own compare.py. That comes with
# the Debian package libbenchmark-tools and needs python3-scipy, which is large: where one of them
# is missing, its tests are skipped.

compare=/usr/share/benchmark/compare.py
python=/usr/bin/python3 # Debian's, which has Debian's scipy

setup_file() {
    cd "$BATS_FILE_TMPDIR"
    cat > made.yaml <<'YAML'
# Which rate?
name: made
data: [{generate: pets}]
runs: [{solver: gd, rate: [0.1, 1]}, {solver: sgd}]
stop: {epochs: 20}
repeats: 3
YAML
    sed 's/name: made/name: wild/; s/rate: \[0.1, 1\]/rate: [1, 1e300]/' made.yaml > wild.yaml
    for day in monday tuesday; do
        for name in made wild; do
            "$DESCENT" sweep $name.yaml --results $day > /dev/null
            "$DESCENT" export $day/$name --format gbench --output $day-$name.json
        done
    done
}

setup() {
    cd "$BATS_FILE_TMPDIR"
}

needs_jq() {
    command -v jq >/dev/null || skip 'jq is not installed'
}

needs_compare() {
    [ -e $compare ] || skip 'libbenchmark-tools is not installed'
    $python -c 'import scipy' 2>/dev/null || skip 'python3-scipy is not installed'
}

@test "the context has the keys of Google Benchmark" {
    needs_jq
    jq -e '.context
        | (.date | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+-][0-9]{2}:[0-9]{2}$"))
        and .executable == "descent" and (.num_cpus | type == "number" and . >= 1)
        and (.caches | all(.[]; (.type | type == "string")
            and all(.level, .size, .num_sharing; type == "number")))
        and .load_avg == [] and (.library_build_type | . == "release" or . == "debug")
        and .json_schema_version == 1
        and .descent_sweep == "made" and .descent_question == "Which rate?"
        and (.descent_version | type == "string")' monday-made.json
}

@test "each row has the keys of Google Benchmark, and numbers or null" {
    needs_jq
    jq -e '(keys == ["benchmarks", "context"]) and (.benchmarks | length == 9 and all(.[];
        all(.name, .run_name, .time_unit, .label; type == "string")
        and .run_name == .name and .run_type == "iteration"
        and .repetitions == 3 and .iterations == 1 and .per_family_instance_index == 0
        and all(.family_index, .repetition_index, .threads, .real_time, .cpu_time; type == "number")
        and all(.epochs, .seconds_per_epoch, .loss, .objective, .gradient_norm, .accuracy;
            type == "number")
        and .heldout_loss == null and .heldout_accuracy == null
        and has("gap") and (has("error_occurred") | not)))' monday-made.json
    jq -e '[.benchmarks[] | [.family_index, .repetition_index]]
        == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [2, 0], [2, 1], [2, 2]]' monday-made.json
}

@test "a trial that diverged is an error, and the file stays strict" {
    needs_jq
    jq -e '[.benchmarks[] | select(.error_occurred)] | length == 3 and all(.[];
        .error_message == "diverged" and .label == "diverged" and .real_time == 0)' monday-wild.json
    run grep -iE '[:,[](-?nan|-?inf)' monday-made.json monday-wild.json # jq would take them
    [ "$status" -eq 1 ]
}

@test "two runs of one sweep file have the same names" {
    needs_jq
    [ "$(jq '[.benchmarks[].name]' monday-made.json)" = "$(jq '[.benchmarks[].name]' tuesday-made.json)" ]
    [ "$(jq '[.benchmarks[].name] | unique | length' monday-made.json)" -eq 3 ]
}

@test "shared times alone are refused, with a remedy that works" {
    sed 's/name: made/name: shared/; s/, {solver: sgd}//' made.yaml > shared.yaml # it would be alone
    "$DESCENT" sweep shared.yaml --execution batched > /dev/null
    run "$DESCENT" export results/shared --format gbench --output shared.json
    [ "$status" -eq 2 ]
    [[ "$output" == *"descent sweep shared.yaml --execution solo --results FOLDER"* ]]
    [ ! -e shared.json ]
    "$DESCENT" sweep shared.yaml --execution solo --results own > /dev/null
    "$DESCENT" export own/shared --format gbench --output shared.json
}

@test "traces are refused: there is no place for them" {
    run "$DESCENT" export monday/made --format gbench --traces
    [ "$status" -eq 2 ]
    [[ "$output" == *"--traces"*"csv or json"* ]]
}

@test "compare.py compares two runs" {
    needs_compare
    run $python $compare --no-color benchmarks monday-made.json tuesday-made.json
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c '^pets/solver:gd/rate:0.1/.* [+-]' <<<"$output")" -eq 3 ]
    [ "$(grep -c '_pvalue .*Repetitions: 3 vs 3' <<<"$output")" -eq 3 ]
    [[ "$output" == *OVERALL_GEOMEAN* ]]
}

@test "compare.py compares configurations of one run" {
    needs_compare
    run $python $compare --no-color filters monday-made.json 'rate:0.1/' 'rate:1/'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"[rate:0.1/ vs. rate:1/]"*"Repetitions: 3 vs 3"* ]]
    run $python $compare --no-color benchmarksfiltered monday-made.json 'solver:gd/' tuesday-made.json 'solver:gd/'
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"[solver:gd/ vs. solver:gd/]"* ]]
}

@test "compare.py shows zeros for what diverged, and no overall mean" {
    needs_compare
    run $python $compare --no-color benchmarks monday-wild.json tuesday-wild.json
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -cE 'rate:1e300/[^ ]* +\+0.0000 +\+0.0000( +0){4}$' <<<"$output")" -eq 3 ]
    [[ "$output" != *OVERALL_GEOMEAN* ]]
}
