/* SPDX-License-Identifier: MIT
 *
 * Diagnosis: why an epoch is not faster, in words, from the figures of a profile.
 *
 * What may hold threads back is a table of causes. Each says which share of an epoch it accounts
 * for, and what to try; the first in the table is what an epoch at its ceiling is called, and of
 * the others the largest share is named.
 *
 *     bandwidth, compute   the ceilings allow no less than so much of the time
 *     chunks               data make fewer chunks than there are threads: some have nothing to do
 *     imbalance            (longest - mean) work of a thread
 *     fork-join            regions an epoch times what an empty one and its barriers cost
 *     serial               time in which one thread works and the others wait for it, and, where
 *                          work takes longer in sum the more threads there are, what they hinder
 *                          each other, as the serial fraction of Karp and Flatt has it
 *     exchange             sums over ranks, and waiting for the last of them
 *
 * Reference: the causes of waiting are those of Intel's VTune ("Threading Efficiency"), the bound
 * that of the roofline (measure/ceilings/ceilings.h).
 */
#ifndef DESCENT_MEASURE_STATISTICS_DIAGNOSIS_H
#define DESCENT_MEASURE_STATISTICS_DIAGNOSIS_H

#include "base/table.h"

#include <stdint.h>

/* The facts at one number of threads; seconds are per epoch. */
struct diagnosis_facts {
    int threads;           /* asked for */
    int working;           /* that had work in parallel regions; 1 where there were none */
    double seconds;        /* training */
    double limit;          /* that the ceilings allow; NaN: unknown */
    const char *bound;     /* what binds it, "memory", "L2", "GEMM"; NULL: unknown */
    double headroom;       /* read ceiling of the best number of threads over this one's; 1: none */
    double alone;          /* in which one thread works outside of regions */
    double work;           /* of all threads in regions together, on this number */
    double longest;        /* of the thread that works longest */
    double forks;          /* that forks, joins and barriers cost; NaN: unknown */
    double exchange;       /* sums over ranks; 0 on one rank */
    double base_work;      /* of all threads together on the fewest threads; NaN: not measured */
    double efficiency;     /* to the fewest threads; NaN: these are they */
    double serial;         /* fraction by Karp and Flatt; NaN: unknown */
    int64_t gemv_elements; /* that BLAS wants before it uses threads, where there are fewer; or 0 */
    const char *hottest;   /* phase */
    double hottest_share;  /* of the epoch */
};

extern const struct entry diagnosis_bandwidth, diagnosis_compute, diagnosis_chunks,
    diagnosis_imbalance, diagnosis_fork_join, diagnosis_serial, diagnosis_hindrance,
    diagnosis_exchange, diagnosis_scales, diagnosis_inside;

enum { DIAGNOSIS_TEXT = 800 };

struct diagnosis {
    const struct entry *cause; /* its summary is what to try */
    double share;              /* of the epoch that it accounts for */
    char text[DIAGNOSIS_TEXT]; /* what is seen, and what to try: one or two sentences */
};

struct diagnosis diagnose(const struct diagnosis_facts *facts);

#endif
