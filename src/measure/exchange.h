/* SPDX-License-Identifier: MIT
 *
 * What it costs to add up numbers over the ranks of a job (base/ranks.h).
 */
#ifndef DESCENT_MEASURE_EXCHANGE_H
#define DESCENT_MEASURE_EXCHANGE_H

#include <stdint.h>

/* One sum over ranks, in seconds. */
struct exchange_sample {
    int64_t ranks, per_host; /* ranks that took part; the most of them on one host */
    double bytes;            /* that each rank has to be summed */
    double seconds;          /* of ranks_sum(), in the fixed tree */
    double any_seconds;      /* of MPI_Allreduce, in any order */
};

#endif
