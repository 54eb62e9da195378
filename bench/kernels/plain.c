/* SPDX-License-Identifier: MIT
 *
 * The formulas in the order in which one writes them down.
 */
#include "plain.h"

#include "base/memory.h"

#include <cblas.h>
#include <math.h>
#include <omp.h>

void plain_set_threads(int threads)
{
    omp_set_num_threads(threads);
    openblas_set_num_threads(threads);
}

size_t plain_scratch(size_t rows, size_t features)
{
    return rows + 2 * features;
}

/* g (d) = X' (sigmoid(X w + b) - y), with z (n) */
static void gradient_one(const struct dataset *data, const double *w, double b, double *restrict z,
                         double *g)
{
    int n = (int)data->rows, d = (int)data->features;
    const double *X = data->X, *restrict y = data->y;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, n, d, 1.0, X, d, w, 1, 0.0, z, 1); /* z = X w */
#pragma omp parallel for simd schedule(static)
    for (int i = 0; i < n; i++)
        z[i] = 1.0 / (1.0 + neuron_exp(-(z[i] + b))) - y[i];
    cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, X, d, z, 1, 0.0, g, 1); /* g = X' r */
}

void plain_gradient(const struct dataset *data, const struct models *models, double *G,
                    double *scratch)
{
    size_t d = data->features, k = models->count;
    double *w = scratch, *g = w + d, *z = g + d;
    for (size_t j = 0; j < k; j++) {
        models_copy_weights(models, j, w);
        gradient_one(data, w, models->b[j], z, g);
        for (size_t f = 0; f < d; f++)
            G[f * k + j] = g[f];
    }
}

/* All samples once, for one model with weights w (d); returns the bias. */
static double sgd_one(const struct sgd_epoch *epoch, double rate, double lambda, double *restrict w,
                      double b)
{
    const struct dataset *data = epoch->data;
    size_t d = data->features;
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = epoch->order != NULL ? epoch->order[i] : i;
        const double *restrict x = data->X + row * d;
        double z = b;
#pragma omp simd reduction(+ : z)
        for (size_t f = 0; f < d; f++)
            z += w[f] * x[f];
        double residual = 1.0 / (1.0 + exp(-z)) - data->y[row];
#pragma omp simd
        for (size_t f = 0; f < d; f++)
            w[f] -= rate * (residual * x[f] + lambda * w[f]);
        b -= rate * residual;
    }
    return b;
}

void plain_sgd_epoch(const struct sgd_epoch *epoch, const struct models *models)
{
    size_t d = models->features, k = models->count;
    double *w = memory_allocate(d, sizeof *w);
    for (size_t j = 0; j < k; j++) {
        models_copy_weights(models, j, w);
        models->b[j] = sgd_one(epoch, epoch->rates[j], epoch->lambdas[j], w, models->b[j]);
        for (size_t f = 0; f < d; f++)
            models->W[f * k + j] = w[f];
    }
    memory_free(w);
}
