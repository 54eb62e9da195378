/* SPDX-License-Identifier: MIT
 *
 * Full-batch gradient descent with Nesterov's acceleration and restarts.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the gradient of F over all samples at an extrapolated point; the rate of the epoch.
 * Step:      with x the models, x' the ones before and t from 1,
 *                t+ = (1 + sqrt(1 + 4 t^2)) / 2,  y = x + (t - 1)/t+ (x - x'),  x+ = y - rate g(y).
 *            Where g(y) . (x+ - x) > 0, momentum leads uphill: t begins again at 1.
 * Stopping:  the training loop's. Descent is guaranteed for rate <= 1 / (L + lambda). The gradient
 *            is taken at y and the trace is at x, so a recorded epoch costs a pass that is not the
 *            trial's.
 * Reference: Nesterov 1983; Beck and Teboulle, "FISTA", SIAM J. Imaging Sciences 2009; O'Donoghue
 *            and Candes, "Adaptive restart for accelerated gradient schemes", Foundations of
 *            Computational Mathematics 2015 (the gradient scheme).
 */
#include "solvers/solver.h"

#include <math.h>

/* x' <- x, x <- y, for model j of x, before (rows, k) */
static void extrapolate(double *x, double *before, size_t rows, size_t k, size_t j, double beta)
{
    for (size_t i = j; i < rows * k; i += k) {
        double now = x[i];
        x[i] = now + beta * (now - before[i]);
        before[i] = now;
    }
}

/* x+ = y - rate g; returns g . (x+ - x), `before` being x. */
static double descend(double *x, const double *before, const double *g, size_t rows, size_t k,
                      size_t j, double rate)
{
    double uphill = 0.0;
    for (size_t i = j; i < rows * k; i += k) {
        x[i] -= rate * g[i];
        uphill += g[i] * (x[i] - before[i]);
    }
    return uphill;
}

static void step_gd_nesterov(const struct step *step)
{
    struct models *models = step->models;
    size_t d = models->features, k = models->count;
    double *W = step->state, *b = W + d * k, *t = b + k; /* x' (d + 1, k); t - 1 (k) */
    for (size_t j = 0; j < k; j++) {
        double now = 1.0 + t[j], next = 0.5 * (1.0 + sqrt(1.0 + 4.0 * now * now));
        double beta = (now - 1.0) / next; /* 0 in the first step, where x' is not known */
        extrapolate(models->W, W, d, k, j, beta);
        extrapolate(models->b, b, 1, k, j, beta);
        t[j] = next - 1.0;
    }
    objective_moved(step->objective);
    struct evaluation at = objective_gradient(step->objective, models);
    for (size_t j = 0; j < k; j++) {
        double uphill = descend(models->W, W, at.dW, d, k, j, step->rates[j]) +
                        descend(models->b, b, at.db, 1, k, j, step->rates[j]);
        if (uphill > 0.0)
            t[j] = 0.0;
    }
}

static size_t state_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)common;
    return features + 2;
}

const struct solver solver_gd_nesterov = {
    .entry = {"gd-nesterov", "Nesterov's accelerated full-batch gradient descent, with restarts"},
    .uses = USES_RATE | USES_LAMBDA | USES_THREADS | USES_RANKS,
    .family = FAMILY_BATCH,
    .minimises_objective = true,
    .rate_auto = rate_auto_batch,
    .step = step_gd_nesterov,
    .state_rows = state_rows,
};
