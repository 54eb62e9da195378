/* SPDX-License-Identifier: MIT
 *
 * The training loop, written once for every solver. It owns the clocks, the trace, stopping and
 * divergence; a solver only steps. k compatible configurations are trained side by side: each has
 * its own rate, lambda and stopping, and leaves when it is done.
 */
#ifndef DESCENT_SOLVERS_TRAINING_H
#define DESCENT_SOLVERS_TRAINING_H

#include "kernels/variants.h"
#include "solvers/hyperparameter.h"
#include "solvers/training/training_hooks.h"

#include <stdbool.h>
#include <stddef.h>

/* May these two be trained side by side: same solver (one that can), kernel, order, seed, batch and
 * threads; and on the same rows or, where they leave some out, by the same deal? */
bool training_compatible(const struct configuration *a, const struct configuration *b);

/* Can it be trained on these data, all of them, with rows of a fold left out of the sums, beside
 * others that leave out other folds? Its steps take full gradients only, by a kernel that knows
 * rows which do not count; and nothing but a scale is fitted to the rows. Otherwise it is trained
 * on a copy of the rows that the fold leaves. */
bool training_leaves_rows(const struct dataset *data, const struct configuration *configuration);

/* Trains `models` (k) compatible, canonical and checked configurations on `data` and fills
 * trials[0..k), which the caller frees with trial_clear(). Never fails: how each trial ended is its
 * status. Times of k > 1 are shared by all of them; threads are those of the configuration, or
 * all where the solver can use only one for a model and there are several models. */
void training_run(const struct dataset *data, const struct configuration *const *configurations,
                  size_t models, const struct training_hooks *hooks, struct trial *trials);

/* The case of the passes over all rows that steps take, for so many models (kernels/variants.h), on
 * as many threads as hooks->threads says. False: there are none, or they have no variants. */
bool training_case(const struct dataset *data, const struct configuration *configuration,
                   size_t models, bool side_by_side, int threads, struct variant_case *what);

/* How many passes there will be at least, as far as can be known: one each epoch, but few where a
 * target may be met early. */
double training_sure_passes(const struct configuration *configuration);

/* Points in the trace of a trial that ends after so many epochs, without those of arrivals. */
size_t training_points(const struct configuration *configuration, int64_t epochs);

/* The last epoch up to `epoch` that the trace keeps. */
int64_t training_recorded(const struct configuration *configuration, int64_t epoch);

/* Rows of a solver's state that a snapshot has. */
size_t training_kept_rows(const struct dataset *data, const struct configuration *configuration);

/* Can this configuration go on from the snapshot? False: it is not one of it on these data, or
 * nothing is left to do. */
bool training_resumes(const struct dataset *data, const struct configuration *configuration,
                      const struct snapshot *snapshot);

/* Bytes that training takes beside the data, for the memory check. */
double training_bytes(const struct dataset *data, const struct configuration *configuration,
                      size_t models, bool side_by_side);

#endif
