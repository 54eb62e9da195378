/* SPDX-License-Identifier: MIT
 *
 * Stochastic gradient descent, one sample a step, on the sigmoid neuron.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the samples in the epoch's order.
 * Step:      w <- w - rate ((p_i - y_i) x_i + lambda w),  b <- b - rate (p_i - y_i), n times an
 *            epoch, p_i = sigmoid(x_i . w + b) before the step.
 * Stopping:  the training loop's.
 * Reference: Robbins and Monro 1951; Bottou, "Stochastic gradient descent tricks", 2012.
 */
#include "solvers/methods/sample_steps.h"

static void step_sgd(const struct step *step)
{
    sample_steps_take(step, 0, objective_samples(step->objective), ACTIVATION_SIGMOID);
}

const struct solver solver_sgd = {
    .entry = {"sgd", "stochastic gradient descent: one step per sample"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER,
    .family = FAMILY_SGD,
    .by_sample = true,
    .minimises_objective = true,
    .rate_auto = rate_auto_sample,
    .step = step_sgd,
    .workspace = &sample_steps,
};
