/* SPDX-License-Identifier: MIT
 *
 * The reference: the formulas as plain loops with the mathematics library's exp and log1p, one row
 * and one model at a time. It is the naive twin every other kernel is tested against; nothing here
 * is meant to be fast.
 */
#include "kernels/kernel.h"

#include <math.h>

static double weighted_sum(const double *x, const struct models *models, size_t model)
{
    double z = 0.0;
    for (size_t f = 0; f < models->features; f++)
        z += x[f] * models->W[f * models->count + model];
    return z + models->b[model]; /* z = x.w + b */
}

static double sigmoid(double z)
{
    return z >= 0.0 ? 1.0 / (1.0 + exp(-z)) : exp(z) / (1.0 + exp(z));
}

static void pass_reference(const struct dataset *data, size_t row_begin, size_t row_end,
                           const struct models *models, const struct pass_sums *sums,
                           double *scratch)
{
    (void)scratch;
    size_t d = data->features, k = models->count;
    for (size_t i = row_begin; i < row_end; i++) {
        const double *x = data->X + i * d;
        double y = data->y[i];
        for (size_t j = 0; j < k; j++) {
            double z = weighted_sum(x, models, j);
            double residual = sigmoid(z) - y;
            for (size_t f = 0; f < d; f++)
                sums->G[f * k + j] += residual * x[f]; /* G = X' (p - y) */
            sums->gb[j] += residual;
            sums->loss[j] += fmax(z, 0.0) - z * y + log1p(exp(-fabs(z)));
            sums->correct[j] += neuron_heaviside(z) == y;
        }
    }
}

static size_t scratch_reference(size_t rows, size_t features, size_t models)
{
    (void)rows, (void)features, (void)models;
    return 0;
}

static size_t sgd_scratch_reference(size_t features, size_t models)
{
    (void)features, (void)models;
    return 0;
}

static void sgd_epoch_reference(const struct sgd_epoch *epoch, const struct models *models,
                                size_t first, size_t count, double *scratch)
{
    (void)scratch;
    const struct dataset *data = epoch->data;
    size_t d = data->features, k = models->count;
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = sgd_epoch_row(epoch, i);
        const double *x = data->X + row * d;
        for (size_t j = first; j < first + count; j++) {
            double z = weighted_sum(x, models, j);
            double a = epoch->activation == ACTIVATION_SIGMOID ? sigmoid(z) : neuron_heaviside(z);
            double residual = a - data->y[row];
            for (size_t f = 0; f < d; f++) {
                double *w = &models->W[f * k + j];
                *w -= epoch->rates[j] * (residual * x[f] + epoch->lambdas[j] * *w);
            }
            models->b[j] -= epoch->rates[j] * residual;
        }
    }
}

const struct kernel kernel_reference = {
    .entry = {"reference",
              "plain loops, one row and one model at a time: what others are tested by"},
    .pass = pass_reference,
    .scratch = scratch_reference,
    .sgd_epoch = sgd_epoch_reference,
    .sgd_scratch = sgd_scratch_reference,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
};
