/* SPDX-License-Identifier: MIT
 *
 * The loop over the mini-batches of an epoch, for every solver that steps along their gradients.
 * The last batch of an epoch takes what is left, and its mean is over what it has.
 */
#ifndef DESCENT_SOLVERS_METHODS_MINIBATCHES_H
#define DESCENT_SOLVERS_METHODS_MINIBATCHES_H

#include "solvers/solver.h"

/* Calls `descend` with the gradient of one batch after the other; it moves the models. */
void minibatches_run(const struct step *step,
                     void (*descend)(const struct step *step, const struct evaluation *at));

#endif
