/* SPDX-License-Identifier: MIT
 *
 * Studies: what a store shows of one configuration on several numbers of threads, which change
 * nothing but its time, or of ranks that its rows were distributed over. Strong scaling is that of
 * the same data; weak scaling that of data of one family (data_family.h) with as many rows for each
 * thread or rank. From the store alone.
 *
 * Times are seconds per epoch, medians over the repeats. A trial counts when it was timed alone, or
 * when it was trained side by side with others: then the study is of the whole group, whose pass it
 * is. Trials that other programs disturbed are left out where there are others; a point of which
 * all were has times that say nothing, and neither a speed-up nor a diagnosis.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_H
#define DESCENT_REPORT_SCALING_STUDY_H

#include "measure/ceilings/exchange.h"
#include "measure/statistics/speedup.h"
#include "report/noise.h"
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

/* What a rank sends to add up sums over ranks, an epoch, mean over them. NaN: not known. */
struct study_traffic {
    double sums, sum_bytes; /* and the bytes of one sum */
    double messages, bytes;
};

/* A study at one place: a number of threads, or of ranks. */
struct study_point {
    int64_t place, rows;
    size_t count;                 /* trials */
    size_t disturbed;             /* more of them, which are left out */
    bool noisy;                   /* all that there are were disturbed */
    double seconds;               /* training, an epoch: median */
    double *samples;              /* (count) of which it is the median */
    double wall;                  /* an epoch with evaluation and record */
    const char *processors;       /* that its threads were bound to; "" if to none */
    double exchange_share;        /* of the wall, of sums over ranks; NaN: not known */
    struct study_traffic counted; /* as it was counted */
    size_t profiled;              /* trials with phases; 0: none down to the counters */
    struct study_phase phases[PHASE_COUNT];
    double regions;       /* parallel ones, an epoch */
    size_t team;          /* threads that there were for parallel regions */
    size_t working;       /* of them, that had work in any */
    double work, longest; /* mean and largest seconds of work of a thread, an epoch */
    double imbalance;     /* longest / work - 1 */
    double wait, *waits;  /* share of the epoch: the mean, and of each thread (team) */
    double counters[COUNTER_VALUE_COUNT]; /* an epoch; NaN: not to be had */

    /* Over threads: */
    const struct ceilings *ceilings; /* at this number of threads, or NULL */
    /* Over ranks: */
    struct study_traffic modelled; /* as counted where it was, and what follows from that */
    double expected;               /* seconds of exchange according to the model; NaN: not known */
};

/* Numbers of nodes, as ranks here, for which is predicted. */
enum { STUDY_PREDICTIONS = 3 };

/* What is predicted of one of them. */
struct study_prediction {
    struct exchange_prediction epoch;
    double rows_to_start; /* the least n whose rows are in so many blocks; NaN: not known */
};

/* What sums over ranks take, and what more ranks would do by a model of that. */
struct study_exchange {
    double sums, sum_bytes; /* over several ranks, an epoch: as counted on the most; bytes of one */
    size_t sample_count;
    struct exchange_sample *samples; /* (sample_count) of the machine */
    struct exchange_model model;     /* fitted to them */
    bool predicted;                  /* it ran on one rank, and the model is fitted */
    struct study_prediction predictions[STUDY_PREDICTIONS];
};

struct study {
    bool weak;                       /* rows grow with the threads or ranks */
    const struct stored_trial *base; /* one of its trials, which are all alike but for threads or
                                        ranks; of weak scaling one with the fewest rows */
    size_t count, trials, profiled;  /* points; trials at all of them; of those, with phases */
    struct study_point *points;      /* (count), by ascending place */
    struct speedup_counts counts; /* (count) of each point; none where times cannot be compared */
    /* Over threads, strong scaling: */
    bool fitted; /* models of the speed-up were */
    struct speedup speedup;
    /* Over ranks: */
    struct study_exchange exchange;
};

struct study_list {
    size_t count;
    struct study *items; /* (count), in the order of the plan */
};

enum { OVER_THREADS, OVER_RANKS, STUDY_AXES };

struct studies {
    struct noise noise; /* of the store */
    struct study_list strong[STUDY_AXES], weak[STUDY_AXES];
    size_t ceiling_count;
    struct ceilings *ceilings; /* (ceiling_count), by ascending threads */
    size_t machine_threads;    /* that it had; where it does not say, the most of the ceilings */
    int64_t gemv_elements; /* from which on a gemv of BLAS has several, left to itself; 0: never */
    size_t remark_count;
    struct remark *remarks; /* (remark_count) */
};

#endif
