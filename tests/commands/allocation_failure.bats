#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Whichever allocation fails, the program says so in one line and ends with 1; what a sweep had
# recorded stays readable, and the same command goes on.

load ../helpers/compilers

setup()
{
    cd "$BATS_TEST_TMPDIR"
    failing="$(dirname "$DESCENT")/tests/descent_allocation_test"
    # Leaving by exit() in the middle of things frees nothing, on purpose.
    export ASAN_OPTIONS=detect_leaks=0
    printf '%s,%s,%s\n' x1 x2 y 0 1 0 1 0 1 2 2 1 -1 1 0 3 1 1 -2 -1 0 >points.csv
    cat >tiny.yaml <<'END'
# How long does nothing take?
name: tiny
data:
  - {generate: pets}
runs:
  - {solver: gd, rate: [0.1, 1.0]}
  - {solver: sgd, rate: 0.01}
stop: {epochs: 5}
repeats: 2
seed: 1
retries: 0 # whatever else runs
END
}

# Runs a command with the k-th allocation failing. True when it came to its end undisturbed; a
# failure that is not the one expected ends the test.
undisturbed() # K COMMAND...
{
    local k=$1 code=0
    shift
    ALLOCATION_FAILS_AT=$k "$@" >out 2>err </dev/null || code=$?
    [ "$code" -ne 0 ] || return 0
    # Before it there may be what predict tells of quality.
    if [ "$code" -ne 1 ] || [ "$(grep -c '^descent: ' err)" -ne 1 ] || ! tail -n 1 err | grep -q '^descent: out of memory'; then
        printf 'allocation %d failed: exit code %d, on standard error:\n' "$k" "$code"
        cat err
        exit 1
    fi
    return 1
}

# The first allocations one by one, then in strides that grow, so that the number of runs stays
# small when there are many; they grow faster under the sanitizers, where a run takes ten times as long.
next_k() # K
{
    local part=16
    ! is_sanitized || part=5
    printf '%d\n' $(($1 + 1 + $1 / part))
}

# Every command that writes a file: whichever allocation fails, its own, those of the JSON library or
# of a text that is composed in memory, either the file is the whole one and the code is 0, or there
# is none, not even a temporary one.
whole_or_none() # COMMAND..., which writes to the file "out.file"
{
    local k=1 failures=0
    "$DESCENT" "$@" >/dev/null 2>&1
    mv out.file whole
    until undisturbed "$k" "$failing" "$@"; do
        if [ -e out.file ] || [ -n "$(find . -name '.descent.*')" ]; then
            printf 'allocation %d failed, and a file is left:\n' "$k"
            ls -A
            exit 1
        fi
        failures=$((failures + 1))
        k=$((k + 1 + k / 3))
    done
    normal out.file >found
    normal whole | cmp - found
    rm out.file whole
    printf '%s: undisturbed at %d\n' "$*" "$k"
    [ "$failures" -gt 5 ]
}

# Without what is another from run to run.
normal()
{
    sed 's/"date":"[^"]*"//g; s/"\(ts\|dur\)":[0-9.e+-]*//g; s/^# Time.*//; s/^# was made.*//' "$1"
}

rows_exported()
{
    "$DESCENT" export results/tiny --format csv | wc -l
}

# Tries a command with every allocation failing.
ends_well_whatever_fails() # COMMAND...
{
    local k=1
    until undisturbed "$k" "$@"; do
        k=$(next_k "$k")
    done
    printf 'undisturbed at %d\n' "$k"
    [ "$k" -gt 5 ]
}

@test "data: any allocation that fails ends with one line" {
    ends_well_whatever_fails "$failing" data points.csv
}

# Whether it is written or read, an entry is whole or there is none.
@test "the cache: any allocation that fails ends with one line, and leaves no part of an entry" {
    export XDG_CACHE_HOME=$PWD/kept
    printf '%s,%s,%s\n' n c y 1 a 0 '' b 1 3 a 1 2 '' 0 >table.csv
    "$DESCENT" data table.csv --missing mean | grep -v '^cache' >whole
    for kept in no yes; do
        k=1
        [ "$kept" = yes ] || rm -rf kept
        until undisturbed "$k" "$failing" data table.csv --missing mean --cache yes; do
            [ -z "$(find . -name '.descent.*')" ]
            [ "$kept" = yes ] || rm -rf kept
            k=$((k + 1 + k / 2))
        done
        grep -v '^cache' out | cmp whole -
        [ "$k" -gt 5 ]
    done
}

@test "train: any allocation that fails ends with one line" {
    # With a lambda: of separable data there would be a note before that line.
    ends_well_whatever_fails "$failing" train points.csv --solver minibatch --batch 2 --epochs 3 --lambda 0.1
}

@test "what is written is whole, whichever allocation fails" {
    "$DESCENT" sweep tiny.yaml --quiet >/dev/null
    "$DESCENT" train points.csv --lambda 0.1 --epochs 3 --save m.json >/dev/null
    whole_or_none data points.csv --names --output out.file
    whole_or_none train points.csv --lambda 0.1 --epochs 3 --save out.file
    whole_or_none predict m.json points.csv --output out.file
    printf '%s,%s,%s\n' n c y 1 a 0 '' b 1 3 a 1 2 '' 0 >table.csv
    "$DESCENT" train table.csv --missing indicator --lambda 0.1 --epochs 3 --save t.json >/dev/null
    whole_or_none train table.csv --missing indicator --lambda 0.1 --epochs 3 --save out.file
    whole_or_none predict t.json table.csv --output out.file
    whole_or_none export results/tiny --output out.file
    whole_or_none export results/tiny --traces --output out.file
    whole_or_none export results/tiny --format json --output out.file
    whole_or_none export results/tiny --format gbench --output out.file
    whole_or_none report results/tiny --output out.file
}

# The same for what is printed: with code 0 it is all there.
@test "what is printed is whole, whichever allocation fails" {
    "$DESCENT" sweep tiny.yaml --quiet >/dev/null
    for words in "show results/tiny" "compare results/tiny" "compare results/tiny --format json"; do
        # shellcheck disable=SC2086 # words of a command line
        "$DESCENT" $words >whole
        k=1
        # shellcheck disable=SC2086 # words of a command line
        until undisturbed "$k" "$failing" $words; do
            k=$((k + 1 + k / 3))
        done
        cmp whole out
        [ "$k" -gt 5 ]
    done
}

# A store can be shown, unless the failure came before anything was recorded.
readable()
{
    [ -e "$1/store.sqlite" ] || return 0
    run "$DESCENT" show "$1"
    [ "$status" -eq 0 ] || [[ $output == *" is recorded here yet"* ]] # no sweep, or nothing at all
}

@test "sweep: any allocation that fails leaves a store that the same command goes on with" {
    "$DESCENT" sweep tiny.yaml
    expected=$(rows_exported)
    rm -r results

    k=1
    until undisturbed "$k" "$failing" sweep tiny.yaml; do
        readable results/tiny
        "$DESCENT" sweep tiny.yaml >out 2>&1 || { cat out; false; }
        [ "$(rows_exported)" -eq "$expected" ]
        rm -r results
        k=$(next_k "$k")
    done
    echo "undisturbed at $k"
    [ "$k" -gt 5 ]
}

@test "halving: any allocation that fails leaves a store that the same command goes on with" {
    cat >rungs.yaml <<'END'
name: rungs
data: {generate: pets, rows: 12}
method: halving
eta: 2
runs: [{solver: gd, rate: [0.1, 1, 2, 3]}, {solver: minibatch-momentum, rate: 0.1, batch: 3}]
threads: 1
stop: {epochs: 5}
execution: batched
binding: none
END
    "$DESCENT" sweep rungs.yaml --quiet >/dev/null
    "$DESCENT" show results/rungs >whole
    rungs() { sqlite3 results/rungs/store.sqlite "SELECT t.digest, t.status, r.* FROM trial t JOIN plan p USING (configuration)
        LEFT JOIN rung r USING (configuration) ORDER BY p.position, r.rung"; }
    rungs >expected
    k=1
    until undisturbed "$k" "$failing" show results/rungs; do
        k=$((k + 1 + k / 3))
    done
    cmp whole out
    rm -r results
    k=1
    until undisturbed "$k" "$failing" sweep rungs.yaml --quiet; do
        readable results/rungs
        "$DESCENT" sweep rungs.yaml --quiet >out 2>&1 || { cat out; false; }
        rungs | cmp - expected
        rm -r results
        k=$((k + 1 + k / 3))
    done
    [ "$k" -gt 5 ]
}
