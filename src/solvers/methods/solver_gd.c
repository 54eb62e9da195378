/* SPDX-License-Identifier: MIT
 *
 * Full-batch gradient descent.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the gradient (dw, db) of F over all samples; the rate of the epoch.
 * Step:      w <- w - rate dw,  b <- b - rate db.
 * Stopping:  the training loop's. Descent is guaranteed for rate < 2 / (L + lambda).
 * Reference: Cauchy 1847; Nesterov, "Lectures on convex optimization", 2018, section 1.2.3.
 */
#include "solvers/solver.h"

static void step_gd(const struct step *step)
{
    struct models *models = step->models;
    struct evaluation at = objective_gradient(step->objective, models);
    models_descend(models, step->rates, at.dW, at.db);
}

const struct solver solver_gd = {
    .entry = {"gd", "full-batch gradient descent: one step per epoch, along the mean gradient"},
    .uses = USES_RATE | USES_LAMBDA | USES_THREADS | USES_RANKS,
    .family = FAMILY_BATCH,
    .begins_with_gradient = true,
    .minimises_objective = true,
    .rate_auto = rate_auto_batch,
    .step = step_gd,
};
