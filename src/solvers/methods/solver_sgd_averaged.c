/* SPDX-License-Identifier: MIT
 *
 * Stochastic gradient descent, one sample a step, whose answer is an average of its iterates.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the samples in the epoch's order.
 * Step:      those of sgd. The models are the average v of the iterates u after every 64th of an
 *            epoch, later ones counting more: v <- v + (4 / (t + 3)) (u - v) for the t-th, which
 *            forgets the start without a rule when to begin. With fewer than 64 samples some 64ths
 * have none, and their iterate is that of the one before. Stopping:  the training loop's. A
 * constant rate leaves sgd wandering around the optimum; the average comes nearer. Reference:
 * Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", SIAM J. Control and
 * Optimization 1992; the weights are Shamir and Zhang's, ICML 2013, with eta = 3.
 */
#include "solvers/methods/sample_steps.h"

enum { PIECES = 64 }; /* of an epoch */

/* Exchanges the averages in the models with the iterates in the state (d + 1, k). */
static void exchange(struct models *models, double *state)
{
    size_t weights = models->features * models->count;
    for (size_t i = 0; i < weights; i++) {
        double iterate = state[i];
        state[i] = models->W[i];
        models->W[i] = iterate;
    }
    for (size_t j = 0; j < models->count; j++) {
        double iterate = state[weights + j];
        state[weights + j] = models->b[j];
        models->b[j] = iterate;
    }
}

/* v <- v + share (u - v), u being in the models and v in the state. */
static void average(const struct models *models, double *state, double share)
{
    size_t weights = models->features * models->count;
    for (size_t i = 0; i < weights; i++)
        state[i] += share * (models->W[i] - state[i]);
    for (size_t j = 0; j < models->count; j++)
        state[weights + j] += share * (models->b[j] - state[weights + j]);
}

static void step_sgd_averaged(const struct step *step)
{
    struct models *models = step->models;
    size_t samples = objective_samples(step->objective);
    if (step->epoch == 1) /* both begin where the models are */
        average(models, step->state, 1.0);
    exchange(models, step->state);
    for (size_t piece = 0; piece < PIECES; piece++) {
        size_t begin = samples * piece / PIECES, end = samples * (piece + 1) / PIECES;
        double t = (double)(step->epoch - 1) * (double)PIECES + (double)piece + 1.0;
        if (begin < end)
            sample_steps_take(step, begin, end - begin, ACTIVATION_SIGMOID);
        average(models, step->state, 4.0 / (t + 3.0));
    }
    exchange(models, step->state);
}

const struct solver solver_sgd_averaged = {
    .entry = {"sgd-averaged", "stochastic gradient descent with averaged weights (Polyak-Ruppert)"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER,
    .family = FAMILY_SGD,
    .by_sample = true,
    .minimises_objective = true,
    .rate_auto = rate_auto_sample,
    .step = step_sgd_averaged,
    .state_rows = state_rows_vector,
    .workspace = &sample_steps,
};
