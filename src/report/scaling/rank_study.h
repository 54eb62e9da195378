/* SPDX-License-Identifier: MIT
 *
 * Studies over ranks: what a sweep shows of one configuration on several numbers of ranks that its
 * rows were distributed over: its time, what adding up sums over them takes, what they send, and,
 * by a model of that (measure/ceilings/exchange.h), what more of them would do. From the store
 * alone.
 *
 * A trial counts when it was timed alone. The trials of a study were timed on one host with one
 * build, and differ in nothing but the ranks; or, where that is weak scaling, in ranks and rows of
 * the same generator, in proportion. Times are seconds per epoch, medians over the repeats.
 */
#ifndef DESCENT_REPORT_SCALING_RANK_STUDY_H
#define DESCENT_REPORT_SCALING_RANK_STUDY_H

#include "measure/ceilings/exchange.h"
#include "report/results.h"
#include "store/store_profile.h"

/* A study on one number of ranks. What is not known is NaN. */
struct rank_point {
    int64_t ranks, rows;
    size_t count;      /* trials */
    double seconds;    /* training, an epoch: median */
    double speedup;    /* to the fewest ranks; of weak scaling: times the rows */
    double efficiency; /* speed-up over times the ranks */
    double exchange;   /* sums over ranks, seconds per epoch: phase `exchange` */
    double share;      /* of all phases of the epoch */
    double own;        /* phase `update`, seconds per epoch: the same work on every rank */
    double expected;   /* exchange according to the model */
    double sums;       /* over ranks, an epoch */
    double sum_bytes;  /* of one of them */
    double messages;   /* an epoch, that a rank sends (mean) according to the model ... */
    double bytes;      /* ... and their bytes */
    double messages_counted, bytes_counted; /* the same as it was counted */
};

/* Numbers of nodes, as ranks here, for which is predicted. */
enum { RANK_PREDICTIONS = 3 };
extern const int rank_predictions[RANK_PREDICTIONS];

/* What is predicted of one of them. */
struct rank_prediction {
    struct exchange_prediction epoch;
    double rows_to_start; /* the least n whose rows are in so many blocks; NaN: not known */
};

struct rank_study {
    bool weak; /* rows grow with the ranks */
    const char *data;
    int64_t rows, features;             /* rows: of the fewest ranks */
    const struct configuration *values; /* but for the ranks */
    const char *kernel;                 /* that ran */
    int64_t models;                     /* side by side */
    int64_t machine;
    size_t count;
    struct rank_point *points; /* (count), two at least, by ascending ranks */
    double sums, sum_bytes; /* over several ranks, an epoch: as counted on the most; bytes of one */
    size_t sample_count;
    struct exchange_sample *samples; /* (sample_count) of the machine */
    struct exchange_model model;     /* fitted to them */
    bool predicted;                  /* it ran on one rank, and the model is fitted */
    struct rank_prediction predictions[RANK_PREDICTIONS];
};

struct rank_studies {
    size_t count;
    struct rank_study *studies; /* (count): first all of strong scaling, in the order of the plan */
};

/* Reads those of a store; none where no configuration ran on several numbers of ranks. `results`
 * must outlive them. Free with rank_studies_free() in any case. */
bool rank_studies_read(struct store *store, const struct results *results,
                       struct rank_studies *studies, struct error *error);
void rank_studies_free(struct rank_studies *studies);

#endif
