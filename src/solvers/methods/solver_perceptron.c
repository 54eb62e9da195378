/* SPDX-License-Identifier: MIT
 *
 * The perceptron.
 *
 * Problem:   find weights that classify every sample: h(x_i . w + b) = y_i, h the Heaviside step.
 * Input:     the samples in the epoch's order.
 * Step:      w <- w - rate (h_i - y_i) x_i,  b <- b - rate (h_i - y_i): nothing unless i is wrong.
 * Stopping:  the training loop's. On separable data it makes finitely many errors; on others the
 *            weights go on wandering. The trace shows the neuron's loss at these weights.
 * Reference: Rosenblatt, "The perceptron", Psychological Review 1958; Novikoff 1962.
 */
#include "solvers/methods/sample_steps.h"

static void step_perceptron(const struct step *step)
{
    sample_steps_take(step, 0, objective_samples(step->objective), ACTIVATION_HEAVISIDE);
}

/* From zero weights every rate draws the same boundaries. */
static double rate_auto(const struct smoothness *smoothness,
                        const struct configuration *configuration)
{
    (void)smoothness, (void)configuration;
    return 1.0;
}

const struct solver solver_perceptron = {
    .entry = {"perceptron", "Rosenblatt's rule: one step per misclassified sample"},
    .uses = USES_RATE | USES_ORDER,
    .family = FAMILY_SGD,
    .by_sample = true,
    .rate_auto = rate_auto,
    .step = step_perceptron,
    .workspace = &sample_steps,
};
