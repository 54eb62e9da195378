/* SPDX-License-Identifier: MIT
 *
 * Mini-batch stochastic gradient descent.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the gradient of F on `batch` samples at a time, in the epoch's order. The last batch
 *            of an epoch takes what is left, and its mean is over what it has.
 * Step:      w <- w - rate dw_batch,  b <- b - rate db_batch, n / batch times an epoch.
 * Stopping:  the training loop's.
 * Reference: Bottou, Curtis and Nocedal, "Optimization methods for large-scale machine learning",
 *            SIAM Review 2018, section 3.
 */
#include "solvers/hyperparameter.h"
#include "solvers/solver.h"

static void step_minibatch(const struct step *step)
{
    struct models *models = step->models;
    size_t samples = objective_samples(step->objective);
    for (size_t begin = 0; begin < samples; begin += step->batch) {
        size_t count = samples - begin < step->batch ? samples - begin : step->batch;
        struct evaluation at =
            objective_batch_gradient(step->objective, models, step->order, begin, count);
        models_descend(models, step->rates, at.dW, at.db);
    }
}

const struct solver solver_minibatch = {
    .entry = {"minibatch", "stochastic gradient descent: one step a mini-batch"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_BATCH | USES_THREADS,
    .stochastic = true,
    .minimises_objective = true,
    .step = step_minibatch,
};
