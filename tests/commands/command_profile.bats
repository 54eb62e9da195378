#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent profile as a user types it: what it prints and records, that it goes on where it stopped,
# the timeline, and what wrong input gets. No time is judged.

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
}

# One profile for several tests: measuring the ceilings takes seconds.
profiled()
{
    local folder=$BATS_FILE_TMPDIR/profiled
    (
        flock 9
        if [ ! -e "$folder/finished" ]; then
            mkdir -p "$folder" && cd "$folder" || exit
            local same=(profile 'blobs:rows=4000,features=12' --solver 'gd,sgd' --kernel auto --weak
                --threads '1,2' --repeats 2 --epochs 4 --quiet)
            "$DESCENT" "${same[@]}" --trace trace.json >profile.txt || exit
            # Whatever else this machine does, the text is that of an idle one.
            if command -v sqlite3 >/dev/null; then
                sqlite3 results/profile/store.sqlite "UPDATE trial SET disturbed = ''" || exit
                "$DESCENT" "${same[@]}" >profile.txt || exit
            fi
            touch finished
        fi
    ) 9>"$BATS_FILE_TMPDIR/lock" || return
    cd "$folder" || return
}

@test "ceilings, phases, scaling, fits that need more threads, diagnosis, remarks, and what is next" {
    profiled
    for line in 'Ceilings: what this machine can do at most' '  read from memory, GB/s' '  product of matrices, GFLOP/s' \
        '  fork and join, µs' '  barrier, µs' '## gd, kernel fused, on blobs:rows=4000,features=12 (4000 rows, 12 features)' \
        '1 thread: where the time per epoch goes' '2 threads: where the time per epoch goes' '  products  ' '  loss  ' \
        'Strong scaling: the same data on more threads' '  amdahl: not fitted: 2 thread counts' 'Diagnosis' \
        '## sgd, kernel chain' '  samples  ' 'Weak scaling of gd, fused: as many rows for each thread' 'Remarks' \
        '  granted: ' 'results: results/profile' 'next:    descent plot roofline results/profile'; do
        grep -qF -- "$line" profile.txt || { echo "no '$line'" && cat profile.txt && return 1; }
    done
    grep -qE '^  2 threads: ' profile.txt
    [ "$(grep -ci 'nan' profile.txt)" -eq 0 ]
}

@test "it is a sweep: show prints it again, nothing is run twice, and the store has the figures" {
    profiled
    "$DESCENT" show results/profile >show.txt
    diff <(sed -n '/^What this machine/,/^  memory of set/p' profile.txt) <(sed -n '/^What this machine/,/^  memory of set/p' show.txt)
    "$DESCENT" export results/profile --format csv >before.csv
    "$DESCENT" profile blobs:rows=4000,features=12 --solver gd,sgd --kernel auto --weak \
        --threads 1,2 --repeats 2 --epochs 4 --quiet >again.txt
    "$DESCENT" export results/profile --format csv | diff before.csv -
    "$DESCENT" sweep results/profile/profile.yaml | grep -q 'all 12 trials are recorded'
    command -v sqlite3 >/dev/null || return 0
    [ "$(sqlite3 results/profile/store.sqlite 'SELECT count(*) FROM (SELECT DISTINCT threads FROM ceiling)')" -eq 2 ]
    # The phases of a trial are its three clocks, and more only by what lies between their readings.
    sqlite3 results/profile/store.sqlite 'SELECT t.id, sum(p.seconds) / (t.train_seconds + t.evaluate_seconds
        + t.record_seconds) FROM trial t JOIN phase p ON p.trial = t.id GROUP BY t.id HAVING sum(p.seconds) <
        0.999999 * (t.train_seconds + t.evaluate_seconds + t.record_seconds)' >less.txt
    [ ! -s less.txt ]
}

# Nothing of it is run twice, so that this is quick.
@test "show has the first 20 profiles, or as many as --top says, and tells of the others" {
    cat >many.yaml <<'END'
data: {generate: blobs, rows: 50, features: 2, seed: 1}
solver: gd
rate: {min: 0.1, max: 1, steps: 22}
stop: {epochs: 2}
threads: 1
profile: on
END
    "$DESCENT" sweep many.yaml --results . --quiet >out 2>&1 || { cat out && return 1; }
    "$DESCENT" show many >out
    [ "$(grep -c '^## gd' out)" -eq 20 ]
    grep -qx '2 more profiles are not shown (--top)' out
    "$DESCENT" show many --top 21 >out
    [ "$(grep -c '^## gd' out)" -eq 21 ]
    grep -qx '1 more profile is not shown (--top)' out
    "$DESCENT" show many --top 22 >out
    [ "$(grep -c '^## gd' out)" -eq 22 ]
    [ "$(grep -c 'not shown' out)" -eq 0 ]
}

@test "closed streams, full disks, and folders whose names a shell would read" {
    profiled
    local again=('blobs:rows=4000,features=12' --solver 'gd,sgd' --kernel auto --weak --threads '1,2'
        --repeats 2 --epochs 4 --quiet)
    cp -r results "$BATS_TEST_TMPDIR/my \$(touch x) dir"
    cd "$BATS_TEST_TMPDIR"
    "$DESCENT" profile "${again[@]}" --results 'my $(touch x) dir' >said
    grep -qx "next:    descent plot roofline 'my \$(touch x) dir/profile' --output roofline.svg" said
    grep -qx "         descent report 'my \$(touch x) dir/profile'" said
    mv 'my $(touch x) dir' results
    code=0
    "$DESCENT" profile "${again[@]}" --trace t.json >&- || code=$?
    [ "$code" -eq 1 ]
    jq -e .traceEvents t.json >/dev/null
    "$DESCENT" profile "${again[@]}" --trace t.json --force >/dev/null 2>&-
    jq -e .traceEvents t.json >/dev/null
    [ ! -e /dev/full ] || ! "$DESCENT" profile "${again[@]}" --trace /dev/full >/dev/null || return 1
    [ -z "$(find . -name '.descent.*')" ]
}

@test "the timeline is JSON of the Trace Event Format" {
    command -v jq >/dev/null || skip 'jq is not installed'
    profiled
    jq -e '(keys == ["displayTimeUnit", "traceEvents"]) and .displayTimeUnit == "ns"' trace.json
    jq -e '.traceEvents | length > 20' trace.json
    jq -e '[.traceEvents[] | select(.ph == "M")] | map(.name) | unique == ["process_name", "thread_name"]' trace.json
    jq -e '[.traceEvents[] | select(.ph == "M" and .name == "thread_name") | .args.name] == ["thread 0", "thread 1"]' trace.json
    jq -e 'all(.traceEvents[] | select(.ph != "M");
        .ph == "X" and (.ts | type) == "number" and .ts >= 0 and (.dur | type) == "number" and .dur >= 0
        and .pid == 1 and (.tid == 0 or .tid == 1) and (.name | type) == "string" and (.cat | IN("phase", "block")))' trace.json
    jq -e '[.traceEvents[] | select(.cat == "phase") | .name] | unique | contains(["pass", "reduce", "update", "wait"])' trace.json
    # Boxes of a thread that are no blocks of rows follow each other.
    jq -e '[range(2) as $t | [.traceEvents[] | select(.cat == "phase" and .tid == $t)] | sort_by(.ts)
        | [range(length - 1) as $i | .[$i].ts + .[$i].dur <= .[$i + 1].ts + 0.001] | all] | all' trace.json
}

@test "what was really granted is told: taskset, OMP_NUM_THREADS; and a file is found from anywhere" {
    command -v taskset >/dev/null || skip 'taskset is not installed'
    local processor
    "$DESCENT" data pets --output pets.csv >/dev/null
    processor=$(taskset -cp $$ | sed 's/.*[: ]\([0-9]*\).*/\1/')
    OMP_NUM_THREADS=7 taskset -c "$processor" "$DESCENT" profile pets.csv --epochs 2 --repeats 1 --quiet >one.txt
    tr -s '\n ' ' ' <one.txt >words.txt
    grep -qE "granted: 1 of [0-9]+ processors, time .*; a region that asks for 1 threads gets 1; OMP_NUM_THREADS=7" words.txt
    [ "$(grep -c '^2 threads' one.txt)" -eq 0 ]
    # Its sweep file lies elsewhere than the folder that the data were named from.
    grep -qx 'data_folder: "../.."' results/profile/profile.yaml
    [ "$("$DESCENT" export results/profile --format json | jq -r '.trials[0].data')" = pets.csv ]
    mkdir apart && cd apart
    "$DESCENT" sweep ../results/profile/profile.yaml --results ../results | grep -qx 'all 1 trials are recorded'
}

@test "the sweep file is printed on request, and a sweep runs it" {
    "$DESCENT" profile blobs:rows=300 --threads 1 --epochs 2 --repeats 1 --name printed --print >printed.yaml
    grep -qx 'profile: on' printed.yaml
    [ ! -e results ]
    "$DESCENT" plan printed.yaml | grep -q '1 '
}

@test "what is wrong is answered by option, and nothing is written" {
    refused() # WORDS MESSAGE
    {
        # shellcheck disable=SC2086 # words of a command line
        run "$DESCENT" profile $1
        [ "$status" -eq 2 ]
        [[ "$output" == *"$2"* ]] || { echo "$output" && return 1; }
        [ ! -e results ]
    }
    refused 'pets --solver sdg' "--solver: unknown solver 'sdg'; did you mean 'sgd'?"
    refused 'pets --threads 1,x' '--threads: '
    refused 'pets --threads 0' '--threads: '
    refused 'pets --kernel none' '--kernel: '
    refused 'pets --repeats 0' '--repeats: '
    refused 'pets --models 65' '--models: '
    refused 'pets --epochs x' '--epochs: '
    refused 'pets --kernel sparse' 'sparse'
    refused 'pets --force' '--force is not used without --trace'
    refused 'pets --name a/b' "'a/b' cannot be the name of the folder of results"
    refused 'none.csv' 'none.csv'
    refused '' 'DATA'
    printf '1,2,0\n2,1,1\n' >two.csv
    refused 'two.csv --weak' '--weak: two.csv has a fixed number of rows'
    touch trace.json
    refused 'pets --trace trace.json' 'trace.json'
    [ ! -s trace.json ]
}
