#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Whichever allocation fails, the program says so in one line and ends with 1; what a sweep had
# recorded stays readable, and the same command goes on.

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
    if [ "$code" -ne 1 ] || [ "$(wc -l <err)" -ne 1 ] || ! grep -q '^descent: out of memory' err; then
        printf 'allocation %d failed: exit code %d, on standard error:\n' "$k" "$code"
        cat err
        exit 1
    fi
    return 1
}

# The first allocations one by one, then in strides that grow, so that the number of runs stays
# small when there are many.
next_k() # K
{
    printf '%d\n' $(($1 + 1 + $1 / 16))
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

@test "train: any allocation that fails ends with one line" {
    ends_well_whatever_fails "$failing" train points.csv --solver minibatch --batch 2 --epochs 3
}

# A store can be shown, unless the failure came before anything was recorded.
readable()
{
    [ -e "$1/store.sqlite" ] || return 0
    run "$DESCENT" show "$1"
    [ "$status" -eq 0 ] || [[ $output == *"no sweep is recorded here yet"* ]]
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
