#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `descent tune` and what comes of it. Nothing here depends on what is faster: whatever is chosen is
# a row of its table, is kept, is taken by the next command, and changes no bit.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export XDG_CACHE_HOME=$PWD/kept
    unset DESCENT_TUNING
    cat >small.yaml <<'YAML'
# Does tuning change a bit?
data: ["blobs:rows=300,features=5"]
runs:
  - solver: gd
    kernel: fused
    threads: 1
    rate: [0.1, 0.2]
    stop: {epochs: 5}
YAML
}

sweep() { # FOLDER OPTION...
    "$DESCENT" sweep small.yaml --quiet --results "$@" >/dev/null
}

# What trials ran, or another field of theirs, each once.
ran() { # FOLDER FIELD
    "$DESCENT" export "$1/small" --format json | jq -r ".trials[].$2" | sort -u
}

@test "every variant is measured, on every shape, and the best is kept" {
    "$DESCENT" tune 300x5 100x4x9 --threads 1 >told
    grep -q '^fused  *300x5 ' told
    grep -q '^batched  *100x4x9 ' told
    [ "$(grep -c ' \*$' told)" -eq 2 ]
    grep -q "^kept in $XDG_CACHE_HOME/descent/tuning/[0-9a-f]*$" told
    "$DESCENT" tune 300x5 100x4x9 --threads 1 --format json >told.json
    [ -z "$(tail -c 1 told.json)" ] # its line is ended
    jq -e '.shapes | length == 2' told.json
    jq -e '.shapes[] | .chosen as $chosen | .variants | any(.variant == $chosen) and all(.seconds > 0)' told.json
    jq -e '.shapes[0].variants | length > 20' told.json
    [ -f "$(jq -r .kept told.json)" ]
    [ "$(find kept -type f | wc -l)" -eq 1 ]
}

@test "trials say which variant ran, and it changes no bit" {
    chosen=$("$DESCENT" tune 300x5 --threads 1 --format json | jq -r '.shapes[0].chosen')
    sweep tuned
    sweep first --no-tuning
    (echo 'tuning: no' && cat small.yaml) >other.yaml
    "$DESCENT" sweep other.yaml --quiet --results said >/dev/null
    DESCENT_TUNING=no sweep forbidden
    [ "$(ran tuned variant_ran)" = "$chosen" ]
    plain=$(ran first variant_ran)
    [ "$plain" = 4-whole-l1-256-8k ]
    [ "$(ran forbidden variant_ran)" = "$plain" ]
    [ "$("$DESCENT" export said/other --format json | jq -r '.trials[0].variant_ran')" = "$plain" ]
    [ "$(ran tuned digest)" = "$(ran first digest)" ]
    "$DESCENT" export tuned/small --format csv | head -n 1 | grep -q ,variant_ran,
    if [ "$chosen" != "$plain" ]; then
        "$DESCENT" show tuned/small | grep -q "^Tuned         2 of 2 trials: fused $chosen$"
    fi
    [ "$("$DESCENT" show first/small | grep -c ^Tuned)" -eq 0 ]
}

@test "a worker runs what was chosen, and the first where its sweep is not tuned" {
    echo '    environment: [{}]' >>small.yaml
    chosen=$("$DESCENT" tune 300x5 --threads 1 --format json | jq -r '.shapes[0].chosen')
    sweep tuned
    sweep first --no-tuning
    [ "$(ran tuned variant_ran)" = "$chosen" ]
    [ "$(ran first variant_ran)" = 4-whole-l1-256-8k ]
    [ "$(ran tuned digest)" = "$(ran first digest)" ]
}

@test "tuning is no part of what a trial is: a tuned sweep goes on without it" {
    "$DESCENT" tune 300x5 --threads 1 >/dev/null
    sweep one
    "$DESCENT" sweep small.yaml --results one --no-tuning | grep -q '^all 2 trials are recorded$'
}

@test "short work is not measured for" {
    "$DESCENT" train blobs:rows=300,features=5 --solver gd --epochs 20 >/dev/null
    sweep short
    [ ! -e kept ]
}

@test "what is kept and damaged, or cannot be kept, does no harm" {
    "$DESCENT" tune 300x5 --threads 1 >/dev/null
    file=$(find kept -type f)
    printf 'fused 5 1 1 13 nonsense\n' >>"$file"
    sweep damaged
    [ "$(ran damaged variant_ran)" = 4-whole-l1-256-8k ]
    chosen=$("$DESCENT" tune 300x5 --threads 1 --format json | jq -r '.shapes[0].chosen')
    sweep again
    [ "$(ran again variant_ran)" = "$chosen" ]
    XDG_CACHE_HOME=/dev/null sweep nowhere
    env -u XDG_CACHE_HOME -u HOME "$DESCENT" sweep small.yaml --quiet --results homeless >/dev/null
    run env -u XDG_CACHE_HOME -u HOME "$DESCENT" tune 300x5 --threads 1
    [ "$status" -eq 1 ]
    [[ $output == *"neither XDG_CACHE_HOME nor HOME names a folder for it" ]]
    run env XDG_CACHE_HOME=/dev/null "$DESCENT" tune 300x5 --threads 1
    [ "$status" -eq 1 ]
    [[ $output == *300x5* ]]
}

@test "what is no shape is told" {
    for shape in 300 300x0 300x5x x 300x5x1x1 300X5 300x5@int4 300x5x2@int8; do
        run "$DESCENT" tune "$shape"
        [ "$status" -eq 2 ]
        [[ $output == "descent: '$shape' is no shape; give rows and features, as in 200000x784, or"* ]]
    done
    run "$DESCENT" tune 100000000x100000
    [ "$status" -eq 2 ]
    [[ $output == *"the shape 100000000x100000"* ]]
    run "$DESCENT" tune 300x5 --threads 0
    [ "$status" -eq 2 ]
}
