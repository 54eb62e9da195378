/* SPDX-License-Identifier: MIT
 *
 * SVRG: one-sample steps corrected by the full gradient at a snapshot.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the samples in the epoch's order; every epoch a snapshot: the residuals t (n) of all
 *            samples at the weights it begins with, and their mean gradient A, a.
 * Step:      w <- w - rate ((r_i - t_i) x_i + A + lambda w), the bias likewise, r_i = p_i - y_i;
 *            n times per epoch. With t kept, a step needs one product with x_i, not two.
 * Stopping:  the training loop's. It converges linearly with a constant rate. An epoch reads the
 *            data three times: for A, for t, and for the steps.
 * Reference: Johnson and Zhang, "Accelerating stochastic gradient descent using predictive variance
 *            reduction", NIPS 2013, with m = n.
 */
#include "solvers/methods/reduced_steps.h"

static void step_svrg(const struct step *step)
{
    reduced_steps_take(step, true, false);
}

const struct solver solver_svrg = {
    .entry = {"svrg", "one-sample steps, corrected by the full gradient at a snapshot"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_THREADS,
    .family = FAMILY_REDUCED,
    .begins_with_gradient = true,
    .minimises_objective = true,
    .rate_auto = rate_auto_reduced,
    .spares_threads = true,
    .reads_given = true,
    .step = step_svrg,
    .state_rows = reduced_steps_rows,
    .workspace = &reduced_steps,
};
