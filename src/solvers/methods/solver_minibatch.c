/* SPDX-License-Identifier: MIT
 *
 * Mini-batch stochastic gradient descent.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the gradient of F on `batch` samples at a time, in the epoch's order.
 * Step:      w <- w - rate dw_batch,  b <- b - rate db_batch, n / batch times per epoch.
 * Stopping:  the training loop's.
 * Reference: Bottou, Curtis and Nocedal, "Optimization methods for large-scale machine learning",
 *            SIAM Review 2018, section 3.
 */
#include "solvers/methods/minibatches.h"
#include "solvers/solver.h"

static void descend(const struct step *step, const struct evaluation *at)
{
    models_descend(step->models, step->rates, at->dW, at->db);
}

static void step_minibatch(const struct step *step)
{
    minibatches_run(step, descend);
}

const struct solver solver_minibatch = {
    .entry = {"minibatch", "stochastic gradient descent: one step per mini-batch"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_BATCH | USES_THREADS,
    .family = FAMILY_MINIBATCH,
    .minimises_objective = true,
    .rate_auto = rate_auto_minibatch,
    .step = step_minibatch,
};
