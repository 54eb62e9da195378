/* SPDX-License-Identifier: MIT
 *
 * One thread's part of an epoch with reduced variance (reduced_epoch.h): a group of models in
 * lanes, beside them their share of the table.
 */
#ifndef DESCENT_KERNELS_STOCHASTIC_REDUCED_GROUP_H
#define DESCENT_KERNELS_STOCHASTIC_REDUCED_GROUP_H

#include "kernels/lanes.h"
#include "kernels/row_sums.h"
#include "kernels/stochastic/reduced_ahead.h"

struct reduced_group {
    struct sgd_epoch epoch;
    bool update;
    double share;            /* by which a sample changes a mean: 1 / n, or 0 without update */
    struct lanes models;     /* W, b; at most ROW_WIDEST */
    struct lanes mean;       /* A, a in the same lanes */
    double *residuals;       /* t of sample 0 and the first of these models */
    size_t stride;           /* from there to t of sample 1 */
    struct lookahead *ahead; /* where data are sparse: its samples, and... */
    double *scratch;         /* ...reduced_sparse_scratch() doubles */
};

void reduced_dense(const struct reduced_group *group);

/* All samples; the weights of features then lack the steps that these have missed since. */
void reduced_sparse(const struct reduced_group *group);

size_t reduced_sparse_scratch(const struct dataset *data, size_t width);

/* A sample beside its entries: its row, s = 1 for y = 1 and -1 for y = 0, and -s c. */
struct reduced_sample {
    size_t row;
    double sign, weight;
};

INLINED struct reduced_sample reduced_sample(const struct dataset *data, size_t row)
{
    const double sign = data->y[row] > 0.5 ? 1.0 : -1.0;
    return (struct reduced_sample){row, sign, -sign * class_weight(data, data->y[row])};
}

/* r = c (p - y): -s c / (1 + exp(s z)), as in kernel_chain.c; z (models) without b. */
INLINED void reduced_residuals(const struct reduced_sample *sample, size_t models,
                               const double *restrict z, const double *restrict b,
                               double *restrict r)
{
    const double sign = sample->sign, weight = sample->weight;
#pragma omp simd
    for (size_t j = 0; j < models; j++)
        r[j] = weight / (1.0 + neuron_exp(sign * (z[j] + b[j])));
}

/* What a sample means for every lane. */
struct reduced_change {
    double delta[ROW_WIDEST]; /* r - t */
    double share[ROW_WIDEST]; /* (r - t) / n, by which the mean changes; 0 without update */
};

/* The change of a sample, and what happens to b, a and t. `width` and `models` are constants where
 * this is inlined for one. */
INLINED void reduced_take(const struct reduced_group *group, const struct reduced_sample *sample,
                          size_t width, size_t models, const double *restrict z,
                          struct reduced_change *restrict change)
{
    double *restrict t = group->residuals + sample->row * group->stride;
    double *restrict b = group->models.b, *restrict a = group->mean.b;
    const double *restrict rates = group->models.rates;
    const double share = group->share;
    double r[ROW_WIDEST];
    reduced_residuals(sample, models, z, b, r);
    for (size_t j = models; j < width; j++)
        change->delta[j] = change->share[j] = 0.0;
#pragma omp simd
    for (size_t j = 0; j < models; j++) {
        change->delta[j] = r[j] - t[j];
        change->share[j] = share * change->delta[j];
        b[j] = multiply_add(-rates[j], change->delta[j] + a[j], b[j]);
    }
    if (!group->update)
        return;
#pragma omp simd
    for (size_t j = 0; j < models; j++) {
        a[j] += change->share[j];
        t[j] = r[j];
    }
}

/* factor x + sum; x = 1 where `one`, a constant, says so. */
INLINED double reduced_add(bool one, double factor, double x, double sum)
{
    return one ? factor + sum : multiply_add(factor, x, sum);
}

/* One feature x: w = shrink w - rate (delta x + A), then A = A + share x. */
INLINED void reduced_step(const struct reduced_group *group, bool one, double x, double *restrict w,
                          double *restrict A, size_t width,
                          const struct reduced_change *restrict change)
{
    const double *restrict rates = group->models.rates, *restrict shrink = group->models.shrink;
#pragma omp simd
    for (size_t j = 0; j < width; j++)
        w[j] =
            multiply_add(-rates[j], reduced_add(one, change->delta[j], x, A[j]), shrink[j] * w[j]);
    if (!group->update)
        return;
#pragma omp simd
    for (size_t j = 0; j < width; j++)
        A[j] = reduced_add(one, change->share[j], x, A[j]);
}

#endif
