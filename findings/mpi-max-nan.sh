#!/bin/sh
# SPDX-License-Identifier: MIT
#
# MPI_MAX over numbers with NaN among them: Open MPI 4.1.4 and MPICH 4.0.2 (Debian 12).
#
# One would guess: the largest number, or NaN, and the same on all ranks, since MPI_Allreduce gives
#   its result to all of them.
# What happens: the result depends on the order in which ranks are combined. With Open MPI the largest
#   number is lost (4 ranks, NaN on rank 2: 1 on all, though rank 3 has 3); with MPICH ranks get
#   different results, some of them NaN. A loop that ends when such a value is small enough ends on some ranks only.
# Source: seen here; a comparison with NaN is false (IEEE 754), and a > b ? a : b keeps its b.
#
# Exit 0: seen as written above; 1: something changed; 77: not these versions, or no compiler.
set -u
version_of() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null; }
case $(version_of libopenmpi-dev)/$(version_of libmpich-dev) in
4.1.4-*/4.0.2-*) ;;
*) echo "needs libopenmpi-dev 4.1.4 and libmpich-dev 4.0.2"; exit 77 ;;
esac
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
cat >"$folder/max.c" <<'END'
#include <math.h>
#include <mpi.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    int rank, ranks;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    double own = 0.0, largest, all[64];
    for (int lost = 0; lost < ranks; lost++) { /* who has NaN; rank r has r otherwise */
        own = rank == lost ? NAN : rank;
        MPI_Allreduce(&own, &largest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        MPI_Gather(&largest, 1, MPI_DOUBLE, all, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
        if (rank > 0)
            continue;
        printf("NaN on rank %d:", lost);
        for (int r = 0; r < ranks; r++)
            printf(" %g", all[r]);
        putchar('\n');
    }
    MPI_Finalize();
    return 0;
}
END
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none
for flavour in openmpi mpich; do
    "mpicc.$flavour" -O2 -o "$folder/$flavour" "$folder/max.c" || exit 77
    for ranks in 2 4; do
        echo "$flavour, $ranks ranks"
        "mpirun.$flavour" -np "$ranks" "$folder/$flavour" 2>/dev/null
    done
done >"$folder/seen"
cat "$folder/seen"
diff - "$folder/seen" <<'END'
openmpi, 2 ranks
NaN on rank 0: nan nan
NaN on rank 1: 0 0
openmpi, 4 ranks
NaN on rank 0: nan nan nan nan
NaN on rank 1: 3 3 3 3
NaN on rank 2: 1 1 1 1
NaN on rank 3: 2 2 2 2
mpich, 2 ranks
NaN on rank 0: 1 nan
NaN on rank 1: nan 0
mpich, 4 ranks
NaN on rank 0: 3 3 3 nan
NaN on rank 1: 3 3 nan 3
NaN on rank 2: 3 nan 3 1
NaN on rank 3: nan 2 1 2
END
