#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Sweeps under a real Slurm: its controller and one node, on this machine, made for each test in a
# folder of its own, with daemons that end with it. Scripts are those that descent slurm writes, and
# are submitted as they say themselves.
#
# A task that is queued again may start once its credential has expired, after 120 seconds, or here
# the 5 that are the least.

bats_require_minimum_version 1.5.0

load ../helpers/recorded
load ../helpers/compilers

need()
{
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

# A port of this machine where nothing listens, from this one on. Those above 32768 are handed out to
# whoever asks, and are left alone.
free_port() # FROM
{
    local port=$1
    while (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        port=$((port + 1))
    done
    echo "$port"
}

write_configuration()
{
    local port host
    port=$(free_port $((20000 + ($$ * 2) % 12000)))
    host=$(hostname -s)
    cat >slurm.conf <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$(free_port $((port + 1)))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$PWD/munge.socket,cred_expire=5
StateSaveLocation=$PWD/state
SlurmdSpoolDir=$PWD/spool
SlurmctldPidFile=$PWD/slurmctld.pid
SlurmdPidFile=$PWD/slurmd.pid
SlurmctldLogFile=$PWD/slurmctld.log
SlurmdLogFile=$PWD/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1,bf_interval=1
KillWait=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
}

# In the background, to be ended by teardown().
start() # PROGRAM OPTION...
{
    "$@" >>"$cluster/daemons.log" 2>&1 3>&- &
    daemons+=($!)
}

# Until the command succeeds, for so many seconds at most.
wait_until() # SECONDS COMMAND...
{
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

is_idle()
{
    [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]
}

# No job is running, nor waits to.
is_done()
{
    local jobs
    jobs=$(squeue --noheader) && [ -z "$jobs" ]
}

setup()
{
    # What Slurm does does not depend on the compiler.
    only_by_gcc
    for program in munged mungekey slurmctld slurmd sbatch squeue sinfo scontrol scancel; do
        need "$program"
    done
    [ "$EUID" -eq 0 ] || skip 'only root can start the daemons of Slurm'
    daemons=()
    cluster=$BATS_TEST_TMPDIR/cluster
    mkdir -p "$cluster/state" "$cluster/spool" "$BATS_TEST_TMPDIR/my work"
    cd "$cluster"
    write_configuration
    export SLURM_CONF=$cluster/slurm.conf
    mungekey --create --keyfile munge.key
    start munged --foreground --force --key-file="$PWD/munge.key" --socket="$PWD/munge.socket" \
        --pid-file="$PWD/munged.pid" --log-file="$PWD/munged.log" --seed-file="$PWD/munged.seed"
    wait_until 10 test -S munge.socket
    start slurmctld -D -i
    start slurmd -D
    cd "$BATS_TEST_TMPDIR/my work"
    wait_until 20 is_idle || { tail -n 20 "$cluster"/*.log >&2 && return 1; }
}

# Jobs first, by Slurm; then its daemons; then what of jobs is left, which has the name of our
# configuration in its environment.
teardown()
{
    [ -n "${cluster:-}" ] || return 0
    scancel --user=root 2>/dev/null || true
    wait_until 10 is_done 2>/dev/null || true
    for pid in "${daemons[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    wait_until 10 have_ended || true
    for pid in "${daemons[@]}" $(left_behind); do
        kill -KILL "$pid" 2>/dev/null || true
    done
    wait
}

have_ended()
{
    for pid in "${daemons[@]}"; do
        ! kill -0 "$pid" 2>/dev/null || return 1
    done
}

left_behind()
{
    grep -lzxF "SLURM_CONF=$SLURM_CONF" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3
}

# What a script says that one should type: the command that made it, how to submit it, how to merge.
said() # SCRIPT LINE
{
    sed -n 's/^#   //p' "$1" | sed -n "$2p"
}

# Submits the script, and what merges when it has ended well, as it says. Leaves the job's number in
# $job.
submit() # SCRIPT
{
    job=
    eval "$(said "$1" 2)"
    merging=$(said "$1" 3)
    eval "${merging/sbatch/sbatch --output=merge.log}"
}

finish()
{
    wait_until 40 is_done || { squeue >&2 && return 1; }
}

# One of the facts of a job.
fact() # JOB NAME
{
    scontrol --oneliner show job "$1" | grep -o " $2=[^ ]*" | cut -d = -f 2
}

# How many trials are recorded in a folder; 0 when there is no store yet.
count() # FOLDER
{
    "$DESCENT" export "$1" --format csv 2>/dev/null | grep -c -v -e '^position,' -e ',running,'
}

# The same sweep without Slurm, with the processors of a node, has the same trials.
is_as_on_one_machine() # FILE NAME
{
    OMP_THREAD_LIMIT=2 "$DESCENT" sweep "$1" --results whole --quiet >/dev/null
    recorded "whole/$2" >expected.csv
    [ "$(wc -l <expected.csv)" -gt 3 ]
    recorded "results/$2" | diff expected.csv -
}

@test "shards of a sweep, merged when all have ended well, are the sweep" {
    cat >'my grid.yaml' <<'END'
name: grid
data: pets
runs:
  - {solver: gd, rate: [0.1, 0.2, 0.3], threads: [1, all]}
  - {solver: sgd, rate: [0.01, 0.02]}
stop: {epochs: 20}
repeats: 2
binding: none
retries: 0
END
    "$DESCENT" slurm 'my grid.yaml' --nodes 3 --cpus 2 --shared --output 'my job.sh'
    submit 'my job.sh'
    finish
    [ "$(fact "$job" JobState | sort -u)" = COMPLETED ]
    [ "$(find results/grid -name "slurm-${job}_*.log" | wc -l)" -eq 3 ]
    is_as_on_one_machine 'my grid.yaml' grid
}

# When the first of a group is recorded, the second is in flight: see command_sweep.bats.
@test "asked to stop, a task finishes its trial, is queued again, and nothing is lost" {
    cat >flight.yaml <<'END'
name: flight
data: pets
runs:
  - {solver: gd, rate: 0.1, stop: {epochs: 1}}
  - {solver: gd, rate: 0.1, stop: {epochs: 3000000}}
  - {solver: sgd, rate: 0.1, stop: {epochs: 5}}
threads: 1
execution: batched
finals: 0
record: geometric
order: listed
checkpoint: off
END
    "$DESCENT" slurm flight.yaml --nodes 1 --output job.sh
    submit job.sh
    wait_until 20 eval '[ "$(count results/flight/shard-1-of-1)" -gt 0 ]'
    scancel --signal=TERM --batch "$job"
    finish
    log=results/flight/slurm-${job}_1.log
    if grep -q 'stopped after' "$log"; then
        grep -q 'stopped after 2 of 3 trials; the same command resumes from here' "$log"
        grep -q '1 trials to run, 2 recorded already' "$log"
        [ "$(fact "$job" Restarts)" -eq 1 ]
    else # it was faster than the signal
        [ "$(fact "$job" Restarts)" -eq 0 ]
    fi
    [ "$(fact "$job" JobState)" = COMPLETED ]
    is_as_on_one_machine flight.yaml flight
}

@test "what is cancelled is not queued again, and what is not whole is not merged" {
    cat >endless.yaml <<'END'
name: endless
data: pets
runs: [{solver: sgd, stop: {epochs: 1}}, {solver: sgd, stop: {epochs: 1e12}}]
record: geometric
order: listed
END
    "$DESCENT" slurm endless.yaml --nodes 1 --time 10 --output job.sh
    submit job.sh
    wait_until 20 eval '[ "$(count results/endless/shard-1-of-1)" -gt 0 ]'
    scancel "$job"
    wait_until 20 eval '[ "$(squeue --noheader --format=%r)" = DependencyNeverSatisfied ]'
    [ "$(fact "$job" JobState)" = CANCELLED ]
    [ "$(fact "$job" Restarts)" -eq 0 ]
    [ ! -e results/endless/store.sqlite ]
}
