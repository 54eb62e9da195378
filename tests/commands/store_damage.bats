#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Whatever a store says, a command that reads it ends with 0, 1 or 2 and, unless with 0, a message:
# never by a signal, an assertion or a sanitizer. For each column of each table one value of several
# and one reader of all are tried, in turn.

bats_require_minimum_version 1.5.0
load damage
load ../helpers/compilers

setup_file()
{
    cd "$BATS_FILE_TMPDIR" || return
    command -v sqlite3 >/dev/null || return 0
    damage_make
}

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    [ -d "$BATS_FILE_TMPDIR/made" ] || skip "sqlite3 is not installed"
    cp -r "$BATS_FILE_TMPDIR"/{made,tiny.yaml,shard.sqlite} .
}

fresh_copy() # into t/tiny
{
    rm -rf t
    mkdir -p t/tiny
    cp made/tiny/store.sqlite t/tiny/
}

ends_well() # COMMAND...
{
    local status=0
    "$DESCENT" "$@" >out.txt 2>err.txt </dev/null || status=$?
    if [ "$status" -gt 2 ] || { [ "$status" -ne 0 ] && [ ! -s err.txt ]; } ||
        grep -E 'Assertion|Sanitizer|runtime error' err.txt; then
        echo "descent $* ended with $status: $(cat err.txt)"
        return 1
    fi
}

@test "no value in any column ends a reader badly" {
    local values=(-1 0 NULL 1e308 "'NaN'" 9223372036854775807 "''") n=0 table column reader
    local readers=('show t/tiny' 'compare t/tiny' 'export t/tiny --format json --traces'
        'sweep tiny.yaml --results t --quiet' 'compare t/tiny --format json')
    while read -r table column; do
        n=$((n + 1))
        fresh_copy
        damage_apply t/tiny/store.sqlite "UPDATE \"$table\" SET \"$column\" = ${values[n % 7]}" ||
            continue
        reader=${readers[n % 5]}
        # shellcheck disable=SC2086 # words
        ends_well $reader || { echo "$table.$column = ${values[n % 7]}"; return 1; }
    done < <(damage_columns made/tiny/store.sqlite)
    [ "$n" -gt 100 ]
}

@test "no rows in a table end a reader badly" {
    local table
    for table in $(damage_columns made/tiny/store.sqlite | cut -d' ' -f1 | uniq); do
        fresh_copy
        damage_apply t/tiny/store.sqlite "DELETE FROM \"$table\""
        ends_well show t/tiny
        ends_well compare t/tiny
        ends_well plot performance t/tiny --output p.svg --force
    done
}

@test "numbers in a shard's store are no places in memory" {
    local damage
    for damage in "configuration SET id = -1 WHERE id = 1" "data SET id = -3" \
        "trial SET shared = -1" "trial SET machine = -1" "plan SET configuration = -7 WHERE position = 1"; do
        mkdir -p t/shard-1-of-2
        cp shard.sqlite t/shard-1-of-2/store.sqlite
        damage_apply t/shard-1-of-2/store.sqlite "UPDATE $damage"
        run -2 "$DESCENT" merge t --partial
        [[ $output == *"store.sqlite is damaged"* ]] || { echo "$damage: $output"; return 1; }
        rm -r t
    done
    mkdir -p t/shard-1-of-2 # merely large: no memory by their size
    cp shard.sqlite t/shard-1-of-2/store.sqlite
    damage_apply t/shard-1-of-2/store.sqlite "UPDATE trial SET shared = 9007199254740990 WHERE id = 1"
    # A sanitizer takes more room than any limit by itself.
    is_sanitized || ulimit -v 4000000
    "$DESCENT" merge t --partial >out.txt
}

@test "a clock that stands still is refused" {
    fresh_copy
    damage_apply t/tiny/store.sqlite "UPDATE trace SET seconds = 0"
    run -2 "$DESCENT" compare t/tiny
    [[ $output == *"its clock stood still"* ]]
}

@test "a machine of two records is one" {
    fresh_copy
    damage_apply t/tiny/store.sqlite "UPDATE machine SET json = json_set(json, '\$.blas_gemv', NULL)"
    "$DESCENT" sweep tiny.yaml --results t >out.txt
    run ! grep 'another machine' out.txt
    [ "$(sqlite3 t/tiny/store.sqlite 'SELECT count(*) FROM machine')" -eq 1 ]
}
