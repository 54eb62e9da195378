/* SPDX-License-Identifier: MIT
 *
 * The loops over points: one exponential and one division each, and a logarithm now and then.
 */
#include "kernels/points.h"

#include <math.h>

struct points points_open(size_t lanes, double *numbers)
{
    for (size_t i = 0; i < POINT_SUMS * lanes; i++)
        numbers[i] = 0.0;
    return (struct points){
        .lanes = lanes,
        .product = numbers,
        .loss = numbers + lanes,
        .residual = numbers + 2 * lanes,
        .correct = numbers + 3 * lanes,
    };
}

/* Turns the products into losses. */
static void take_logarithms(struct points *points)
{
    for (size_t j = 0; j < points->lanes; j++) {
        points->loss[j] += log1p(points->product[j]);
        points->product[j] = 0.0;
    }
    points->factors = 0;
}

/* Before another factor goes into each product. */
static inline void make_room(struct points *points)
{
    if (points->factors == NEURON_FACTORS)
        take_logarithms(points);
    points->factors++;
}

/* Points side by side, one to a lane: z[j] and y[j * step]. */
static inline void add_lanes(struct points *points, size_t lanes, const double *restrict y,
                             size_t step, double *restrict z)
{
    double *restrict product = points->product, *restrict loss = points->loss;
    double *restrict residual = points->residual, *restrict correct = points->correct;
#pragma omp simd
    for (size_t j = 0; j < lanes; j++) {
        struct neuron_terms terms = neuron_terms(z[j], y[j * step]);
        z[j] = terms.residual;
        product[j] = neuron_multiply(product[j], terms.e);
        loss[j] += terms.hinge;
        residual[j] += terms.residual;
        correct[j] += terms.correct;
    }
}

void points_add_rows(struct points *points, size_t rows, const double *y, double *z)
{
    size_t i = 0;
    for (; i + POINT_ROWS <= rows; i += POINT_ROWS) {
        make_room(points);
        add_lanes(points, POINT_ROWS, y + i, 1, z + i);
    }
    if (i < rows) {
        make_room(points);
        add_lanes(points, rows - i, y + i, 1, z + i);
    }
}

void points_add_models(struct points *points, size_t rows, const double *y, double *Z)
{
    for (size_t i = 0; i < rows; i++) {
        make_room(points);
        add_lanes(points, points->lanes, y + i, 0, Z + i * points->lanes);
    }
}

void points_close_rows(struct points *points, size_t model, const struct pass_sums *sums)
{
    take_logarithms(points);
    for (size_t j = 0; j < points->lanes; j++) {
        sums->loss[model] += points->loss[j];
        sums->gb[model] += points->residual[j];
        sums->correct[model] += points->correct[j];
    }
}

void points_close_models(struct points *points, size_t first, size_t models,
                         const struct pass_sums *sums)
{
    take_logarithms(points);
    for (size_t j = 0; j < models; j++) {
        sums->loss[first + j] += points->loss[j];
        sums->gb[first + j] += points->residual[j];
        sums->correct[first + j] += points->correct[j];
    }
}
