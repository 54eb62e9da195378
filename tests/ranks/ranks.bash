# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What tests of jobs share; to be sourced. CMake tells them which MPI they are run with: FLAVOUR,
# MPIRUN, and DESCENT, a descent of that flavour.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# Where processors are fewer than processes, one that waits lets the others run.
export MPIR_CVAR_POLLS_BEFORE_YIELD=1 OMPI_MCA_mpi_yield_when_idle=1
export OMPI_MCA_odls_base_sigkill_timeout=0 OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
# The same to Open MPI 5, whose launcher has settings of its own.
export PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe OMPI_MCA_btl_sm_single_copy_mechanism=none
# Ranks of one host need no network. To look for one takes Open MPI 4.1.4 a second and a half a job;
# without, it takes a tenth.
export OMPI_MCA_pml='^ucx,cm' OMPI_MCA_btl='^tcp,openib,usnic,ofi,uct' OMPI_MCA_osc='^ucx'
# Two jobs that begin and end at the same time would make and remove the same folders.
export TMPDIR=${BATS_FILE_TMPDIR:-${TMPDIR:-/tmp}}

# Runs a command in so many processes, and ends them all if they hang.
ranks() # COUNT COMMAND...
{
    local count=$1
    shift
    timeout --signal=KILL 100 "$MPIRUN" -np "$count" "$@" </dev/null
}

# Runs another command on each rank. Not "COMMAND : COMMAND", which the launcher of Open MPI 5.0.7 in
# Debian 13 does not survive.
ranks_each() # COMMAND...: texts for sh, as many as ranks
{
    # shellcheck disable=SC2016 # for the shells that are started
    ranks $# sh -c 'shift "${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" && eval "exec $1"' sh "$@"
}

# A file of the real data, or the test is skipped.
real_data() # NAME
{
    local path=$SOURCE/../shared/data/$1
    [ -r "$path" ] || skip "$1 is not here"
    printf '%s\n' "$path"
}

# The trials of a sweep that count, with all that must not depend on who ran them.
trials() # FOLDER
{
    sqlite3 "$1/store.sqlite" "
        SELECT c.data, c.solver, c.rate, c.lambda, t.final, t.repeat, t.status, t.epochs, t.digest
        FROM trial t JOIN configuration c ON c.id = t.configuration
        WHERE NOT EXISTS (SELECT 1 FROM trial u WHERE u.configuration = t.configuration
            AND u.final = t.final AND u.repeat = t.repeat AND u.attempt > t.attempt)
        ORDER BY 1, 2, 3, 4, 5, 6"
}
