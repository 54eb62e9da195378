/* SPDX-License-Identifier: MIT
 *
 * What is brought to a training run from outside: who watches it, what it begins with, and what is
 * known already.
 */
#ifndef DESCENT_SOLVERS_TRAINING_HOOKS_H
#define DESCENT_SOLVERS_TRAINING_HOOKS_H

#include "data/preparation/fold_masks.h"
#include "kernels/models.h"
#include "solvers/smoothness.h"
#include "solvers/snapshot.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct step;   /* solver.h */
struct ranges; /* data/ranges.h */

/* A recorded point, and the model that it was taken of: column `column` of `models`, which an
 * observer may look at during the call (models_copy_weights). */
struct observation {
    size_t index; /* of the configuration and trial */
    const struct trace_point *point;
    const struct models *models;
    size_t column;
};

/* Who keeps snapshots of a run while it goes on, one after the other: begin(), keep() of every
 * model that still trains, end(). It is done about every `seconds`, but takes no more than a half
 * per cent of the time (0: after every epoch, whatever it takes), at the end of an epoch, and is on
 * no clock. Where `*hurry` becomes nonzero it is done at once; then models that have not ended
 * within TRAINING_GRACE end as interrupted, at the end of an epoch, and as they are kept. So do
 * those that are interrupted. */
struct training_keeper {
    double seconds;
    const atomic_int *hurry;      /* NULL: nobody is */
    bool (*begin)(void *context); /* false: nothing is to be kept this time */
    void (*keep)(void *context, size_t index, const struct snapshot *snapshot); /* NULL: another
                                                                                 * rank does */
    bool (*end)(void *context); /* false: no more is to be trained */
    void *context;
};

enum { TRAINING_GRACE = 5 }; /* seconds: batch systems kill after ten and more */

/* What one model begins with. */
struct model_start {
    const double *weights; /* (d); NULL: what all models begin with */
    double bias;
};

/* What the outside may bring to a training run; zero-initialised, nothing. */
struct training_hooks {
    /* Called after every recorded point of every model, on the record clock. */
    void (*observe)(void *context, const struct observation *seen);
    /* Called before every step with what it is about to do; its time counts on no clock. */
    void (*before_step)(void *context, const struct step *step);
    /* Called when trial `index` has ended, however: others may still be training. False ends those
     * as interrupted. */
    bool (*finished)(void *context, size_t index, struct trial *trial);
    void *context;
    const atomic_int *interrupt;   /* nonzero: stop at the next epoch's end */
    const double *initial_weights; /* (d), for every model; NULL: N(0, 1/d) by seed, and 0 where a
                                    * feature is 0 in all rows */
    double initial_bias;
    const struct model_start *starts; /* (models) where they begin in different places; NULL: all
                                       * begin with the above */
    const double *optima; /* (models) F* of each; NaN: not known, or there is none; NULL: of none */
    const struct smoothness *smoothness; /* of the data; NULL: found when a rate is `auto` */
    const struct ranges *ranges; /* of the data; NULL: found by a solver that reads them. Not where
                                  * rows are distributed: all ranks find them together */
    /* Where models go on from (snapshot.h), one each and all after the same epoch; NULL: they
     * begin. What was done before them is in their traces, clocks and digests as if it had been
     * done here. */
    const struct snapshot *const *resume; /* (models) */
    /* Where snapshots are put (models), which the caller frees, of models that are paused
     * (STATUS_PAUSED): those that still train after `pause` epochs, and, in place of an end as
     * interrupted, after an interrupt. Their traces have no point that they would not have had
     * without a pause. NULL: nothing is paused. */
    struct snapshot **paused;
    const struct training_keeper *keeper; /* NULL: there is none */
    int64_t pause; /* 0: after no number of epochs. The snapshot's point is evaluated then */
    bool phases;   /* where the time goes is measured as well, and kept in the trials */
    size_t group;  /* the models of the whole group, if only some of it are trained */
    bool batched;  /* models of this sweep are: kernels are chosen for that also where one is
                           trained, so that it has the same bits whoever is there */
    const struct fold_masks *masks; /* each model leaves out the rows of its fold, which are all of
                                     * one repeat; NULL: the data are those that it leaves */
    bool untraced; /* only the weights are wanted: the trace has its first point, and others only
                    * where a rule, or a step, asks for the objective */
    int threads;   /* of the pass, in place of what training_run() says; 0: as it says */
};

#endif
