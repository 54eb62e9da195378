/* SPDX-License-Identifier: MIT
 *
 * A few loops over n numbers, in lanes, so that sums have one order.
 */
#include "kernels/hessian_sample.h"

#include "kernels/vector.h"

#include <math.h>

enum { SUM_LANES = 8, ROUNDS = 2 };

/* Fractions of 2^32: the golden ratio, and the next one of its kind, of the plane (Roberts). */
static const uint32_t golden = 0x9e3779b9, plastic = 0xc13fa9a9;

/* The lanes of a sum, halves first. */
static double lanes_sum(const double *x)
{
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/* With e = |r| / c = |p - y|, D = c e (1 - e), which of a sample that is surely wrong has lost its
 * digits: it is far below those that count. Returns the sum. */
static double curvatures(const struct dataset *data, const double *restrict residuals,
                         double *restrict D)
{
    const double *restrict y = data->y;
    double lanes[SUM_LANES] = {0.0}, inverse[2];
    for (size_t class = 0; class < 2; class ++)
        inverse[class] = data->class_weights[class] > 0.0 ? 1.0 / data->class_weights[class] : 0.0;
    for (size_t i = 0; i < data->rows; i += SUM_LANES) {
        const size_t count = data->rows - i < SUM_LANES ? data->rows - i : SUM_LANES;
#pragma omp simd
        for (size_t j = 0; j < count; j++) {
            const double r = fabs(residuals[i + j]);
            D[i + j] = r * (1.0 - r * (y[i + j] > 0.5 ? inverse[1] : inverse[0]));
            lanes[j] += D[i + j];
        }
    }
    return lanes_sum(lanes);
}

/* The sum of min(1, D / theta). */
static double expected_size(const double *restrict D, size_t rows, double theta)
{
    double lanes[SUM_LANES] = {0.0};
    for (size_t i = 0; i < rows; i += SUM_LANES) {
        const size_t count = rows - i < SUM_LANES ? rows - i : SUM_LANES;
#pragma omp simd
        for (size_t j = 0; j < count; j++)
            lanes[j] += D[i + j] < theta ? D[i + j] : theta;
    }
    return lanes_sum(lanes) / theta;
}

/* From above, so that no more are picked than are wanted. */
static double threshold(const double *D, size_t rows, double sum, double size)
{
    double theta = sum / size;
    for (int round = 0; round < ROUNDS && theta > 0.0; round++)
        theta *= expected_size(D, rows, theta) / size;
    return theta;
}

static size_t pick(size_t count, double theta, uint32_t shift, uint32_t *restrict rows, double *D)
{
    const double scale = 0x1p32 / theta;
    size_t picked = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t u = (uint32_t)i * golden + shift;
        const double weight = D[i] > theta ? D[i] : theta;
        const bool taken = D[i] * scale > (double)u;
        rows[picked] = (uint32_t)i;
        D[picked] = taken ? weight : D[picked];
        picked += taken;
    }
    return picked;
}

size_t hessian_sample(const struct dataset *data, const double *residuals, size_t size,
                      uint32_t turn, uint32_t *rows, double *weights, double *mean)
{
    const double sum = curvatures(data, residuals, weights);
    *mean = sum / (double)data->rows;
    if (size < data->rows) {
        const double theta = threshold(weights, data->rows, sum, (double)size);
        return theta > 0.0 && isfinite(0x1p32 / theta)
                   ? pick(data->rows, theta, turn * plastic, rows, weights)
                   : 0;
    }
    for (size_t i = 0; i < data->rows; i++)
        rows[i] = (uint32_t)i;
    return data->rows;
}
