/* SPDX-License-Identifier: MIT
 *
 * Adam: momentum, and a rate for every weight by the average of its squared gradients.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the gradient g of F on `batch` samples at a time, in the epoch's order; beta1
 *            (momentum), beta2.
 * Step:      m <- beta1 m + (1 - beta1) g,  s <- beta2 s + (1 - beta2) g^2,
 *            w <- w - rate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + 1e-8), the bias too,
 *            for the t-th batch, n / batch times per epoch. lambda w is part of g.
 * Stopping:  the training loop's.
 * Reference: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
 */
#include "solvers/methods/minibatches.h"
#include "solvers/solver.h"

#include <math.h>

static const double epsilon = 1e-8;

/* Model j of w (rows, k) along g (rows, k), with m and s (rows, k); t batches have been taken. */
static void update(const struct step *step, size_t rows, size_t j, double t, double *w,
                   const double *g, double *m, double *s)
{
    const struct configuration *configuration = step->configurations[j];
    const double beta1 = configuration->momentum, beta2 = configuration->beta2;
    const double mean = 1.0 / (1.0 - pow(beta1, t)), square = 1.0 / (1.0 - pow(beta2, t));
    size_t k = step->models->count;
    for (size_t i = j; i < rows * k; i += k) {
        m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
        s[i] = beta2 * s[i] + (1.0 - beta2) * g[i] * g[i];
        w[i] -= step->rates[j] * (m[i] * mean) / (sqrt(s[i] * square) + epsilon);
    }
}

static void descend(const struct step *step, const struct evaluation *at)
{
    struct models *models = step->models;
    size_t d = models->features, k = models->count;
    double *m = step->state, *s = m + (d + 1) * k, *t = s + (d + 1) * k;
    for (size_t j = 0; j < k; j++) {
        t[j] += 1.0;
        update(step, d, j, t[j], models->W, at->dW, m, s);
        update(step, 1, j, t[j], models->b, at->db, m + d * k, s + d * k);
    }
}

static void step_minibatch_adam(const struct step *step)
{
    minibatches_run(step, descend);
}

static size_t state_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)common;
    return 2 * (features + 1) + 1;
}

/* A step is about the rate in every coordinate. Ten times the paper's default, which is meant for
 * networks of many layers. */
static double rate_auto(const struct smoothness *smoothness,
                        const struct configuration *configuration)
{
    (void)smoothness, (void)configuration;
    return 0.01;
}

const struct solver solver_minibatch_adam = {
    .entry = {"minibatch-adam", "mini-batches with momentum and a learning rate per weight (Adam)"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_BATCH | USES_THREADS | USES_MOMENTUM |
            USES_BETA2,
    .family = FAMILY_MINIBATCH,
    .minimises_objective = true,
    .rate_auto = rate_auto,
    .step = step_minibatch_adam,
    .state_rows = state_rows,
};
