/* SPDX-License-Identifier: MIT
 *
 * Momentum: one loop for weights, and one turn of it for the bias.
 */
#include "solvers/methods/momentum.h"

#include "solvers/hyperparameter.h"

/* w (rows, k) along g (rows, k), with v (rows, k) */
static void update(const struct step *step, size_t rows, double *w, const double *g, double *v)
{
    size_t k = step->models->count;
    for (size_t j = 0; j < k; j++) {
        const double rate = step->rates[j], keep = step->configurations[j]->momentum;
        for (size_t i = j; i < rows * k; i += k) {
            v[i] = keep * v[i] - rate * g[i];
            w[i] += v[i];
        }
    }
}

void momentum_step(const struct step *step, const struct evaluation *at)
{
    struct models *models = step->models;
    update(step, models->features, models->W, at->dW, step->state);
    update(step, 1, models->b, at->db, step->state + models->features * models->count);
}
