/* SPDX-License-Identifier: MIT
 *
 * Studies: what a profile shows of one configuration on one data set, on several numbers of
 * threads, which change nothing but its time. From the store alone.
 *
 * A trial counts when it was timed alone and has its phases (`profile: on`), or when it was trained
 * side by side with others: then the study is of the whole group, whose pass it is. Times are
 * seconds per epoch, medians over the repeats.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_H
#define DESCENT_REPORT_SCALING_STUDY_H

#include "measure/statistics/speedup.h"
#include "report/results.h"
#include "store/store_profile.h"

/* A phase of an epoch, and what the ceilings allow. */
struct study_phase {
    double seconds; /* an epoch */
    double share;   /* of the epoch */
    double flops, bytes;
    double limit;      /* seconds that the ceilings allow; NaN: nothing is declared, or measured */
    const char *bound; /* what binds it: "memory", "L2", "GEMM"; NULL: nothing */
};

/* A study at one number of threads. */
struct study_point {
    int64_t threads;
    size_t count;    /* trials */
    double seconds;  /* training, an epoch: median */
    double *samples; /* (count) of which it is the median */
    double wall;     /* an epoch with evaluation and record */
    size_t profiled; /* trials with phases; 0: none below */
    struct study_phase phases[PHASE_COUNT];
    double regions;         /* parallel ones, an epoch */
    size_t team;            /* threads that there were for parallel regions */
    size_t working;         /* of them, that had work in any */
    double work, longest;   /* mean and largest seconds of work of a thread, an epoch */
    double imbalance;       /* longest / work - 1 */
    double wait, *waits;    /* share of the epoch: the mean, and of each thread (team) */
    const char *processors; /* that its threads were bound to; "" if to none */
    double counters[COUNTER_VALUE_COUNT]; /* an epoch; NaN: not to be had */
    const struct ceilings *ceilings;      /* at this number of threads, or NULL */
};

struct study {
    const char *data, *data_digest;
    int64_t rows, features;
    const struct configuration *values; /* but for the threads */
    const char *kernel;                 /* that ran */
    int64_t models;                     /* side by side */
    const struct seat *seat;            /* on whose host, beside as many processes */
    size_t count;
    struct study_point *points; /* (count), by ascending threads */
    bool scaled;                /* the fits below were made */
    struct speedup speedup;
};

/* Studies of one configuration on data sets whose rows grow with the threads. */
struct weak_study {
    const struct study *base; /* of the fewest threads */
    struct speedup_counts counts;
};

struct studies {
    size_t count;
    struct study *studies; /* (count), in the order of the plan */
    size_t weak_count;
    struct weak_study *weak; /* (weak_count) */
    size_t ceiling_count;
    struct ceilings *ceilings; /* (ceiling_count), by ascending threads */
    size_t machine_threads;    /* that it had: what `threads: all` meant */
    int64_t gemv_elements; /* from which on a gemv of BLAS has several, left to itself; 0: never */
    size_t remark_count;
    struct remark *remarks; /* (remark_count) */
};

#endif
