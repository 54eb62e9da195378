/* SPDX-License-Identifier: MIT
 *
 * Full-batch gradient descent with momentum, the heavy ball.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the gradient (dw, db) of F over all samples; the rate of the epoch; momentum m.
 * Step:      v <- m v - rate dw,  w <- w + v, and the bias likewise.
 * Stopping:  the training loop's. On a quadratic it is stable for rate < 2 (1 + m) / (L + lambda).
 * Reference: Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
 *            Computational Mathematics and Mathematical Physics 1964.
 */
#include "solvers/methods/momentum.h"
#include "solvers/solver.h"

static void step_gd_momentum(const struct step *step)
{
    struct evaluation at = objective_gradient(step->objective, step->models);
    momentum_step(step, &at);
}

const struct solver solver_gd_momentum = {
    .entry = {"gd-momentum", "full-batch gradient descent with momentum (heavy ball)"},
    .uses = USES_RATE | USES_LAMBDA | USES_THREADS | USES_RANKS | USES_MOMENTUM,
    .family = FAMILY_BATCH,
    .begins_with_gradient = true,
    .minimises_objective = true,
    .rate_auto = rate_auto_batch,
    .step = step_gd_momentum,
    .state_rows = state_rows_vector,
};
