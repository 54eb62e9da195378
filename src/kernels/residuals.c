/* SPDX-License-Identifier: MIT
 *
 * Sigmoid, loss and residual of every point from one exponential (neuron/activation.h). For one
 * model the rows are the vector, for several the models are.
 */
#include "kernels/residuals.h"

static void residuals_one(size_t rows, const double *y, double *z, const struct pass_sums *sums)
{
    double loss = 0.0, correct = 0.0, gb = 0.0;
#pragma omp simd reduction(+ : loss, correct, gb)
    for (size_t i = 0; i < rows; i++) {
        struct neuron_point point = neuron_point(z[i], y[i]);
        z[i] = point.residual;
        gb += point.residual;
        loss += point.loss;
        correct += point.correct;
    }
    sums->gb[0] += gb;
    sums->loss[0] += loss;
    sums->correct[0] += correct;
}

static void residuals_many(size_t rows, size_t k, const double *y, double *Z,
                           const struct pass_sums *sums)
{
    for (size_t i = 0; i < rows; i++) {
        double *z = Z + i * k; /* (k) */
        double label = y[i];
#pragma omp simd
        for (size_t j = 0; j < k; j++) {
            struct neuron_point point = neuron_point(z[j], label);
            z[j] = point.residual;
            sums->gb[j] += point.residual;
            sums->loss[j] += point.loss;
            sums->correct[j] += point.correct;
        }
    }
}

void residuals(size_t rows, size_t models, const double *y, double *Z, const struct pass_sums *sums)
{
    if (models == 1)
        residuals_one(rows, y, Z, sums);
    else
        residuals_many(rows, models, y, Z, sums);
}
