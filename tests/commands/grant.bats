#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What a process is granted, seen by descent machine and by trials: affinity, variables of OpenMP,
# and the quota of a control group where one can be made.

setup() {
    cd "$BATS_TEST_TMPDIR"
    unset OMP_NUM_THREADS OMP_THREAD_LIMIT OMP_PROC_BIND OMP_PLACES GOMP_CPU_AFFINITY
}

teardown() {
    if [ -n "${GROUP:-}" ] && [ -d "$GROUP" ]; then
        rmdir "$GROUP"
    fi
}

# One of the processors that this test may run on.
a_processor() {
    taskset -cp $$ | sed 's/.*[: ]\([0-9]*\).*/\1/'
}

need_taskset() {
    command -v taskset >/dev/null || skip 'taskset is not installed'
}

need_two_processors() {
    [ "$(nproc)" -ge 2 ] || skip 'there is one processor'
}

# The processors of trials of two threads, bound.
processors_of_two_threads() {
    printf '%s\n' 'name: two' 'data: [{generate: pets}]' 'runs: [{solver: gd, rate: 1}]' \
        'stop: {epochs: 2}' 'threads: 2' > two.yaml
    "$DESCENT" sweep two.yaml > sweep.txt
    "$DESCENT" export results/two --format json | jq -r '.trials[0].evidence.processors'
}

@test "under taskset one processor of those online is granted, and it is advised on" {
    need_taskset
    need_two_processors
    taskset -c "$(a_processor)" "$DESCENT" machine > one.txt
    grep -qE '^Granted +1 of [0-9]+ processors online, .*, a team of 1 thread of 1 asked for$' one.txt
    grep -qE "^Threads +1 for 'threads: all'" one.txt
    grep -qx 'affinity' one.txt
    taskset -c "$(a_processor)" "$DESCENT" machine --format json > one.json
    jq -e '.moment.granted | .processors == 1 and .processors_online > 1' one.json
    jq -e '.machine.threads == 1 and any(.advice[]; .about == "affinity")' one.json
}

@test "OMP_NUM_THREADS is the default of threads, and it is said so" {
    need_two_processors
    "$DESCENT" machine --format json > without.json
    OMP_NUM_THREADS=1 "$DESCENT" machine --format json > with.json
    for file in without.json with.json; do
        jq '[.machine.threads, .moment.granted.team_threads]' "$file" > "$file.threads"
    done
    cmp without.json.threads with.json.threads # it takes nothing away
    jq -e '.moment.granted.environment.OMP_NUM_THREADS == "1"' with.json
    jq -e '.moment.granted.environment | .OMP_NUM_THREADS == null' without.json
    OMP_NUM_THREADS=1 "$DESCENT" machine > machine.txt
    grep -q 'OMP_NUM_THREADS=1: the default of threads' machine.txt
    grep -qx ' *OMP_NUM_THREADS=1: by default, threads is 1' machine.txt
    env -i PATH="$PATH" "$DESCENT" machine | grep -q '^Environment .*no variable of OpenMP or OpenBLAS is set'
}

threads_of() # [OPTION ...]: of a training
{
    "$DESCENT" train pets --solver gd --epochs 1 --format json "$@" 2>note.txt | jq .configuration.threads
}

@test "an explicit number of threads wins over OMP_NUM_THREADS, and so does all" {
    need_two_processors
    all=$(threads_of)
    [ ! -s note.txt ]
    export OMP_NUM_THREADS=1
    [ "$(threads_of)" = 1 ]
    [ "$(<note.txt)" = 'descent: note: OMP_NUM_THREADS=1: by default, threads is 1' ]
    [ "$(threads_of --threads 2)" = 2 ]
    [ ! -s note.txt ]
    [ "$(threads_of --threads all)" = "$all" ]
    [ "$(OMP_NUM_THREADS=' 1 , 7 ' threads_of)" = 1 ]
    # No more than there are, and nonsense is told.
    [ "$(OMP_NUM_THREADS=99999 threads_of)" = "$all" ]
    grep -q "OMP_NUM_THREADS=99999 is more than this process may use: by default, threads is $all" note.txt
    # With what is no number, libomp 14, which clang brings, is undone before main(): of a program of
    # ten lines a good part of the runs are aborted or killed. There test_threads has to be enough.
    ! grep -q '^CMAKE_C_COMPILER:.*clang' "$BUILD/CMakeCache.txt" || skip 'libomp does not survive the rest'
    for nonsense in 0 -1 x 2x 2,x ,2 1.5 ' '; do
        [ "$(OMP_NUM_THREADS=$nonsense threads_of)" = "$all" ]
        grep -qF "OMP_NUM_THREADS='$nonsense' is not a number of threads, and is ignored" note.txt
    done
    [ "$(OMP_NUM_THREADS=$'x\ndescent: y' threads_of)" = "$all" ]
    grep -qF "OMP_NUM_THREADS='x\ndescent: y' is not a number of threads" note.txt # libgomp says it as it is
    [ "$(OMP_NUM_THREADS='' threads_of)" = "$all" ]
    [ "$(grep -c 'descent' note.txt)" -eq 0 ] # the runtime of OpenMP may have something to say
}

@test "a sweep that is resumed under another OMP_NUM_THREADS says that it is another" {
    need_two_processors
    printf '%s\n' 'data: pets' 'runs: [{solver: gd}, {solver: sgd}]' 'stop: {epochs: 2}' 'binding: none' \
        'retries: 0' > open.yaml
    (OMP_NUM_THREADS=1 "$DESCENT" plan open.yaml) | grep -qx 'OMP_NUM_THREADS=1: by default, threads is 1'
    OMP_NUM_THREADS=1 "$DESCENT" sweep open.yaml > one.txt
    grep -qx 'OMP_NUM_THREADS=1: by default, threads is 1' one.txt
    [ "$(grep -c 'other configurations' one.txt)" -eq 0 ]
    OMP_NUM_THREADS=1 "$DESCENT" sweep open.yaml | grep -qx 'all 2 trials are recorded'
    OMP_NUM_THREADS=2 "$DESCENT" sweep open.yaml > two.txt
    grep -qF "threads is 2 by default here, but there are trials with 1: those are different configurations" two.txt
    grep -qF "'threads: 1' in the file continues them" two.txt
    # sgd takes one thread, and is not another configuration.
    grep -q '^1 of 2 trials run' two.txt
    "$DESCENT" export results/open --format json | jq -e '[.trials[].configuration.threads] == [2, null, 1]'
    echo 'threads: 1' >> open.yaml
    OMP_NUM_THREADS=2 "$DESCENT" sweep open.yaml > three.txt
    grep -qx 'all 2 trials are recorded' three.txt
    [ "$(grep -c 'OMP_NUM_THREADS' three.txt)" -eq 0 ]
}

@test "OMP_THREAD_LIMIT makes 'threads: all' fewer, and is advised on" {
    need_two_processors
    OMP_THREAD_LIMIT=1 "$DESCENT" machine --format json > limited.json
    jq -e '.machine.threads == 1 and .moment.granted.team_threads == 1' limited.json
    jq -e 'any(.advice[]; .about == "thread-limit")' limited.json
    "$DESCENT" machine --format json > free.json
    jq -e 'all(.advice[]; .about != "thread-limit")' free.json
}

@test "a trial that gets fewer threads than it asked for lists the processors of those it got" {
    [[ "$(OMP_THREAD_LIMIT=1 processors_of_two_threads)" =~ ^[0-9]*$ ]]
}

@test "threads have processors of their own also where OpenMP has bound them" {
    need_two_processors
    for variable in OMP_PROC_BIND=true OMP_PLACES=cores; do
        env "$variable" "$DESCENT" machine --format json | jq -e '.moment.granted.processors >= 2' ||
            skip "$variable takes processors away before this program starts (built by clang)"
    done
    expected=$(processors_of_two_threads)
    rm -r results
    [ "$(OMP_PROC_BIND=true processors_of_two_threads)" = "$expected" ]
    rm -r results
    [ "$(OMP_PLACES=cores processors_of_two_threads)" = "$expected" ]
}

@test "a quota of a control group is granted, limits 'threads: all', and is advised on" {
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        GROUP=/sys/fs/cgroup/descent-test-$$
    else
        GROUP=/sys/fs/cgroup/cpu/descent-test-$$
    fi
    mkdir "$GROUP" 2>/dev/null || skip 'no control group can be made here'
    if [ -e "$GROUP/cpu.max" ]; then
        echo '70000 100000' > "$GROUP/cpu.max"
    elif [ -e "$GROUP/cpu.cfs_quota_us" ]; then
        echo 70000 > "$GROUP/cpu.cfs_quota_us"
    else
        skip 'control groups have no quota of processors here'
    fi
    in_group=(bash -c 'echo $$ > "$0/cgroup.procs" && exec "${@}"' "$GROUP")
    "${in_group[@]}" true || skip 'no process can be moved to a control group here'
    "${in_group[@]}" "$DESCENT" machine --format json > quota.json
    # From jq 1.7 on 0.7 is not 0.69999999999999996, which is the same double (findings/jq-literals.sh).
    jq -e '(.moment.granted.quota_processors - 0.7 | fabs) < 1e-15 and .machine.threads == 1' quota.json
    jq -e 'any(.advice[]; .about == "quota")' quota.json
    "${in_group[@]}" "$DESCENT" machine | grep -qE '^Granted .* a quota of the time of 0.7, '
}
