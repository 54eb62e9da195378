/* SPDX-License-Identifier: MIT
 *
 * The reference: the formulas as plain loops with the mathematics library's exp and log1p, one row
 * and one model at a time. It is the naive twin every other kernel is tested against; nothing here
 * is meant to be fast.
 */
#include "data/precision.h"
#include "kernels/kernel.h"

#include <math.h>

/* Row i, as doubles in `row` (d) where it is stored in fewer bits. */
static struct sample sample_of(const struct dataset *data, size_t i, double *row)
{
    if (dataset_is_stored(data) && !dataset_is_sparse(data)) {
        stored_row(data, i, row);
        return (struct sample){.count = data->features, .values = row};
    }
    struct sample sample = dataset_sample(data, i);
    if (dataset_is_stored(data))
        sample.singles = (const float *)data->stored.values + data->starts[i];
    return sample;
}

static double weighted_sum(const struct sample *x, const struct models *models, size_t model)
{
    double z = 0.0;
    for (size_t t = 0; t < x->count; t++)
        z += sample_value(x, t) * models->W[sample_column(x, t) * models->count + model];
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
    size_t k = models->count;
    for (size_t i = row_begin; i < row_end; i++) {
        const struct sample x = sample_of(data, i, scratch);
        double y = data->y[i], weight = class_weight(data, y);
        for (size_t j = 0; j < k; j++) {
            double z = weighted_sum(&x, models, j);
            double residual = weight * (sigmoid(z) - y);
            for (size_t t = 0; t < x.count; t++) /* G = X' r */
                sums->G[sample_column(&x, t) * k + j] += residual * sample_value(&x, t);
            sums->gb[j] += residual;
            sums->loss[j] += weight * (fmax(z, 0.0) - z * y + log1p(exp(-fabs(z))));
            sums->correct[j] += neuron_heaviside(z) == y;
        }
    }
}

static size_t scratch_reference(size_t rows, size_t features, size_t models)
{
    (void)rows, (void)models;
    return features;
}

static size_t sgd_scratch_reference(size_t features, size_t models)
{
    (void)models;
    return features;
}

/* w <- w - rate (residual x + lambda w), every weight of it; what a sample does not store is 0. */
static void step(const struct sample *x, double rate, double lambda, double residual,
                 const struct models *models, size_t model)
{
    size_t t = 0;
    for (size_t f = 0; f < models->features; f++) {
        double *w = &models->W[f * models->count + model], value = 0.0;
        if (t < x->count && sample_column(x, t) == f)
            value = sample_value(x, t++);
        *w -= rate * (residual * value + lambda * *w);
    }
    models->b[model] -= rate * residual;
}

static void sgd_epoch_reference(const struct sgd_epoch *epoch, const struct models *models,
                                size_t first, size_t count, double *scratch)
{
    const struct dataset *data = epoch->data;
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = sgd_epoch_row(epoch, i);
        const struct sample x = sample_of(data, row, scratch);
        double y = data->y[row], weight = class_weight(data, y);
        for (size_t j = first; j < first + count; j++) {
            double z = weighted_sum(&x, models, j);
            double a = epoch->activation == ACTIVATION_SIGMOID ? sigmoid(z) : neuron_heaviside(z);
            step(&x, epoch->rates[j], epoch->lambdas[j], weight * (a - y), models, j);
        }
    }
}

const struct kernel kernel_reference = {
    .entry = {"reference",
              "plain loops, one row and one model at a time: the reference for the others"},
    .takes = TAKES_DENSE | TAKES_SPARSE | TAKES_NARROW | TAKES_SINGLES | TAKES_SPARSE_NARROW,
    .pass = pass_reference,
    .scratch = scratch_reference,
    .sgd_epoch = sgd_epoch_reference,
    .sgd_scratch = sgd_scratch_reference,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
};
