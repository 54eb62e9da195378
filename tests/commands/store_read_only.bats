#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Stores in folders that may only be read. root may write everywhere: then the reader is another
# user.

bats_require_minimum_version 1.5.0

setup()
{
    place=$(mktemp -d)
    chmod 755 "$place"
    cd "$place" || return
    reader=()
    if [ "$(id -u)" -eq 0 ]; then
        command -v setpriv >/dev/null || skip "root, and no setpriv"
        reader=(setpriv --reuid 65534 --regid 65534 --clear-groups)
        "${reader[@]}" test -x "$DESCENT" -a -x "$place" || skip "root, and no other may read here"
    fi
    cat >r.yaml <<'END'
name: r
data: {generate: blobs, rows: 60, features: 2}
solver: gd
rate: [0.1, 0.2]
threads: 1
stop: {epochs: 5}
binding: none
retries: 0
finals: 0
END
    "$DESCENT" sweep r.yaml --quiet >/dev/null
}

teardown()
{
    chmod -R u+w "$place"
    rm -r "$place"
}

@test "a finished sweep is finished where it may only be read" {
    sed 's/0.2/0.3/' r.yaml >more.yaml
    chmod -R a-w results
    run -0 "${reader[@]}" "$DESCENT" sweep r.yaml
    [[ $output == *"all 2 trials are recorded"* ]]
    run -1 "${reader[@]}" "$DESCENT" sweep more.yaml
    [[ $output == *"is read-only; copy the folder"* ]]
}

@test "a log that a kill left is named, with the way out" {
    printf 'a log that is not empty' >results/r/store.sqlite-wal
    chmod -R a-w results
    run -1 "${reader[@]}" "$DESCENT" show results/r
    [[ $output == *"store.sqlite-wal"*"copy the folder to a place where you can write"* ]]
}
