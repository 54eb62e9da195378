/* SPDX-License-Identifier: MIT
 *
 * AdaGrad: every weight has a rate of its own, that falls as its gradients add up.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the gradient g of F on `batch` samples at a time, in the epoch's order.
 * Step:      s <- s + g^2,  w <- w - rate g / (sqrt(s) + 1e-10), a coordinate at a time, the bias
 *            too, n / batch times per epoch.
 * Stopping:  the training loop's.
 * Reference: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and
 *            stochastic optimization", JMLR 2011.
 */
#include "solvers/methods/minibatches.h"
#include "solvers/solver.h"

#include <math.h>

static const double epsilon = 1e-10; /* a coordinate without gradients stays where it is */

/* w (rows, k) along g (rows, k), with s (rows, k) */
static void update(const struct step *step, size_t rows, double *w, const double *g, double *s)
{
    size_t k = step->models->count;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < k; j++) {
            size_t at = i * k + j;
            s[at] += g[at] * g[at];
            w[at] -= step->rates[j] * g[at] / (sqrt(s[at]) + epsilon);
        }
}

static void descend(const struct step *step, const struct evaluation *at)
{
    struct models *models = step->models;
    update(step, models->features, models->W, at->dW, step->state);
    update(step, 1, models->b, at->db, step->state + models->features * models->count);
}

static void step_minibatch_adagrad(const struct step *step)
{
    minibatches_run(step, descend);
}

/* The first step of every coordinate is the rate itself: a tenth suits features of size one. */
static double rate_auto(const struct smoothness *smoothness,
                        const struct configuration *configuration)
{
    (void)smoothness, (void)configuration;
    return 0.1;
}

const struct solver solver_minibatch_adagrad = {
    .entry = {"minibatch-adagrad",
              "mini-batches with a falling learning rate per weight (AdaGrad)"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_BATCH | USES_THREADS,
    .family = FAMILY_MINIBATCH,
    .minimises_objective = true,
    .rate_auto = rate_auto,
    .step = step_minibatch_adagrad,
    .state_rows = state_rows_vector,
};
