/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD is a chain: sample i + 1 needs the weights that sample i leaves. Its time is the
 * latency of one link, whatever the bandwidth:
 *
 *     z = x.w + b  ->  p = 1 / (1 + exp(-z))  ->  residual = p - y  ->  w = shrink w - rate
 * residual x
 *
 * So everything that does not depend on the link before is taken out of it: the loads, shrink w
 * with shrink = 1 - rate lambda, and -rate x. The exponential is inlined, and for small d the loops
 * over features are unrolled by the compiler from a constant d, with the weights in registers.
 */
#include "kernels/sgd.h"

#include "base/memory.h"

enum { UNROLLED = 4 }; /* features up to which an instance of its own exists */

static inline __attribute__((always_inline)) double activate(enum activation activation, double z)
{
    return activation == ACTIVATION_SIGMOID ? neuron_sigmoid(z) : neuron_heaviside(z);
}

/* x.w + b; b comes in at the start of the chain of additions, as it is known first. */
static inline __attribute__((always_inline)) double weighted_sum(const double *x, const double *w,
                                                                 double b, size_t d)
{
    if (d <= UNROLLED) {
        double z = b;
        for (size_t f = 0; f < d; f++)
            z = multiply_add(x[f], w[f], z);
        return z;
    }
    double z = 0.0;
#pragma omp simd reduction(+ : z)
    for (size_t f = 0; f < d; f++)
        z += x[f] * w[f];
    return z + b;
}

/* One epoch of one model with weights w (d); d, and the activation, are constants where inlined. */
static inline __attribute__((always_inline)) double sgd_chain(const struct sgd_epoch *epoch,
                                                              double rate, double lambda,
                                                              double *restrict w, double b,
                                                              size_t d, enum activation activation)
{
    const struct dataset *data = epoch->data;
    const double shrink = 1.0 - rate * lambda;
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = epoch->order != NULL ? epoch->order[i] : i;
        const double *x = data->X + row * d;
        double a = activate(activation, weighted_sum(x, w, b, d));
        double step = rate * (data->y[row] - a);
#pragma omp simd
        for (size_t f = 0; f < d; f++)
            w[f] = multiply_add(step, x[f], shrink * w[f]); /* w = shrink w - rate (a - y) x */
        b += step;
    }
    return b;
}

static inline __attribute__((always_inline)) double sgd_by_features(const struct sgd_epoch *epoch,
                                                                    double rate, double lambda,
                                                                    double *restrict w, double b,
                                                                    enum activation activation)
{
    switch (epoch->data->features) {
    case 1:
        return sgd_chain(epoch, rate, lambda, w, b, 1, activation);
    case 2:
        return sgd_chain(epoch, rate, lambda, w, b, 2, activation);
    case 3:
        return sgd_chain(epoch, rate, lambda, w, b, 3, activation);
    case UNROLLED:
        return sgd_chain(epoch, rate, lambda, w, b, UNROLLED, activation);
    default:
        return sgd_chain(epoch, rate, lambda, w, b, epoch->data->features, activation);
    }
}

static double sgd_sigmoid(const struct sgd_epoch *epoch, size_t model, double *w, double b)
{
    return sgd_by_features(epoch, epoch->rates[model], epoch->lambdas[model], w, b,
                           ACTIVATION_SIGMOID);
}

static double sgd_heaviside(const struct sgd_epoch *epoch, size_t model, double *w, double b)
{
    return sgd_by_features(epoch, epoch->rates[model], epoch->lambdas[model], w, b,
                           ACTIVATION_HEAVISIDE);
}

void sgd_epoch_inlined(const struct sgd_epoch *epoch, const struct models *models)
{
    size_t d = models->features, k = models->count;
    bool sigmoid = epoch->activation == ACTIVATION_SIGMOID;
    if (k == 1) {
        models->b[0] = (sigmoid ? sgd_sigmoid : sgd_heaviside)(epoch, 0, models->W, models->b[0]);
        return;
    }
    double *w = memory_allocate(d, sizeof *w); /* a column of W, contiguous */
    for (size_t j = 0; j < k; j++) {
        models_copy_weights(models, j, w);
        models->b[j] = (sigmoid ? sgd_sigmoid : sgd_heaviside)(epoch, j, w, models->b[j]);
        for (size_t f = 0; f < d; f++)
            models->W[f * k + j] = w[f];
    }
    memory_free(w);
}
