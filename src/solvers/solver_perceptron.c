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
#include "solvers/hyperparameter.h"
#include "solvers/solver.h"

static void step_perceptron(const struct step *step)
{
    objective_sgd_epoch(step->objective, step->models, step->order, step->rates,
                        ACTIVATION_HEAVISIDE);
}

const struct solver solver_perceptron = {
    .entry = {"perceptron", "Rosenblatt's rule: one step a misclassified sample"},
    .uses = USES_RATE | USES_ORDER,
    .stochastic = true,
    .by_sample = true,
    .step = step_perceptron,
};
