/* SPDX-License-Identifier: MIT
 *
 * SAGA: one-sample steps corrected by a table of every sample's last residual.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the samples in the epoch's order; the table t (n) and its mean gradient A, a, which
 *            begin at the first weights.
 * Step:      w <- w - rate ((r_i - t_i) x_i + A + lambda w), the bias likewise, then t_i <- r_i and
 *            A, a follow; r_i = p_i - y_i. n times per epoch.
 * Stopping:  the training loop's. It converges linearly with a constant rate <= 1 / (3 max L_i).
 *            The first epoch reads the data once more, for the table.
 * Reference: Defazio, Bach and Lacoste-Julien, "SAGA: a fast incremental gradient method with
 *            support for non-strongly convex composite objectives", NIPS 2014.
 */
#include "solvers/methods/reduced_steps.h"

static void step_saga(const struct step *step)
{
    reduced_steps_take(step, step->epoch == 1, true);
}

const struct solver solver_saga = {
    .entry = {"saga", "one-sample steps, corrected by a table of every sample's last residual"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_THREADS,
    .family = FAMILY_REDUCED,
    .minimises_objective = true,
    .rate_auto = rate_auto_reduced,
    .spares_threads = true,
    .reads_given = true,
    .step = step_saga,
    .state_rows = reduced_steps_rows,
    .workspace = &reduced_steps,
};
