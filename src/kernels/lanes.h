/* SPDX-License-Identifier: MIT
 *
 * Models side by side in vector lanes while SGD runs: their weights copied together, padded to
 * whole vectors with models whose rate is zero and that stay zero.
 */
#ifndef DESCENT_KERNELS_LANES_H
#define DESCENT_KERNELS_LANES_H

#include "kernels/kernel.h"
#include "kernels/vector.h"

struct lanes {
    size_t first, models; /* models [first, first + models) */
    size_t width;         /* lanes: models, rounded up to whole vectors */
    double *W;            /* (d, width) */
    double *b;            /* (width) */
    double *rates;        /* (width) */
    double *shrink;       /* (width) 1 - rate lambda */
};

/* Doubles that so many lanes take. */
size_t lanes_numbers(size_t features, size_t width);

/* Copies the models [first, first + count) into `width` lanes, and back. Where they are all the
 * models there are, and fill the lanes, nothing is copied: the lanes are the models. */
struct lanes lanes_open(const struct sgd_epoch *epoch, const struct models *models, size_t first,
                        size_t count, size_t width, double *numbers);
void lanes_close(const struct lanes *lanes, const struct models *models);

/* steps = rate c (y - a(z)), z (width) without b, with the weight c of the class of y. The
 * sigmoid's is s c rate / (1 + exp(s z)) with s = 1 for y = 1 and -1 for y = 0, as in
 * kernel_chain.c. */
static inline void lanes_steps(const struct lanes *lanes, const struct dataset *data, double y,
                               enum activation activation, const double *restrict z,
                               double *restrict steps)
{
    const double *restrict b = lanes->b, *restrict rates = lanes->rates;
    const double sign = y > 0.5 ? 1.0 : -1.0, weight = class_weight(data, y);
    const double steepest = sign * weight;
    if (activation == ACTIVATION_HEAVISIDE) {
#pragma omp simd
        for (size_t j = 0; j < lanes->width; j++)
            steps[j] = weight * rates[j] * (y - neuron_heaviside(z[j] + b[j]));
        return;
    }
#pragma omp simd
    for (size_t j = 0; j < lanes->width; j++)
        steps[j] = steepest * rates[j] / (1.0 + neuron_exp(sign * (z[j] + b[j])));
}

#endif
