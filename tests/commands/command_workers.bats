#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Sweeps whose trials are trained by workers: other variables, another build, another BLAS. What comes
# back are the bits and traces of this process; and a program that crashes costs one trial, whichever
# message it crashes at.

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
}

query() # SWEEP SQL
{
    sqlite3 "results/$1/store.sqlite" "$2"
}

# A descent that tells how it was started.
wrapped() # NAME
{
    printf '#!/bin/sh\necho "%s $COLOUR $1" >>started\nexec "%s" "$@"\n' "$1" "$DESCENT" >"$1"
    chmod +x "$1"
}

sweep_file() # NAME LINE...
{
    printf '%s\n' '# Does it matter?' "name: $1" 'data: {generate: blobs, rows: 60, features: 5}' 'lambda: 0.01' \
        'threads: 1' 'seed: 2' 'retries: 0' 'binding: none' "${@:2}" >"$1.yaml"
}

runs=('stop: {epochs: 30, gap: 1e-3}' 'runs: [{solver: gd, rate: auto}, {solver: sgd, rate: 0.01}, {solver: newton}]')

@test "workers give the bits, traces and ends of this process, whatever they are started with" {
    sweep_file here "${runs[@]}"
    sweep_file outside "${runs[@]}" 'environment: [{COLOUR: blue}, {COLOUR: red, OMP_WAIT_POLICY: passive}, {}]' 'repeats: 2'
    "$DESCENT" sweep here.yaml --quiet >log
    "$DESCENT" sweep outside.yaml --quiet >log
    query here 'SELECT digest, status, epochs, rate, kernel FROM trial ORDER BY 1' >expected
    query outside 'SELECT DISTINCT digest, status, epochs, rate, kernel FROM trial ORDER BY 1' | diff expected -
    [ "$(query outside 'SELECT count(*) FROM trial')" -eq 18 ]
    [ "$(query outside 'SELECT count(*) FROM trial WHERE peak_bytes > 1e6 OR peak_bytes IS NULL')" -eq 18 ]
    traces='SELECT DISTINCT epoch, objective, gradient_norm, accuracy FROM trace ORDER BY 1, 2'
    query here "$traces" >expected
    query outside "$traces" | diff expected -
    "$DESCENT" compare results/outside --by environment >compared
    for side in COLOUR=blue 'COLOUR=red OMP_WAIT_POLICY=passive' unchanged; do
        grep -q "| $side " compared
    done
    "$DESCENT" sweep outside.yaml --quiet >again
    [ "$(query outside 'SELECT count(*) FROM trial')" -eq 18 ]
}

@test "another build has its version in its name, and its variables reach it" {
    wrapped old
    sweep_file builds 'binary: [./old]' 'environment: [{COLOUR: blue}, {}]' 'runs: [{solver: gd}]'
    COLOUR=green "$DESCENT" sweep builds.yaml --quiet >log
    printf '%s\n' 'old blue worker' 'old green worker' 'old green worker' | diff - <(sort started)
    version=$(printf '%s\n' '{"message": "hello", "protocol": 1}' | "$DESCENT" worker | jq -r .version)
    [ "$(query builds 'SELECT DISTINCT binary FROM configuration')" = "./old $version" ]
    sed -i 's/old/new/' builds.yaml
    run "$DESCENT" sweep builds.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *"builds.yaml:9:9: binary: "*"'./new' cannot be started: No such file"* ]]
}

@test "another BLAS is read back from the worker that was given it" {
    names=$("$DESCENT" list blas | awk 'NR > 1 && /\.so/ { print $1 }' | head -n 2 | paste -sd ,)
    sweep_file libraries "blas: [$names]" 'runs: [{solver: gd, kernel: blas}]' 'stop: {epochs: 10}'
    "$DESCENT" sweep libraries.yaml --quiet >log
    [ "$(query libraries "SELECT count(*) FROM trial WHERE status = 'epochs'")" -eq "$(tr , '\n' <<<"$names" | wc -l)" ]
    [ "$(query libraries "SELECT count(*) FROM configuration WHERE blas LIKE '${names%%,*} %'")" -eq 1 ]
    sed -i 's/^blas:.*/blas: no-such-library/' libraries.yaml
    run "$DESCENT" sweep libraries.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *'libraries.yaml:9:7: blas: '*no-such-library* ]]
}

@test "a variable that is null is unset, and one that is an empty text is empty" {
    printf '#!/bin/sh\necho "${COLOUR-unset}" >>started\nexec "%s" "$@"\n' "$DESCENT" >mine
    chmod +x mine
    sweep_file unset 'binary: ./mine' 'environment: [{COLOUR: null}, {COLOUR: ""}, {COLOUR: , OTHER: 1}]' 'runs: [{solver: gd}]' \
        'stop: {epochs: 2}'
    COLOUR=green "$DESCENT" sweep unset.yaml --quiet >log
    printf '%s\n' '' green unset unset | diff - <(sort started)
    "$DESCENT" show results/unset >shown
    "$DESCENT" compare results/unset --by environment >compared
    grep -q 'COLOUR unset' shown
    grep -q '^- COLOUR unset OTHER=1: 1 configuration' compared
}

@test "LD_LIBRARY_PATH of an environment follows the folder of the BLAS library that a worker is given" {
    name=$("$DESCENT" list blas | awk 'NR > 1 && /\.so/ { print $1; exit }')
    printf '#!/bin/sh\necho "${LD_LIBRARY_PATH-unset}" >>started\nexec "%s" "$@"\n' "$DESCENT" >mine
    chmod +x mine
    sweep_file folders "blas: $name" 'binary: ./mine' 'environment: [{LD_LIBRARY_PATH: /no/such/folder}, {LD_LIBRARY_PATH: null}]' \
        'runs: [{solver: gd, kernel: blas}]' 'stop: {epochs: 2}'
    LD_LIBRARY_PATH=/of/ours "$DESCENT" sweep folders.yaml --quiet >log
    [ "$(query folders "SELECT count(*) FROM trial WHERE status = 'epochs'")" -eq 2 ]
    grep -q '^/.*descent-blas\.[^:]*:/.*:/no/such/folder$' started
    [ "$(grep -c ':/of/ours$' started)" -eq 0 ]
    [ "$(grep -c 'descent-blas\.' started)" -eq 2 ]
}

# A process that nobody has waited for yet is not there any more.
is_there() # ID
{
    grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"
}

@test "killed outright, descent leaves no program behind" {
    cat >peer <<'PEER'
#!/bin/sh
while read -r line; do
    case $line in
    *'"hello"'*) echo '{"protocol": 1, "name": "peer", "version": "1"}' ;;
    *) echo $$ >peer.id; exec sleep 1000 ;;
    esac
done
PEER
    chmod +x peer
    printf '%s\n' '# Who is left?' 'name: left' 'data: pets' 'programs: {peer: {command: [./peer]}}' 'binding: none' \
        'runs: [{program: peer}]' >left.yaml
    "$DESCENT" sweep left.yaml --quiet >/dev/null 2>&1 &
    sweep=$!
    for _ in $(seq 200); do [ ! -s peer.id ] || break; sleep 0.05; done
    peer=$(cat peer.id)
    kill -s STOP "$peer" # as between two questions
    kill -s KILL "$sweep"
    for _ in $(seq 200); do is_there "$peer" || break; sleep 0.05; done
    run is_there "$peer"
    [ "$status" -ne 0 ]
}

@test "a library without LAPACK is refused for a solver that factors a matrix" {
    name=$("$DESCENT" list blas | awk 'NR > 1 && $(NF - 1) == "no" { print $1; exit }')
    [ -n "$name" ] || skip 'all libraries here have LAPACK'
    sweep_file factors "blas: [$name]" 'runs: [{solver: [gd, newton]}]' 'stop: {epochs: 2}'
    run "$DESCENT" plan factors.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *"factors.yaml:9:7: blas: '$name "*"' has no LAPACK, with which solver newton factors a matrix"* ]]
}

@test "what cannot be is refused at its place" {
    sweep_file wrong 'environment: passive' 'runs: [{solver: gd}]'
    run "$DESCENT" plan wrong.yaml
    [ "$status" -eq 2 ]
    [[ "$output" == *'wrong.yaml:9:14: environment: expected a mapping of variables, as in {OMP_WAIT_POLICY: passive}'* ]]
    sweep_file wrong 'environment: [{OMP_PLACES: [1, 2]}]' 'runs: [{solver: gd}]'
    run "$DESCENT" plan wrong.yaml
    [[ "$output" == *'environment: OMP_PLACES: expected a text, or null, which unsets it; this is a list'* ]]
    sweep_file wrong 'environment: [{}]' 'method: halving' 'runs: [{solver: gd, rate: [0.1, 1]}]'
    run "$DESCENT" plan wrong.yaml
    [[ "$output" == *'method: halving does not go with environment'* ]]
}

# It answers until its message number $AT of all its lives, and then never again fails.
@test "a crash at any message costs one trial at most, and the same command goes on" {
    cat >peer <<'PEER'
#!/bin/sh
while read -r line; do
    echo >>count
    [ "$(wc -l <count)" -ne "$(cat which)" ] || exit 3
    case $line in
    *'"hello"'*) echo '{"protocol": 1, "name": "peer", "version": "3"}' ;;
    *'"data"'*) echo '{}' ;;
    *'"train"'*) echo '{"weights": [0, 0], "bias": 0}' ;;
    *'"quit"'*) exit ;;
    esac
done
PEER
    chmod +x peer
    printf '%s\n' '# Does it survive?' 'name: crash' 'data: pets' 'programs: {peer: {command: [./peer]}}' 'retries: 0' \
        'warmup: 0' 'binding: none' 'runs: [{program: peer, lambda: [0.1, 0.2, 0.3]}]' >crash.yaml
    for at in 1 2 3 4 5 6 7 8 9; do
        rm -rf results count
        echo "$at" >which
        run "$DESCENT" sweep crash.yaml --quiet
        [ "$at" -ne 1 ] || [[ "$output" == *'crash.yaml:4:12: program peer: at '*"'hello': it ended before it had answered; it ended with exit code 3"* ]]
        "$DESCENT" sweep crash.yaml --quiet >again || [ "$at" -gt 2 ]
        failed=$(query crash "SELECT count(*) FROM trial WHERE status = 'failed'")
        echo "at $at: $failed failed"
        # 1 hello and 2 quit before the sweep; 3 hello, 4 data, 5 to 7 train, 8 quit after it
        [ "$failed" -eq $((at >= 3 && at <= 7)) ]
        [ "$(query crash 'SELECT count(*) FROM trial')" -eq 3 ]
    done
}
