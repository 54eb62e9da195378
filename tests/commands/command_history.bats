#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent history: what is added, what is said of it, what is kept apart, and what is refused. Races
# are made by hand, so that nothing here depends on a time.
# shellcheck disable=SC2154 # `run` sets stderr

bats_require_minimum_version 1.5.0
load damage

# A race with a side for each of commits FROM to TO, whose values scatter by 1 % around LEVEL, and
# from commit STEP on around 1.05 times that.
made_race() # FROM TO STEP [MACHINE [LEVEL]]
{
    awk -v from="$1" -v to="$2" -v step="$3" -v machine="${4:-$machine}" -v level="${5:-1e-3}" '
        function uniform() { seed = (1103515245 * seed + 12345) % 2147483648; return seed / 2147483648 }
        function normal(   sum, i) { for (i = 0; i < 12; i++) sum += uniform(); return sum - 6 }
        BEGIN {
            seed = 42
            printf "{\"race\":1,\"valid\":true,\"answer\":\"\",\"machine\":%s,\"sides\":[", machine
            for (i = from; i <= to; i++)
                printf "%s{\"side\":\"s%d\",\"commit\":\"c%03d\"}", (i > from ? "," : ""), i, i
            printf "],\"results\":["
            for (i = from; i <= to; i++) {
                value = level * (1 + 0.01 * normal()) * (i >= step ? 1.05 : 1)
                printf "%s{\"name\":\"sum \\\"x\\\"\",\"unit\":\"s\",\"side\":\"s%d\",\"median\":%.9g,", (i > from ? "," : ""), i, value
                printf "\"interval\":[%.9g,%.9g],\"n\":9,\"peak_bytes\":1048576}", 0.99 * value, 1.01 * value
            }
            print "]}"
        }'
}

setup_file()
{
    cd "$BATS_FILE_TMPDIR" || return
    machine='{"processor":"A","release":"6.1.0-18"}'
    made_race 1 60 41 >race.json
    "$DESCENT" history add made.sqlite race.json --date 2026-11-01 >/dev/null
}

setup()
{
    cd "$BATS_TEST_TMPDIR" || return
    machine='{"processor":"A","release":"6.1.0-18"}'
    cp "$BATS_FILE_TMPDIR"/{race.json,made.sqlite} .
}

refused() # WORDS COMMAND...
{
    local words=$1
    shift
    run --separate-stderr "$DESCENT" history "$@"
    printf '%s\n' "$stderr"
    [ "$status" -eq 2 ] && [ -z "$output" ] && [[ "$stderr" == *"$words"* ]]
}

@test "adding the same twice changes nothing, and says so" {
    run "$DESCENT" history add made.sqlite race.json
    [ "$status" -eq 0 ]
    [ "$(grep -c '^unchanged: 2 values of commit c0[0-9]*, side s[0-9]*, all there already$' <<<"$output")" -eq 60 ]
    cmp made.sqlite "$BATS_FILE_TMPDIR/made.sqlite"
    [ "$(ls)" = $'made.sqlite\nrace.json' ]
}

@test "a level that changes is found, with place, size and direction, twice the same" {
    "$DESCENT" history show made.sqlite --format json >one.json
    "$DESCENT" history show made.sqlite --format json >two.json
    cmp one.json two.json
    jq -e '.machines == 1 and .machines_differ == "" and (.series | length) == 2
        and (.series[0] | .name == "sum \"x\"" and (.points | length) == 60 and (.changes | length) == 1
            and .scatter > 0.007 and .scatter < 0.013)
        and (.series[0].changes[0] | .ratio > 1.04 and .ratio < 1.06 and .interval[0] > 1.03
            and .earliest <= "c041" and .latest >= "c041" and .found < "c046")
        and .series[1].changes == [] and .series[1].unit == "bytes"' one.json
    run "$DESCENT" history show made.sqlite --series sum
    [[ "$output" == *'60 runs of 60 commits'*' % slower since c041'*Changes*'c041  2026-11-01  '*' % slower ['* ]]
}

@test "a gate fails for a change among the last runs only" {
    run --separate-stderr "$DESCENT" history show made.sqlite --fail-slower 3% --within 30
    [ "$status" -eq 1 ]
    [[ "$stderr" == *'slower since commit c041, and --fail-slower allows 3.0 %'* ]]
    "$DESCENT" history show made.sqlite --fail-slower 3%
    "$DESCENT" history show made.sqlite --fail-slower 8 --within 30
    refused "'x' is not allowed" show made.sqlite --fail-slower x
}

@test "times of another kernel are kept apart, and what differs is listed" {
    made_race 61 75 100 '{"processor":"A","release":"6.1.0-21"}' 2e-3 >other.json
    "$DESCENT" history add made.sqlite other.json
    run "$DESCENT" history show made.sqlite
    [[ "$output" == *'2, whose times are not compared with each other: kernel 6.1.0-18 and 6.1.0-21'*'Machine 2'* ]]
    "$DESCENT" history show made.sqlite --format json | jq -e '[.series[] | select(.unit == "s") | .points | length] == [60, 15]'
    # Nothing of it is known, so it is no other machine.
    made_race 80 80 100 '{"processor":"A"}' >less.json
    "$DESCENT" history add made.sqlite less.json
    "$DESCENT" history show made.sqlite --format json | jq -e '[.series[] | select(.unit == "s") | .points | length] == [61, 15]'
}

@test "runs are in the order of their commits, or of their dates" {
    made_race 1 1 100 "$machine" 3e-3 >again.json
    "$DESCENT" history add made.sqlite again.json --date 2026-11-30T01:00:00+02:00
    "$DESCENT" history show made.sqlite --format json | jq -e '.series[0].points[1] | .commit == "c001" and .date == "2026-11-29T23:00:00Z"'
    "$DESCENT" history show made.sqlite --format json --order date | jq -e '.series[0].points[-1].commit == "c001"'
    refused "--date: '2026-02-30' is no date" add made.sqlite again.json --date 2026-02-30
}

@test "of a race, the side that is asked for; an invalid race is none" {
    jq '.sides |= map(del(.commit))' race.json >plain.json
    refused 'no side of this race says its commit; give --commit ID' add new.sqlite plain.json
    run "$DESCENT" history add new.sqlite plain.json --commit abc
    [ "$output" = 'added:     2 values of commit abc, side s60' ]
    run "$DESCENT" history add new.sqlite plain.json --commit abc --side s3
    [ "$output" = 'added:     2 values of commit abc, side s3' ]
    refused "side 's99' of this race has no results" add new.sqlite race.json --side s99
    jq '.sides += [{side: "copy", commit: "zz"}] | .results += [.results[0] | .side = "copy"]' race.json >copy.json
    run "$DESCENT" history add control.sqlite copy.json
    [ "$status" -eq 0 ]
    [[ "$output" == *'commit c060'* && "$output" != *zz* ]]
    jq '.valid = false | .answer = "too noisy"' race.json >invalid.json
    refused 'nothing of it is kept: too noisy' add new.sqlite invalid.json
    jq '.sides[1].side = "s1"' race.json >two.json
    refused 'two sides have one name' add new.sqlite two.json
    jq '.race = 2' race.json >newer.json
    refused 'update descent' add new.sqlite newer.json
    for text in '' '{' '[]' '{"race":"1"}' '{"race":1}' '{"race":1,"sides":[{}]}'; do
        printf '%s' "$text" >none.json
        refused none.json add new.sqlite none.json
    done
}

@test "a sweep adds times per epoch and to a gap, of the commit that measured" {
    printf '%s\n' 'name: tiny' 'data: {generate: blobs, rows: 40, features: 3}' 'solver: gd' 'rate: [0.5, 1]' 'lambda: 0.1' \
        'threads: 1' 'optimum: always' 'stop: {epochs: 60}' 'repeats: 6' 'binding: none' 'retries: 0' >tiny.yaml
    "$DESCENT" sweep tiny.yaml --results made --quiet >/dev/null
    run "$DESCENT" history add h.sqlite made/tiny --disturbed --commit abc
    printf '%s\n' "$output"
    [[ "$output" == 'added:     4 values of commit abc' ]]
    run "$DESCENT" history add h.sqlite made/tiny --disturbed --commit abc
    [[ "$output" == 'unchanged: 4 values of commit abc, all there already' ]]
    "$DESCENT" history show h.sqlite --format json | jq -e '(.series | length) == 4
        and all(.series[]; .points[0] | .n == 6 and .interval[0] <= .value and .value <= .interval[1])
        and ([.series[].name | sub(".*/"; "") | sub(":.*"; "")] | unique) == ["time_per_epoch", "time_to_gap"]'
    commit=$("$DESCENT" export made/tiny --format json | jq -r '.machines[0].facts.commit')
    if [ "$commit" != unknown ]; then
        "$DESCENT" history add own.sqlite made/tiny --disturbed
        "$DESCENT" history show own.sqlite --format json | jq -e --arg commit "$commit" '.series[0].points[0].commit == $commit'
    fi
    refused 'has no sides' add h.sqlite made/tiny --side B
    refused '; did you mean' add h.sqlite made/tinny
}

@test "exports keep to their formats" {
    "$DESCENT" history export made.sqlite --format bencher >bmf.json
    jq -e '."sum \"x\"".latency | .value > 1e6 and .lower_value < .value and .value < .upper_value' bmf.json
    "$DESCENT" history export made.sqlite --format github-action-benchmark >gab.json
    jq -e 'length == 2 and (.[0] | .unit == "s" and (.range | test("^± [0-9.e-]{2,}$")) and (.value | type) == "number")' gab.json
    "$DESCENT" history export made.sqlite --format google-benchmark --commit c010 >gb.json
    jq -e '.context.descent_processor == "A" and (.benchmarks | length) == 1
        and (.benchmarks[0] | .run_type == "iteration" and .time_unit == "ns" and .real_time > 1e5)' gb.json
    "$DESCENT" history export made.sqlite --format openmetrics --output om.txt
    [ "$(tail -n 1 om.txt)" = '# EOF' ]
    grep -qF 'descent_seconds{series="sum \"x\"",commit="c060",unit="s"} 0.00' om.txt
    if python3 -c 'import prometheus_client' 2>/dev/null; then
        python3 -c '
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
families = {f.name: f for f in parse(open("om.txt").read())}
assert sorted(families) == ["descent_bytes", "descent_high_seconds", "descent_low_seconds", "descent_seconds"], families
assert families["descent_seconds"].samples[0].labels["series"] == "sum \"x\""'
    fi
    refused 'no such commit is recorded here; the last one is c060' export made.sqlite --format bencher --commit zzz
    refused '9 commits begin so' export made.sqlite --format bencher --commit c00
    refused '--format NAME is missing: history export writes one of: bencher ' export made.sqlite
    refused '--format bencher: history show writes one of: text json' show made.sqlite --format bencher
}

@test "a picture of one series" {
    command -v gnuplot >/dev/null || skip "gnuplot is not installed"
    "$DESCENT" history plot made.sqlite --series 'sum "x"' --output history.svg
    grep -q 'c041: [0-9.]* % slower' history.svg
    grep -q 'Dotted: a change' history.svg
    refused 'choose one with --series' plot made.sqlite --output all.svg
    [ ! -e all.svg ]
}

@test "what is no history is refused, and left as it is" {
    command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
    refused 'no history here' show missing.sqlite
    refused 'name a file in a folder that is there' add missing/h.sqlite race.json
    refused 'No such file or directory; expected the folder of a sweep, or' add new.sqlite missing.json
    [ ! -e new.sqlite ]
    refused 'is a folder' show .
    printf 'a text that is long enough to be no database, as any can see who reads it\n%.0s' 1 2 3 >text.sqlite
    sqlite3 foreign.sqlite 'CREATE TABLE t (a)'
    cp made.sqlite newer.sqlite
    sqlite3 newer.sqlite 'PRAGMA user_version = 99'
    sqlite3 store.sqlite 'PRAGMA application_id = 0x64736374; CREATE TABLE t (a)'
    for case in 'text:not a history' 'foreign:not a history' 'newer:update descent' 'store:the store of a sweep'; do
        file=${case%%:*}.sqlite
        cp "$file" before
        refused "${case#*:}" show "$file"
        refused "${case#*:}" add "$file" race.json
        cmp "$file" before
    done
}

ends_well() # reads t.sqlite
{
    local status=0
    "$DESCENT" history show t.sqlite >out.txt 2>err.txt || status=$?
    [ "$status" -eq 0 ] || { [ "$status" -eq 2 ] && grep -q 't.sqlite.*; restore a copy\|not a history' err.txt; } ||
        { echo "ended with $status: $(cat err.txt)"; return 1; }
}

@test "no value in any column ends a reader badly" {
    command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
    local values=(-1 0 NULL 1e308 "'NaN'" "x'00ff'" "''") n=0 table column value
    while read -r table column; do
        for value in "${values[n % 7]}" "${values[(n + 3) % 7]}" "${values[(n + 5) % 7]}"; do
            cp made.sqlite t.sqlite
            damage_apply t.sqlite "UPDATE \"$table\" SET \"$column\" = $value WHERE rowid = 2" ||
                damage_apply t.sqlite "UPDATE \"$table\" SET \"$column\" = $value" || continue
            n=$((n + 1))
            ends_well || { echo "$table.$column = $value"; return 1; }
        done
    done < <(damage_columns made.sqlite)
    [ "$n" -gt 30 ]
    for at in 100 5000 9000; do
        cp made.sqlite t.sqlite
        head -c 3000 /dev/zero | tr '\0' 'x' | dd of=t.sqlite bs=1 seek="$at" conv=notrunc status=none
        ends_well
        head -c "$at" made.sqlite >t.sqlite
        ends_well
    done
}

@test "options of other actions, and words that are none" {
    refused "unknown action 'ad'; did you mean 'add'?" ad
    refused '--within is not used by history add' add made.sqlite race.json --within 3
    refused '--date is not used by history show' show made.sqlite --date 2026-01-01
    refused 'HISTORY is missing' show
    refused 'RESULTS or RACE.json is missing' add made.sqlite
    refused "unexpected argument 'b'" show made.sqlite b
    refused "no series has 'sun' in its name" show made.sqlite --series sun
}
