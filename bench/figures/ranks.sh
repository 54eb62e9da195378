#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What do several processes bring on this machine, and what do they cost? Rows are distributed over
# 1, 2, 4, ... ranks, up to all processors and to 4 at least (where processors are fewer, ranks take
# turns on them, and times say little): speed-up, the share of the exchange, sums in the fixed tree
# beside MPI_Allreduce, the latency and bandwidth that they come to, and what these predict. Messages
# and bytes are counted twice: by descent, and, with Open MPI, by its own monitoring.
#
#   bench/figures/ranks.sh [DESCENT]     by default build/descent of this repository; prints Markdown
#                                MPIRUN: the launcher that fits it, by default mpirun
#
# shellcheck disable=SC2016 # backquotes are Markdown's
set -euo pipefail
descent=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/descent}")
mpirun=${MPIRUN:-mpirun}
quick=${DESCENT_QUICK:+yes}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe # Open MPI 5
# One host: Open MPI need not look for a network.
export OMPI_MCA_pml='^ucx,cm' OMPI_MCA_btl='^tcp,openib,usnic,ofi,uct' OMPI_MCA_osc='^ucx'
unset OMP_NUM_THREADS

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
all=$("$descent" machine --format json | jq .machine.threads)
most=$((all > 4 ? all : 4))
counts=(1)
for ((ranks = 2; ranks <= most; ranks *= 2)); do
    counts+=("$ranks")
done
most=${counts[-1]}
list=$(IFS=, && echo "${counts[*]}")

ranks() # COUNT COMMAND...
{
    local count=$1
    shift
    "$mpirun" -np "$count" "$@" </dev/null
}

# What a profile says of ranks, from the line that begins so.
profile() # BEGIN DATA OPTION...
{
    local log=profile.log begin=$1
    shift
    if ! ranks "$most" "$descent" profile "$@" --ranks "$list" --threads 1 --quiet >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
    printf '\n`mpirun -np %s descent profile %s --ranks %s --threads 1`\n\n```text\n' "$most" "$*" "$list"
    sed -n "/^$begin/,/^results:/p" "$log" | sed '/^results:/d; /^Exchange: as measured/,$d' | cat -s
    printf '```\n'
    rm -r results
}

# Sums, and what Open MPI saw ranks send to each other, of 10 epochs and the evaluation of the last.
monitor() # RANKS
{
    local steps=0 messages sums=11 length=$((50 + 3 + 2))
    while ((1 << steps < $1)); do
        steps=$((steps + 1))
    done
    OMPI_MCA_pml_monitoring_enable=2 OMPI_MCA_pml_monitoring_enable_output=3 \
        OMPI_MCA_pml_monitoring_filename=$folder/monitored ranks "$1" "$descent" train \
        blobs:rows=100000,features=50 --epochs 10 --distribute rows >/dev/null
    messages=$((sums * steps * $1))
    cat monitored.*.prof | awk -v ranks="$1" -v messages="$messages" -v bytes="$((messages * 8 * length))" '
        $1 == "E" { seen += $6; sent += $4 }
        END { printf "| %d | %d | %d | %d | %d |\n", ranks, messages, seen, bytes, sent }'
    rm -f monitored.*
}

printf '# What do ranks bring, and what do they cost?\n\n'
printf '`bench/figures/ranks.sh` on %s, %s threads; %s\n' "$(lscpu | sed -n 's/^Model name: *//p' | head -n 1)" "$all" \
    "$("$descent" --version | sed -n 's/^mpi *//p')"
((all >= most)) || printf '\nThere are fewer processors than ranks: beyond %s, ranks take turns.\n' "$all"
if [ -n "$quick" ]; then
    profile 'Time of a sum' blobs:rows=20000,features=20 --repeats 1 --epochs 5
else
    profile 'Time of a sum' blobs:rows=100000,features=50
    profile 'Weak scaling' blobs:rows=100000,features=50 --weak --repeats 3
    profile '## .*over ranks$' blobs:rows=2000000,features=50 --repeats 3
    profile '## .*over ranks$' blobs:rows=100000,features=50 --kernel batched --models 64 --rate 0.1 --repeats 3
fi
printf '\nExchange waits for the last rank as well, and the model does not: what is above it is waiting.\n'
if "$descent" --version | grep -q '^mpi *Open MPI'; then
    printf '\nMessages of all ranks in 10 epochs of gd on 100000 rows of 50 features, and their bytes: by the model, and\n'
    printf "by Open MPI's own count\n\n| ranks | messages | counted | bytes | counted |\n|--:|--:|--:|--:|--:|\n"
    for ranks in "${counts[@]:1}"; do
        monitor "$ranks"
    done
fi
