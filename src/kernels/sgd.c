/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD is a chain: sample i + 1 needs the weights that sample i leaves. Its time is the
 * latency of one link, whatever the bandwidth:
 *
 *     z_i = x_i.w + b  ->  p = 1 / (1 + exp(-z_i))  ->  step = rate (y_i - p)  ->  w, b
 *
 * So what does not depend on the link before is taken out of it. The next sum looks one step ahead:
 *
 *     z_{i+1} = shrink x_{i+1}.w + b + step (x_{i+1}.x_i + 1)         shrink = 1 - rate lambda
 *
 * with the w and b from before the step, so that its long sums run beside the exponential and one
 * multiply-add is left in the chain. The step comes out of one division: with e = exp(-z),
 * y - p = (y e + (y - 1)) / (1 + e). The exponential is inlined, its limits are a branch that is
 * predicted and not a selection that is waited for, and for small d the loops over features are
 * unrolled from a constant d, with the weights in registers.
 *
 * In a random order every row is a walk to memory that no hardware foresees, as long as several
 * links. But the order is known: the row of a few samples ahead is asked for in time.
 */
#include "kernels/sgd.h"

#include "base/memory.h"

enum {
    UNROLLED = 4,      /* features up to which an instance of its own exists */
    ROWS_AHEAD = 8,    /* between asking for a row and using it: a memory access in links */
    LINES_AHEAD = 16,  /* of a row at most; from there on it is foreseen */
    LINE_FEATURES = 8, /* doubles in a cache line */
};

#define INLINED static inline __attribute__((always_inline))

/* rate (y - a(z)). Beyond |z| = 350 rate y e might overflow; there the plain formula is used. */
INLINED double step_length(enum activation activation, double rate, double y, double z)
{
    if (activation == ACTIVATION_HEAVISIDE)
        return rate * (y - neuron_heaviside(z));
    if (__builtin_expect(!(fabs(z) <= 350.0), 0))
        return rate * (y - neuron_sigmoid(z));
    double e = neuron_exp_bounded(-z);
    return multiply_add(rate * y, e, rate * y - rate) / (1.0 + e);
}

/* a.b, in order for small d, in vectors otherwise. */
INLINED double dot(const double *restrict a, const double *restrict b, size_t d)
{
    double sum = 0.0;
    if (d <= UNROLLED) {
        for (size_t f = 0; f < d; f++)
            sum = multiply_add(a[f], b[f], sum);
        return sum;
    }
#pragma omp simd reduction(+ : sum)
    for (size_t f = 0; f < d; f++)
        sum = multiply_add(a[f], b[f], sum);
    return sum;
}

/* w = shrink w + step x */
INLINED void update(double *restrict w, const double *restrict x, double step, double shrink,
                    size_t d)
{
    if (d <= UNROLLED) {
        for (size_t f = 0; f < d; f++)
            w[f] = multiply_add(step, x[f], shrink * w[f]);
        return;
    }
#pragma omp simd
    for (size_t f = 0; f < d; f++)
        w[f] = multiply_add(step, x[f], shrink * w[f]);
}

INLINED void prefetch_row(const struct sgd_epoch *epoch, size_t i, size_t d)
{
    if (epoch->order == NULL || i >= epoch->data->rows)
        return;
    const double *x = epoch->data->X + epoch->order[i] * d;
    size_t features = d < LINES_AHEAD * LINE_FEATURES ? d : LINES_AHEAD * LINE_FEATURES;
    for (size_t f = 0; f < features; f += LINE_FEATURES)
        __builtin_prefetch(x + f);
}

/* One epoch of one model with weights w (d) and bias b; returns the bias. d and the activation are
 * constants where this is inlined. */
INLINED double sgd_chain(const struct sgd_epoch *epoch, double rate, double lambda,
                         double *restrict w, double b, size_t d, enum activation activation)
{
    const struct dataset *data = epoch->data;
    const uint32_t *order = epoch->order;
    const double shrink = 1.0 - rate * lambda;
    size_t row = order != NULL ? order[0] : 0;
    const double *x = data->X + row * d;
    double z = dot(x, w, d) + b;
    for (size_t i = 0; i < data->rows; i++) {
        double step = step_length(activation, rate, data->y[row], z);
        size_t next = i + 1 < data->rows ? i + 1 : i; /* after the last, z is not used */
        row = order != NULL ? order[next] : next;
        prefetch_row(epoch, i + ROWS_AHEAD, d);
        const double *ahead = data->X + row * d;
        z = multiply_add(step, dot(ahead, x, d) + 1.0, multiply_add(shrink, dot(ahead, w, d), b));
        update(w, x, step, shrink, d);
        b += step;
        if (__builtin_expect(!isfinite(z), 0)) /* x.x' is beyond a double, or the weights are */
            z = dot(ahead, w, d) + b;
        x = ahead;
    }
    return b;
}

INLINED double sgd_by_features(const struct sgd_epoch *epoch, double rate, double lambda,
                               double *restrict w, double b, enum activation activation)
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
