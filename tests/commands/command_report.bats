#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent report from the command line: where the page goes, and what is wrong with a command. What
# is in it: test_page.c; what a browser makes of it: page.bats.

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    cat > small.yaml << 'YAML'
# Which?
name: small
data: {generate: pets}
runs: [{solver: gd, rate: [0.5, 2], threads: 1}, {solver: sgd, rate: [0.01, 0.1]}]
stop: {epochs: 5}
binding: none
retries: 0
YAML
    "$DESCENT" sweep small.yaml --results . --quiet
}

@test "the page is beside the store, unless it is wanted elsewhere" {
    run "$DESCENT" report small
    [ "$status" -eq 0 ]
    [ "$output" = "Page          small/small.html" ]
    "$DESCENT" report small --output page.html
    "$DESCENT" report small --output - > stdout.html
    cmp page.html stdout.html
    cmp small/small.html stdout.html
    [ "$(head -n 1 page.html)" = "<!DOCTYPE html>" ]
    [ "$(tail -n 1 page.html)" = "</html>" ]
}

@test "a slash after the folder changes nothing" {
    run "$DESCENT" report small/
    [ "$output" = "Page          small/small.html" ]
}

@test "a page is replaced only if that is said" {
    "$DESCENT" report small
    run "$DESCENT" report small
    [ "$status" -ne 0 ]
    [[ "$output" == *"small/small.html"*"--force"* ]]
    "$DESCENT" report small --force
}

@test "what is wrong is said, and nothing is written" {
    run "$DESCENT" report nowhere
    [ "$status" -eq 2 ]
    [[ "$output" == *"no results here"* ]]
    run "$DESCENT" show smal
    [[ "$output" == "descent: smal: no results here; did you mean small?" ]]
    run "$DESCENT" report small --output missing/page.html
    [ "$status" -ne 0 ]
    [[ "$output" == *"missing/page.html"* ]]
    run "$DESCENT" report small --format pdf
    [ "$status" -eq 2 ]
    run "$DESCENT" report
    [ "$status" -eq 2 ]
    [ -z "$(find . -name '*.html*')" ]
}

@test "a full disk leaves no page" {
    run bash -c 'ulimit -f 100; "$DESCENT" report small'
    [ "$status" -eq 1 ]
    [ -z "$(find . -name '*.html*')" ]
}

@test "the data of the page are JSON with every configuration" {
    "$DESCENT" report small --output page.html
    sed -n 's|.*id="data">\(.*\)</script>$|\1|p' page.html > data.json
    jq -e '.sweep.question == "Which?" and (.rows.objective | length) == 4
        and (.machines | length) == 1 and .noise.solo == 4
        and .sweep.command == "descent sweep small.yaml --results ."' data.json
    "$DESCENT" compare small --format json > compare.json
    jq -e --slurpfile theirs compare.json \
        '[.comparisons[0].problems[].targets] == [$theirs[0].problems[].targets]' data.json
}

@test "it opens with the sides that are asked for, and has the others" {
    "$DESCENT" report small --output page.html
    sed -n 's|.*id="data">\(.*\)</script>$|\1|p' page.html > data.json
    jq -e '[.comparisons[].by] == ["family", "solver", "rate"]
        and .comparisons[0].problem_of == [0] and (.comparisons[0].side_of | sort) == [0, 0, 1, 1]
        and (.comparisons[0].problems[0] | (.spreads | length) == (.targets | length))' data.json
    "$DESCENT" report small --by rate --output page.html --force
    sed -n 's|.*id="data">\(.*\)</script>$|\1|p' page.html > data.json
    jq -e '[.comparisons[].by] == ["rate", "family", "solver"]' data.json
    run "$DESCENT" report small --by colour --output other.html
    [ "$status" -eq 2 ]
    [[ "$output" == *"--by: unknown axis 'colour'"* ]]
    [ ! -e other.html ]
}

@test "a page is opened by xdg-open, or it is said where it is" {
    mkdir bin none
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" > "%s/opened.new" && mv "%s/opened.new" "%s/opened"\n' "$PWD" "$PWD" "$PWD" > bin/xdg-open
    chmod +x bin/xdg-open
    PATH="$PWD/bin:$PATH" "$DESCENT" report small --output '-rf $(x).html' --open
    for ((i = 0; i < 200; i++)); do
        [ ! -e opened ] || break
        sleep 0.05
    done
    [ "$(cat opened)" = "$PWD/-rf \$(x).html" ]
    PATH="$PWD/none" run "$DESCENT" report small --output page.html --open
    [ "$status" -eq 1 ]
    [[ "$output" == *"xdg-open"*"open page.html in a browser"*"xdg-utils"* ]]
    [ -s page.html ]
    run "$DESCENT" report small --output - --open
    [ "$status" -eq 2 ]
    [[ "$output" == *"--open needs a file"* ]]
}
