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
#include "solvers/trial.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct step; /* solver.h */

/* A recorded point, and the model that it was taken of: column `column` of `models`, which an
 * observer may look at during the call (models_copy_weights). */
struct observation {
    size_t index; /* of the configuration and trial */
    const struct trace_point *point;
    const struct models *models;
    size_t column;
};

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
    bool phases;  /* where the time goes is measured as well, and kept in the trials */
    size_t group; /* the models of the whole group, if only some of it are trained */
    bool batched; /* models of this sweep are: kernels are chosen for that also where one is
                          trained, so that it has the same bits whoever is there */
    const struct fold_masks *masks; /* each model leaves out the rows of its fold, which are all of
                                     * one repeat; NULL: the data are those that it leaves */
    int threads; /* of the pass, in place of what training_run() says; 0: as it says */
};

#endif
