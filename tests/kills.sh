#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Kills descent at random instants, again and again, and compares what it records in the end with
# what it records undisturbed: every table, but for times and numbers of rows. Not part of the suite.
#
#     tests/kills.sh [SWEEP.yaml] [KILLS] [SEED]
#
# Without a sweep file it makes its own, each for what may be killed in the middle: rungs of halving
# (also in brackets, with finals, and by asha), folds (as columns, on copies of rows, and along a path),
# paths, finals, later grids, the search for F*, trials of every kind of solver, trials of other programs
# and of workers, and `descent train --checkpoint`. All of them keep a checkpoint after every epoch; a
# trial of another program has none, and begins again.
#
# KILLS is 1000 if it is not given, and a run takes some ten minutes on two idle processors; so many
# programs at a time are run as $JOBS says, or 2. A sweep is killed until it comes to its end; then
# the next begins. The program is $DESCENT, or build/descent.
#
# It prints what was being done at the kills, as the store tells it, and exits with 1 where a result
# differed.
set -euo pipefail

if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    set -- "" "$@"
fi
given=${1:-} kills=${2:-1000} seed=${3:-1} jobs=${JOBS:-2}
source=$(cd "$(dirname "$0")/.." && pwd)
descent=$(realpath "${DESCENT:-$source/build/descent}")
[ -z "$given" ] || given=$(realpath "$given")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

most=15 # kills of one run: then it is left alone

# --- What is killed -------------------------------------------------------------------------------

# The sweep file KIND.yaml: what all have in common, and stdin.
sweep_file() # KIND
{
    kinds+=("$1")
    {
        cat
        cat <<'END'
record: geometric
threads: 1
binding: none
tuning: no
warmup: 0
retries: 0
checkpoint: 0 s
END
    } >"$1.yaml"
}

make_files()
{
    sweep_file rungs <<'END'
# Are the same ones cut?
data: {generate: blobs, rows: 3000, features: 10, separation: 1}
method: halving
eta: 2
first: 4
execution: batched
finals: 0
optimum: never
runs:
  - {solver: gd, rate: {min: 0.01, max: 10, steps: 12, scale: log}}
  - {solver: minibatch, batch: 50, rate: {min: 0.001, max: 1, steps: 8, scale: log}}
lambda: [0.01, 0.001]
stop: {epochs: 80}
END
    sweep_file rungs-solo <<'END'
# Also where each is trained by itself?
data: {generate: blobs, rows: 2000, features: 8, separation: 1}
method: halving
cut_by: gap
eta: 2
first: 4
runs:
  - {solver: sgd, rate: [0.001, 0.01, 0.1, 0.5]}
  - {solver: [saga, gd-nesterov, lbfgs, svrg]}
lambda: 0.01
stop: {epochs: 40}
END
    sweep_file rungs-brackets <<'END'
# In brackets, with seeds that are judged together, and the last ones once more alone?
data: {generate: blobs, rows: 1000, features: 6, separation: 1}
method: halving
trials: 12
brackets: 2
eta: 2
first: 2
execution: batched
finals: 2
solver: minibatch
batch: 50
rate: {min: 0.001, max: 1, scale: log}
seed: [1, 2]
lambda: 0.01
stop: {epochs: 40}
END
    sweep_file rungs-asha <<'END'
# Each beside those before it?
data: [{generate: blobs, rows: 1000, features: 6, seed: 1}, {generate: blobs, rows: 1000, features: 6, seed: 2}]
method: asha
eta: 2
first: 2
execution: batched
optimum: never
runs:
  - {solver: gd, rate: {min: 0.01, max: 10, steps: 8, scale: log}}
  - {solver: saga, rate: [0.001, 0.01, 0.1]}
lambda: [0.01, 0.001]
stop: {epochs: 40}
END
    sweep_file folds <<'END'
# Folds as columns of a pass?
data: {generate: blobs, rows: 3000, features: 10, separation: 1, scale: standard}
folds: 5
execution: batched
optimum: never
runs:
  - {solver: gd, rate: [0.1, 1, 3]}
  - {solver: gd-nesterov, rate: [0.1, 1]}
lambda: [0.01, 0.001]
stop: {epochs: 60}
END
    sweep_file folds-copied <<'END'
# Folds on copies of the rows?
data: {generate: blobs, rows: 2000, features: 8, separation: 1, scale: standard}
folds: 4
solver: [sgd, newton, minibatch-adam]
rate: 0.05
lambda: [0.01, 0.001]
stop: {epochs: 12}
END
    sweep_file folds-paths <<'END'
# Each fold along its lambdas?
data: {generate: blobs, rows: 2000, features: 8, separation: 1}
path: lambda
predict: line
folds: 4
solver: [newton, lbfgs]
lambda: {min: 0.0001, max: 1, steps: 8, scale: log}
stop: {epochs: 20, gradient_norm: 1e-8}
optimum: never
execution: batched
models: 1
side_by_side: 2
pass_threads: 1
END
    sweep_file paths <<'END'
# Does each begin with its neighbour's solution?
data: {generate: blobs, rows: 3000, features: 10, separation: 1}
path: lambda
execution: batched
finals: 0
runs:
  - {solver: gd, rate: [0.1, 1, 3]}
  - {solver: lbfgs}
lambda: {min: 0.001, max: 1, steps: 6, scale: log}
stop: {epochs: 30}
END
    sweep_file finals <<'END'
# The best once more, alone?
data: {generate: blobs, rows: 3000, features: 10, separation: 1}
execution: batched
finals: 4
runs:
  - {solver: gd, rate: [0.1, 1]}
  - {solver: gd-nesterov, rate: [0.1, 1]}
  - {solver: [newton, lbfgs]}
lambda: 0.01
stop: {epochs: 60}
END
    sweep_file optima <<'END'
# F* of each lambda?
data: [{generate: blobs, rows: 8000, features: 40, separation: 1, seed: 1}, {generate: blobs, rows: 8000, features: 40, separation: 1, seed: 2}]
solver: newton
optimum: always
lambda: {min: 1e-6, max: 1, steps: 8, scale: log}
stop: {epochs: 2}
END
    sweep_file zoom <<'END'
# The same grids around the same best ones?
data: {generate: blobs, rows: 1000, features: 6, separation: 1}
solver: minibatch
batch: [25, 100]
rate: {min: 0.001, max: 1, steps: 4, scale: log}
zoom: {axes: [rate], points: 3, rounds: 2}
execution: batched
finals: 2
lambda: 0.01
stop: {epochs: 30}
END
    sweep_file programs <<END
# Trials that others train?
data: [{generate: blobs, rows: 200, features: 4, seed: 1}, {generate: blobs, rows: 150, features: 3, seed: 2}]
programs:
  shell: {command: ["$source/bench/peers/programs/shell.sh"], parameters: {rate: 1}}
runs:
  - {program: shell, epochs: [2, 20, 60]}
  - {solver: [gd, newton, sgd], rate: 0.1, environment: [{COLOUR: blue}, {}], stop: {epochs: 30}}
lambda: [0.01, 0.1]
END
    sweep_file trials <<'END'
# Solvers of every kind?
data: {generate: blobs, rows: 2000, features: 8, separation: 1}
optimum: never
runs:
  - {solver: [gd, gd-momentum, gd-nesterov, gd-backtracking, lbfgs, newton, newton-sampled], stop: {epochs: 60}}
  - {solver: [minibatch, minibatch-adam, minibatch-momentum], batch: 50, rate: 0.05, stop: {epochs: 30}}
  - {solver: [sgd, saga, svrg, sgd-averaged], rate: 0.01, stop: {epochs: 30}}
lambda: 0.01
END
    kinds+=(train train-folds)
}

train_options() # KIND
{
    echo "blobs:rows=3000,features=10,separation=1,seed=1 --solver saga --epochs 150 --lambda 0.01 --threads 1"
    echo "--record geometric --format json --no-tuning"
    [ "$1" = train ] || echo "--folds 4 --epochs 40"
}

# In the background; its number in $running. What it writes goes to FOLDER.
start() # KIND FOLDER
{
    mkdir -p "$2"
    case $1 in
    train*)
        # shellcheck disable=SC2046 # options are words
        "$descent" train $(train_options "$1") --checkpoint "$2/checkpoint" --checkpoint-every 0 \
            >"$2/out" 2>"$2/err" &
        ;;
    given) "$descent" sweep "$given" --quiet --results "$2" >"$2/out" 2>"$2/err" & ;;
    *) "$descent" sweep "$1.yaml" --quiet --results "$2" >"$2/out" 2>"$2/err" & ;;
    esac
    running=$!
}

# Waits for it to end well.
finish() # FOLDER
{
    wait "$running" && return
    cat "$1/out" "$1/err" >&2
    return 2
}

# --- What is recorded -----------------------------------------------------------------------------

# Columns that may differ: times, what was seen of the machine, and numbers of rows.
passing="'id', 'trial', 'machine', 'shared', 'continued', 'attempt', 'recorded', 'seconds', 'train_seconds',
    'evaluate_seconds', 'record_seconds', 'wall_seconds', 'cpu_seconds', 'waiting_seconds', 'switches',
    'migrations', 'steal_per_cent', 'pressure_per_cent', 'load', 'clock_drift_per_cent', 'clock_slew_ppm',
    'disturbed', 'processors', 'variant', 'own_seconds', 'load_seconds', 'peak_bytes', 'threads_used'"

# The rows of all tables, without what may differ, as statements of SQL.
queries() # STORE
{
    echo 'PRAGMA integrity_check;'
    sqlite3 "$1" "SELECT CASE WHEN t.name = 'trace' THEN
            'SELECT ''trace'', c.key, t.final, t.repeat, x.epoch, x.loss, x.objective, x.gradient_norm, x.accuracy,
                x.heldout_loss, x.heldout_accuracy FROM trace x JOIN trial t ON t.id = x.trial
                JOIN configuration c ON c.id = t.configuration;'
        WHEN t.name = 'trial' THEN 'SELECT ''trial'', c.key, ' || (SELECT group_concat('t.\"' || p.name || '\"')
                FROM pragma_table_info('trial') p WHERE p.name NOT IN ($passing))
                || ' FROM trial t JOIN configuration c ON c.id = t.configuration;'
        ELSE 'SELECT ''' || t.name || ''', ' || (SELECT group_concat('\"' || p.name || '\"')
                FROM pragma_table_info(t.name) p WHERE p.name NOT IN ($passing)) || ' FROM \"' || t.name || '\";'
        END FROM sqlite_master t WHERE t.type = 'table' AND t.name NOT IN
            ('machine', 'ceiling', 'remark', 'exchange', 'placement', 'phase', 'phase_thread', 'counter', 'checkpoint')"
}

store_of() # FOLDER
{
    find "$1" -name store.sqlite
}

# What came of it, without what may differ.
dump() # KIND FOLDER
{
    case $1 in
    train*)
        [ ! -e "$2/checkpoint" ] || echo "the checkpoint is still there"
        jq -S 'del(.seconds, .continued, .trace.seconds)' "$2/out"
        ;;
    *) sqlite3 "$(store_of "$2")" <"queries.$1" | sort ;;
    esac
}

# How often it went on inside a trial.
continued() # KIND FOLDER
{
    case $1 in
    train*) jq .continued "$2/out" ;;
    *) sqlite3 "$(store_of "$2")" 'SELECT sum(continued > 0) FROM trial' ;;
    esac
}

# What was being done when it was killed, as two words: what, and whether there is a checkpoint of a
# trial in flight. A copy is looked at: looking must not mend what the next run is to mend.
place() # KIND FOLDER
{
    local store
    case $1 in
    train*)
        printf '%s %s\n' "$1" "$([ -e "$2/checkpoint" ] && echo inside || echo outside)"
        return
        ;;
    esac
    store=$(store_of "$2")
    [ -n "$store" ] || {
        echo start outside
        return
    }
    rm -rf "$2.seen" && mkdir "$2.seen"
    cp "$store" "$2.seen/"
    [ ! -e "$store-wal" ] || cp "$store-wal" "$2.seen/"
    sqlite3 -separator ' ' "$2.seen/store.sqlite" "
        SELECT CASE WHEN (SELECT count(*) FROM plan) = 0 THEN 'start'
            WHEN (SELECT count(*) FROM optimum) < $(cat "optima.$1") THEN 'F*'
            WHEN (SELECT count(*) FROM trial WHERE final = 0 AND status <> 'waiting') = $(cat "trials.$1")
                AND $(cat "finals.$1") > 0 THEN 'finals'
            ELSE '$1' END,
        CASE WHEN EXISTS (SELECT 1 FROM checkpoint) THEN 'inside' ELSE 'outside' END" 2>/dev/null || echo start outside
}

# --- Killing --------------------------------------------------------------------------------------

# Undisturbed: what is to come of it, and how long it takes.
prepare() # KIND
{
    local begun
    begun=$(date +%s%N)
    start "$1" "whole.$1"
    finish "whole.$1" || exit 2
    echo $((($(date +%s%N) - begun) / 1000000)) >"length.$1" # milliseconds
    case $1 in
    train*) ;;
    *)
        local store
        store=$(store_of "whole.$1")
        queries "$store" >"queries.$1"
        sqlite3 "$store" 'SELECT count(*) FROM optimum' >"optima.$1"
        sqlite3 "$store" 'SELECT count(*) FROM trial WHERE final = 0' >"trials.$1"
        sqlite3 "$store" 'SELECT count(*) FROM trial WHERE final > 0' >"finals.$1"
        ;;
    esac
    dump "$1" "whole.$1" >"whole.$1.txt"
}

# Kills until KIND is whole, or there were LIMIT kills; their number in $killed.
kill_one() # KIND FOLDER LIMIT
{
    local length at code
    length=$(cat "length.$1")
    rm -rf "$2"
    for ((killed = 0; killed < most && killed < $3; killed++)); do
        start "$1" "$2"
        at=$((RANDOM % (length + 1)))
        sleep "$(printf '%d.%03d' $((at / 1000)) $((at % 1000)))"
        kill -9 "$running" 2>/dev/null || true
        code=0
        wait "$running" 2>/dev/null || code=$?
        [ "$code" -ne 0 ] || return 0
        [ "$code" -eq 137 ] || {
            cat "$2/out" "$2/err" >&2
            return 2
        }
        place "$1" "$2" >>"places.$lane"
    done
    start "$1" "$2"
    finish "$2"
}

# One program after the other, until there were so many kills.
run_lane() # LANE KILLS
{
    local done=0 turn killed folder kind
    lane=$1 RANDOM=$((seed * 100 + $1)) folder=killed.$1
    for ((turn = $1 * ${#kinds[@]} / jobs; done < $2; turn++)); do
        kind=${kinds[turn % ${#kinds[@]}]}
        kill_one "$kind" "$folder" $(($2 - done)) || return 2
        done=$((done + killed))
        dump "$kind" "$folder" >"$folder.txt"
        echo "$kind $(continued "$kind" "$folder")" >>"runs.$lane"
        cmp -s "whole.$kind.txt" "$folder.txt" || {
            echo "$kind" >>"different.$lane"
            echo "$kind differs after $killed kills:" >&2
            diff "whole.$kind.txt" "$folder.txt" | head -10 >&2
        }
    done
}

kinds=()
if [ -n "$given" ]; then
    kinds=(given)
else
    make_files
fi
for kind in "${kinds[@]}"; do
    prepare "$kind"
done
lanes=()
for ((l = 0; l < jobs; l++)); do
    : >"places.$l" && : >"runs.$l" && : >"different.$l"
    run_lane "$l" $((kills / jobs + (l < kills % jobs))) &
    lanes+=($!)
done
for l in "${lanes[@]}"; do
    wait "$l" || exit 2
done

cat places.* | awk '{ count[$1]++; inside[$1] += $2 == "inside"; all++; in_all += $2 == "inside" }
    END {
        printf "%-14s %6s  %s\n", "killed in", "kills", "inside a trial that has a checkpoint"
        for (place in count) printf "%-14s %6d  %d\n", place, count[place], inside[place] | "sort"
        close("sort")
        printf "%-14s %6d  %d\n", "all", all, in_all
    }'
different=$(cat different.* | wc -l)
awk -v different="$different" '{ runs++; continued += $2 }
    END { printf "%d runs came to their end: %d trials went on inside, %d results differ\n", runs, continued, different }' runs.*
[ "$different" -eq 0 ]
