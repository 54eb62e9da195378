#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every command that writes a file, against everything that may be the matter with its name. A row of
# the table is what a command reads, the ending of what it writes, and the command, with OUT in place
# of the name. What ends a process in the middle is tests/unit/base/test_output.c's.

load ../helpers/training

setup_file()
{
    cd "$BATS_FILE_TMPDIR"
    "$DESCENT" data pets --output pets.csv
    printf '1,2\n3,4\n' >rows.csv
    "$DESCENT" train pets.csv --epochs 2 --save m.json >/dev/null
    printf '%s\n' 'name: s' 'data: pets.csv' 'solver: gd' 'rate: [0.1, 1.0]' 'retries: 0' \
        'stop: {epochs: 3}' >s.yaml
    "$DESCENT" sweep s.yaml --quiet >/dev/null
}

setup()
{
    cp -r "$BATS_FILE_TMPDIR"/. "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR"
    commands=(
        "pets.csv|csv|data pets.csv --output OUT"
        "pets.csv|svm|data convert pets.csv OUT"
        "pets.csv|arff|data convert pets.csv OUT"
        "rows.csv|npy|data convert rows.csv OUT --label none"
        "pets.csv|json|train pets.csv --epochs 1 --save OUT"
        "m.json pets.csv|csv|predict m.json pets.csv --output OUT"
        "results/s/store.sqlite|csv|export results/s --output OUT"
        "results/s/store.sqlite|csv|export results/s --traces --output OUT"
        "results/s/store.sqlite|json|export results/s --format json --output OUT"
        "results/s/store.sqlite|json|export results/s --format gbench --output OUT"
        "results/s/store.sqlite results/s/lock|html|report results/s --output OUT"
        "s.yaml pets.csv|sh|slurm s.yaml --nodes 2 --output OUT"
        "pets.csv|json|profile pets.csv --epochs 3 --repeats 1 --quiet --trace OUT"
    )
    if command -v gnuplot >/dev/null; then
        commands+=(
            "pets.csv|gif|train pets.csv --epochs 1 --animate OUT"
            "pets.csv m.json|svg|plot points pets.csv --model m.json --output OUT"
            "results/s/store.sqlite|svg|plot loss results/s --output OUT"
        )
    fi
}

# Calls a function with the inputs, the name and the words of every command.
for_each() # FUNCTION ENDING-OF-NAME...
{
    local row inputs ending words
    for row in "${commands[@]}"; do
        IFS='|' read -r inputs ending words <<<"$row"
        echo "descent $words"
        rm -rf out.* said results/profile
        # shellcheck disable=SC2086 # words of a command line
        "$1" "$inputs" "out.$ending" $words
        [ -z "$(find . -name '.descent.*')" ]
    done
}

# The command with a name in place of OUT; its exit code is in $code.
descent_to() # NAME WORD...
{
    local name=$1
    shift
    code=0
    "$DESCENT" "${@/#OUT/$name}" >said 2>told || code=$?
}

says()
{
    grep -qF -- "$1" told || { cat told; false; }
}

exists()
{
    shift
    echo precious >"$1"
    chmod 600 "$1"
    descent_to "$@"
    [ "$code" -eq 2 ]
    says "this file exists; --force replaces it"
    [ "$(cat "$1")" = precious ]
    [ "$2" != profile ] || return 0 # takes seconds: command_profile.bats has one
    descent_to "$@" --force
    [ "$code" -eq 0 ] || { cat told; false; }
    [ "$(cat "$1")" != precious ]
    [ "$(stat -c %a "$1")" = 600 ]
}

@test "a file that exists is replaced with --force only" {
    for_each exists
}

is_input()
{
    local input name=$2
    for input in $1; do
        cp -p "$input" copy
        for how in "ln -s" ln; do
            $how "$input" "$name"
            descent_to "${@:2}" --force
            [ "$code" -eq 2 ]
            says "the command reads this file, so it is not replaced"
            cmp "$input" copy
            rm "$name"
        done
    done
}

@test "an input of the same command is never replaced, through links neither" {
    for_each is_input
    # shellcheck disable=SC2094 # it must refuse to
    descent_to pets.csv data convert - OUT --force <pets.csv
    [ "$code" -eq 2 ]
    descent_to pets.csv train pets.csv --save OUT --force
    [ "$code" -eq 2 ]
    [ ! -s said ] # before training
    descent_to results/s/store.sqlite export results/s/store.sqlite --output OUT --force
    [ "$code" -eq 2 ]
}

is_store()
{
    cp results/s/store.sqlite "$2"
    cp "$2" copy
    descent_to "${@:2}" --force
    [ "$code" -eq 2 ]
    says "this is a store of trials, so it is not replaced"
    cmp "$2" copy
}

@test "a store is never replaced, by what was made from it neither" {
    for_each is_store
    descent_to results/s/store.sqlite slurm s.yaml --nodes 2 --output OUT --force
    [ "$code" -eq 2 ]
    says "results/s/store.sqlite: this is a store of trials"
}

no_folder()
{
    descent_to "no/$2" "${@:3}"
    [ "$code" -eq 1 ]
    says "no/$2: cannot be written: No such file or directory"
    [ ! -s said ] # nothing was computed
}

@test "a folder that is not there is told before anything is computed" {
    for_each no_folder
}

full_disk()
{
    [ "$3" != profile ] || return 0
    ln -s /dev/full "$2"
    descent_to "${@:2}"
    [ "$code" -eq 1 ]
    says "No space left on device"
}

@test "a full disk is a failure" {
    [ -e /dev/full ] || skip "there is no /dev/full"
    for_each full_disk
}

# What can be standard output, to one that is closed, and to a full disk.
no_output()
{
    case "$3" in train | profile | plot) return 0 ;; esac
    case "$2" in *.npy) return 0 ;; esac
    code=0
    local words=("${@:3}")
    "$DESCENT" "${words[@]/#OUT/-}" >&- 2>told || code=$?
    [ "$code" -eq 1 ]
    says "cannot be written: it is closed"
}

@test "results for a standard output that is closed are a failure" {
    for_each no_output
    for words in "data pets" "train pets --epochs 1" "train pets --epochs 1 --format json" "list solvers" \
        "plan s.yaml" "show results/s" "compare results/s" "compare results/s --format json" \
        "sweep s.yaml" "--help" "train --help" "--version" "man"; do
        code=0
        # shellcheck disable=SC2086 # words of a command line
        "$DESCENT" $words >&- 2>told || code=$?
        [ "$code" -eq 1 ]
        says "could not be written"
    done
    for name in - /dev/stdout /dev/fd/1; do
        code=0
        "$DESCENT" data pets --output "$name" >&- 2>told || code=$?
        [ "$code" -eq 1 ]
        says "standard output: cannot be written: it is closed"
    done
}

# With all three closed: the file that is opened first would have got number 0, 1 or 2.
whole_file()
{
    [ "$3" != profile ] || return 0
    descent_to "${@:2}"
    [ "$code" -eq 0 ]
    local name=$2
    cp "$name" whole
    for closed in '<&-' '2>&-' '<&- >&- 2>&-'; do
        eval '"$DESCENT" "${@:3}" --force' "$closed" || [ $? -eq 1 ]
        if [[ $name == *.csv || $name == *.svm || $name == *.html || $name == *.npy ]]; then
            cmp "$name" whole
        else
            [ "$(head -c 1 "$name")" = "$(head -c 1 whole)" ]
        fi
    done
}

closed_streams()
{
    local words=("${@/#OUT/$2}")
    whole_file "$1" "$2" "${words[@]:2}"
}

@test "messages never go into a file, whichever standard streams are closed" {
    for_each closed_streams
}

@test "X and y are put in place together, or neither" {
    "$DESCENT" data convert pets.csv X.npy
    cp y.npy old-y.npy
    mkdir sub
    echo old >sub/y.npy
    ln -s /dev/full sub/X.npy
    run "$DESCENT" data convert pets.csv sub/X.npy --force
    [ "$status" -eq 1 ]
    [ "$(cat sub/y.npy)" = old ]
    run "$DESCENT" data convert X.npy X.npy --force
    [ "$status" -eq 2 ]
    mkdir other
    cp X.npy y.npy other
    ln -sf ../y.npy other/y.npy # the labels that are read, by another way
    run "$DESCENT" data convert X.npy other/X.npy --force
    [ "$status" -eq 2 ]
    cmp y.npy old-y.npy
}

@test "two outputs do not share a name" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    run "$DESCENT" train pets --epochs 1 --save a.gif --animate ./a.gif
    [ "$status" -eq 2 ]
    [[ $output == *"two files to be written have this name" ]]
    [ ! -e a.gif ]
}

@test "a profile's timeline is not its sweep file" {
    mkdir -p results/profile
    run "$DESCENT" profile pets --epochs 3 --repeats 1 --trace results/profile/profile.yaml
    [ "$status" -eq 2 ]
    [ -z "$(ls -A results/profile)" ]
}

# Stopped while it waits for its rows, when the file to write is open already.
@test "a signal leaves nothing behind" {
    mkfifo rows
    for words in "data - --output out.csv" "predict m.json - --output out.csv" "data convert - out.npy"; do
        for signal in INT TERM HUP; do
            # shellcheck disable=SC2086 # words of a command line
            env --default-signal=INT "$DESCENT" $words <rows >/dev/null 2>&1 &
            exec 9>rows
            until [ -n "$(find . -name '.descent.*')" ]; do
                kill -0 $!
                sleep 0.01
            done
            kill -"$signal" $!
            code=0
            wait $! || code=$?
            exec 9>&-
            [ "$code" -gt 128 ]
            [ -z "$(find . -name '.descent.*' -o -name 'out.*')" ]
        done
    done
}

@test "what gnuplot does not say is told" {
    mkdir bin
    PATH=$PWD/bin:$PATH
    export PATH
    fake()
    {
        printf '#!/bin/sh\nscript=$(cat)\n[ -n "$script" ] || exit 0\n%s\n' "$1" >bin/gnuplot
        chmod +x bin/gnuplot
        run "$DESCENT" plot loss-function --output out.svg
        [ "$status" -eq 1 ]
        [[ $output == *"$2"* ]]
        [ -z "$(find . -name '.descent.*' -o -name 'out.*')" ]
    }
    fake 'kill -9 $$' 'it said nothing; it was killed by signal 9 (Killed)'
    fake 'echo half; kill -9 $$' 'it said nothing; it was killed by signal 9 (Killed)'
    fake 'exit 3' 'it said nothing; it ended with exit code 3'
    fake 'exit 0' 'it said nothing; it succeeded but wrote no picture'
    fake 'echo "line 1: what?" >&2; exit 1' 'gnuplot could not draw the picture: line 1: what?'
}

@test "a closed terminal (SIGHUP) ends it, unless nohup has it go on, whatever libraries put in its place" {
    for wish in default ignore; do
        env "--$wish-signal=HUP" "$DESCENT" train pets --epochs 1e12 >out 2>err &
        job=$!
        until_it_trains "$job"
        kill -HUP "$job"
        if [ "$wish" = ignore ]; then
            sleep 0.3
            kill -0 "$job"
            kill -TERM "$job"
        fi
        code=0
        wait "$job" || code=$?
        [ "$code" -eq "$([ "$wish" = ignore ] && echo 130 || echo 129)" ]
    done
}
