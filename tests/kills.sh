#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Kills a sweep at random instants, again and again, and compares what it records in the end with
# what it records undisturbed: every table, but for times and numbers of rows. Not part of the suite.
#
#     tests/kills.sh SWEEP.yaml [KILLS] [SEED]
#
# KILLS is 1000 if it is not given. A sweep of a second or two, with `checkpoint: 0 s` and
# `retries: 0`, is killed some ten times before it comes to its end; then the next begins. The
# program is $DESCENT, or build/descent. The exit code is 1 where a store differed.
set -euo pipefail

usage="usage: tests/kills.sh SWEEP.yaml [KILLS] [SEED]"
sweep=${1:?$usage} kills=${2:-1000} RANDOM=${3:-1}
source=$(cd "$(dirname "$0")/.." && pwd)
descent=${DESCENT:-$source/build/descent}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

most=40 # kills of one sweep: then it is left alone

# Columns that may differ: times, what was seen of the machine, and numbers of rows.
passing="'id', 'trial', 'machine', 'shared', 'continued', 'attempt', 'recorded', 'seconds', 'train_seconds',
    'evaluate_seconds', 'record_seconds', 'wall_seconds', 'cpu_seconds', 'waiting_seconds', 'switches',
    'migrations', 'steal_per_cent', 'pressure_per_cent', 'load', 'clock_drift_per_cent', 'clock_slew_ppm',
    'disturbed', 'processors', 'variant'"

# All rows of a table, in an order that does not depend on when they were written.
dump_table() # STORE TABLE
{
    local columns
    columns=$(sqlite3 "$1" "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info('$2')
        WHERE name NOT IN ($passing)")
    printf '%s\n' "$2"
    [ -z "$columns" ] || sqlite3 "$1" "SELECT $columns FROM \"$2\"" | sort
}

# What a store says, without what may differ.
dump() # STORE
{
    local table
    [ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ] || echo damaged
    for table in $(sqlite3 "$1" "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"); do
        case $table in
        machine | ceiling | remark | exchange | placement | phase | phase_thread | counter | checkpoint) ;;
        trace)
            sqlite3 "$1" 'SELECT c.key, t.final, t.repeat, x.epoch, x.loss, x.objective, x.gradient_norm, x.accuracy,
                x.heldout_loss, x.heldout_accuracy FROM trace x JOIN trial t ON t.id = x.trial
                JOIN configuration c ON c.id = t.configuration ORDER BY 1, 2, 3, 4'
            ;;
        *) dump_table "$1" "$table" ;;
        esac
    done
}

run() # RESULTS: in the background; its number in $running
{
    "$descent" sweep "$sweep" --quiet --results "$work/$1" >"$work/out" 2>"$work/err" &
    running=$!
}

# Waits for it to end well.
finish()
{
    wait "$running" && return
    cat "$work/err" >&2
    exit 2
}

begun=$(date +%s%N)
run whole
finish
length=$((($(date +%s%N) - begun) / 1000000)) # milliseconds
store=$(cd "$work" && find whole -name store.sqlite)
dump "$work/$store" >"$work/whole.txt"

done=0 sweeps=0 different=0 continued=0
while [ "$done" -lt "$kills" ]; do
    rm -rf "$work/killed"
    for ((n = 0; n < most && done < kills; n++)); do
        run killed
        sleep "$(printf '0.%03d' $((RANDOM % (1 + (length < 800 ? length : 800)))))"
        kill -9 "$running" 2>/dev/null || true
        code=0
        wait "$running" 2>/dev/null || code=$?
        [ "$code" -ne 0 ] || break
        [ "$code" -eq 137 ] || { cat "$work/err" >&2 && exit 2; }
        done=$((done + 1))
    done
    run killed
    finish
    dump "$work/${store/whole/killed}" >"$work/killed.txt"
    cmp -s "$work/whole.txt" "$work/killed.txt" || different=$((different + 1))
    continued=$((continued + $(sqlite3 "$work/${store/whole/killed}" 'SELECT sum(continued > 0) FROM trial')))
    sweeps=$((sweeps + 1))
done
echo "$done kills in $sweeps sweeps: $continued trials went on inside, $different stores differ"
[ "$different" -eq 0 ]
