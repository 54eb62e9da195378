#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Paths of data in a sweep file: taken from its folder, wherever the sweep is started, gone on with or
# looked at.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p project/configs project/data elsewhere
    "$DESCENT" data pets --output project/data/pets.csv >/dev/null
    cat >project/configs/s.yaml <<'END'
# From anywhere?
name: s
data: [../data/pets.csv, {file: ../data/pets.csv, scale: standard}]
solver: gd
rate: [0.1, 0.2]
stop: {epochs: 5}
binding: none
END
}

refused() { # exit code 2, one message with this text
    [ "$status" -eq 2 ]
    [ "${output%%:*}" = descent ]
    [[ $output == *"$1"* ]] || { echo "$output" && return 1; }
}

# The whole data of a sweep file of two lines, as plan describes it.
planned() { # FILE DATA
    printf '# q?\n%s\nsolver: gd\nstop: {epochs: 2}\n' "$2" >"$1"
    run "$DESCENT" plan "$1"
}

@test "a sweep is run, gone on with and trained from in three folders" {
    cd project && "$DESCENT" sweep configs/s.yaml --quiet >/dev/null
    cd ../elsewhere && "$DESCENT" sweep ../project/configs/s.yaml --results ../project/results >told
    grep -qx 'all 4 trials are recorded' told
    run ! grep -q changed told
    "$DESCENT" sweep "$BATS_TEST_TMPDIR/project/configs/s.yaml" --results ../project/results |
        grep -qx 'all 4 trials are recorded'
    for folder in ../project . /; do
        cd "$folder"
        "$DESCENT" train --from "$BATS_TEST_TMPDIR/project/results/s" >"$BATS_TEST_TMPDIR/told"
        grep -qF "on '../data/pets.csv'" <(tr '\n' ' ' <"$BATS_TEST_TMPDIR/told")
        grep -qF 'Data: pets.csv, 100 rows' "$BATS_TEST_TMPDIR/told"
    done
    cd "$BATS_TEST_TMPDIR"
    # What is recorded is as it is written, and exports tell no folder.
    "$DESCENT" export project/results/s --format json >s.json
    [ "$(jq -r '[.trials[].data] | unique | join(";")' s.json)" = \
        '../data/pets.csv;../data/pets.csv (scale standard)' ]
    run ! grep -q '"folder"' s.json
    # A copy of the store knows where the sweep file was.
    cp -r project/results/s copied
    "$DESCENT" train --from copied >/dev/null
    "$DESCENT" show copied | grep -qF '../data/pets.csv'
}

@test "what is only where the command was started: both places and the way out, no fallback" {
    cd project && cp data/pets.csv here.csv && cp data/pets.csv configs/both.csv && echo >both.csv
    planned configs/a.yaml 'data: here.csv'
    refused 'configs/a.yaml:2:7: cannot read configs/here.csv: No such file or directory; paths in a sweep file are taken from its own folder, not from the working directory, where here.csv is; write ../here.csv, or its absolute path'
    planned configs/a.yaml 'data: {file: here.csv}'
    refused 'configs/a.yaml:2:14: cannot read configs/here.csv'
    planned configs/a.yaml 'data: ../here.csv'
    [ "$status" -eq 0 ]
    planned configs/a.yaml 'data: ../nowhere.csv'
    refused 'cannot read configs/../nowhere.csv: No such file or directory'
    [[ $output != *'working directory'* ]]
    planned configs/a.yaml 'data: both.csv'
    [ "$status" -eq 0 ]
    planned configs/a.yaml "data: $PWD/here.csv"
    [ "$status" -eq 0 ]
    # A bare name is a generator, a file beside the sweep file, or refused.
    mv here.csv plain && cp plain configs/beside
    planned configs/a.yaml 'data: {file: beside, format: csv}'
    [ "$status" -eq 0 ]
    planned configs/a.yaml 'data: beside'
    [ "$status" -eq 0 ]
    planned configs/a.yaml 'data: plain'
    refused 'write ../plain'
    planned configs/a.yaml 'data: peds'
    refused "did you mean 'pets'"
}

@test "data_folder, standard input, and a sweep file that comes through a pipe" {
    cd project
    planned configs/a.yaml $'data: pets.csv\ndata_folder: ../data'
    [ "$status" -eq 0 ]
    [[ $output == *$'\n  pets.csv: L = '* ]]
    planned configs/a.yaml $'data_folder: ../data\ndata: data/pets.csv'
    refused 'taken from its data_folder, not from the working directory, where data/pets.csv is; write pets.csv'
    printf 'data: {file: "-", format: csv}\nsolver: gd\nstop: {epochs: 2}\nname: in\n' >configs/a.yaml
    "$DESCENT" sweep configs/a.yaml --quiet <data/pets.csv | grep -q 'results/in'
    printf 'data: data/pets.csv\nsolver: gd\nname: piped\nstop: {epochs: 2}\n' | "$DESCENT" plan /dev/stdin |
        grep -q '^sweep piped'
}

@test "labels of NumPy data, and a sweep file that is a link" {
    cd project
    "$DESCENT" data data/pets.csv --output data/p_X.npy >/dev/null
    mv data/p_y.npy data/answers.npy
    planned configs/a.yaml 'data: {file: ../data/p_X.npy, label: ../data/answers.npy}'
    [ "$status" -eq 0 ]
    [[ $output == *'../data/p_X.npy (label ../data/answers.npy)'* ]]
    # The folder is that of the path that is given.
    mkdir linked && ln -s ../configs/s.yaml linked/s.yaml
    "$DESCENT" plan linked/s.yaml >/dev/null
    mkdir -p deep/er && ln -s ../../configs/s.yaml deep/er/s.yaml
    run "$DESCENT" plan deep/er/s.yaml
    refused 'cannot read deep/er/../data/pets.csv'
}

@test "a profile that is printed is for the folder where it was asked for" {
    "$DESCENT" profile project/data/pets.csv --threads 1 --epochs 2 --print >printed.yaml
    run ! grep -q data_folder printed.yaml
    "$DESCENT" plan printed.yaml >/dev/null
}

@test "a job script names the sweep file where it is, and its data are found from there" {
    cd project
    "$DESCENT" slurm configs/s.yaml --nodes 2 >job.sh
    grep -qF " sweep $PWD/configs/s.yaml --results $PWD/results " job.sh
}
