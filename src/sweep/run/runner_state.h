/* SPDX-License-Identifier: MIT
 *
 * The state of a runner, which its parts share: runner.c (what there is to do, and in which order),
 * group_training.c (training a group and recording it), models_server.c (handing groups out to
 * other ranks), finals.c (the best, timed again).
 */
#ifndef DESCENT_SWEEP_RUN_RUNNER_STATE_H
#define DESCENT_SWEEP_RUN_RUNNER_STATE_H

#include "solvers/smoothness.h"
#include "solvers/trial.h"
#include "sweep/run/progress.h"
#include "sweep/run/recording.h"
#include "sweep/run/sweep_options.h"
#include "sweep/workload/placement.h"

#include <pthread.h>

/* Zero weights, as they were judged on some rows with so many threads. */
struct first_judged {
    size_t rows; /* struct host_answer; 0: none */
    int64_t threads;
    struct trace_point point;
};

struct runner {
    const struct workload *workload;
    struct placement placement;
    pthread_mutex_t lock; /* of all that follows, where passes run side by side */
    bool stopped;         /* by an error, which is set: nothing is to be begun any more */
    int64_t last_group;   /* the last number that a group was given */
    struct recording recording;
    struct progress progress;
    double *optima;                /* (expansion count) F* of each configuration, or NaN */
    struct smoothness *smoothness; /* (sources) of each data set, where a rate is `auto` */
    int trainer_count;
    struct trainer *trainers;       /* (trainer_count) who trains: the first is this process */
    int passes;                     /* at a time, all together */
    bool beside;                    /* is a pass on the machine of another? */
    struct program_hosts *programs; /* other programs that train (sweep/programs/hosts.h) */
    struct first_judged judged;     /* the last that was judged where programs begin */
    bool *told_clocks;              /* (programs of the file) that its clock differs from ours */
    struct server *server;          /* of the other ranks; NULL: there are none */
    size_t foreign;                 /* recorded trials of another machine or build */
    double memory;                  /* bytes that were free when last asked */
    bool told_no_checkpoint;        /* why a trial has none */
    size_t watched, noisy;          /* attempts timed alone; of them, those that were disturbed */
    const struct sweep_options *options;
    struct sweep_outcome *outcome;
    struct error *error;
};

/* Passes side by side take turns: one of them at a time looks into the store, writes to it, or
 * counts. */
static inline void runner_lock(struct runner *runner)
{
    pthread_mutex_lock(&runner->lock);
}

static inline void runner_unlock(struct runner *runner)
{
    pthread_mutex_unlock(&runner->lock);
}

/* Is nothing left to do? Of a recording that is read only: an error otherwise. */
bool runner_is_finished(const struct runner *runner);

/* Counts a planned trial: as recorded, or as one to run. */
bool runner_count(struct runner *runner, struct turn turn);

/* What trials on a data set need to know of it: the optima, and what `rate: auto` comes from.
 * `told`: it is known already where there is no optimum. */
bool runner_prepare_source(struct runner *runner, size_t source, bool told);

#endif
