/* SPDX-License-Identifier: MIT
 *
 * Mini-batch stochastic gradient descent with momentum.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the gradient of F on `batch` samples at a time, in the epoch's order; momentum m.
 * Step:      v <- m v - rate dw_batch,  w <- w + v, and the bias likewise, n / batch times an
 *            epoch. A rate is worth 1 / (1 - m) times as much as without momentum.
 * Stopping:  the training loop's.
 * Reference: Polyak 1964; Sutskever, Martens, Dahl and Hinton, "On the importance of
 *            initialization and momentum in deep learning", ICML 2013.
 */
#include "solvers/methods/minibatches.h"
#include "solvers/methods/momentum.h"
#include "solvers/solver.h"

static void step_minibatch_momentum(const struct step *step)
{
    minibatches_run(step, momentum_step);
}

static double rate_auto(const struct smoothness *smoothness,
                        const struct configuration *configuration)
{
    return (1.0 - configuration->momentum) * rate_auto_minibatch(smoothness, configuration);
}

const struct solver solver_minibatch_momentum = {
    .entry = {"minibatch-momentum", "mini-batches with momentum"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_BATCH | USES_THREADS | USES_MOMENTUM,
    .family = FAMILY_MINIBATCH,
    .minimises_objective = true,
    .rate_auto = rate_auto,
    .step = step_minibatch_momentum,
    .state_rows = state_rows_vector,
};
