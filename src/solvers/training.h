/* SPDX-License-Identifier: MIT
 *
 * The training loop, written once for every solver. It owns the clocks, the trace, stopping and
 * divergence; a solver only steps. k compatible configurations are trained side by side: each has
 * its own rate, lambda and stopping, and leaves when it is done.
 */
#ifndef DESCENT_SOLVERS_TRAINING_H
#define DESCENT_SOLVERS_TRAINING_H

#include "data/dataset.h"
#include "kernels/models.h"
#include "solvers/hyperparameter.h"
#include "solvers/smoothness.h"
#include "solvers/trial.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* A recorded point, and the model that it was taken of: column `column` of `models`, which an
 * observer may look at during the call (models_copy_weights). */
struct observation {
    size_t index; /* of the configuration and trial */
    const struct trace_point *point;
    const struct models *models;
    size_t column;
};

/* What the outside may bring to a training run; zero-initialised, nothing. */
struct training_hooks {
    /* Called after every recorded point of every model, on the record clock. */
    void (*observe)(void *context, const struct observation *seen);
    /* Called when trial `index` has ended, however: others may still be training. False ends those
     * as interrupted. */
    bool (*finished)(void *context, size_t index, struct trial *trial);
    void *context;
    const atomic_int *interrupt;   /* nonzero: stop at the next epoch's end */
    const double *initial_weights; /* (d), for every model; NULL: N(0, 1/d) by seed, and 0 where a
                                    * feature is 0 in all rows */
    double initial_bias;
    const double *optima; /* (models) F* of each; NaN: not known, or there is none; NULL: of none */
    const struct smoothness *smoothness; /* of the data; NULL: found when a rate is `auto` */
    bool phases;  /* where the time goes is measured as well, and kept in the trials */
    size_t group; /* the models of the whole group, if only some of it are trained */
    bool batched; /* models of this sweep are: kernels are chosen for that also where one is
                          trained, so that it has the same bits whoever is there */
    int threads;  /* of the pass, in place of what training_run() says; 0: as it says */
};

/* May these two be trained side by side: same solver (one that can), kernel, order, seed, batch and
 * threads? */
bool training_compatible(const struct configuration *a, const struct configuration *b);

/* Trains `models` (k) compatible, canonical and checked configurations on `data` and fills
 * trials[0..k), which the caller frees with trial_clear(). Never fails: how each trial ended is its
 * status. Times of k > 1 are shared by all of them; threads are those of the configuration, or
 * all where the solver can use only one for a model and there are several models. */
void training_run(const struct dataset *data, const struct configuration *const *configurations,
                  size_t models, const struct training_hooks *hooks, struct trial *trials);

/* Points in the trace of a trial that ends after so many epochs. */
size_t training_points(const struct configuration *configuration, int64_t epochs);

/* Bytes that training takes beside the data, for the memory check. */
double training_bytes(const struct dataset *data, const struct configuration *configuration,
                      size_t models, bool side_by_side);

#endif
