/* SPDX-License-Identifier: MIT
 *
 * The loops over points: one exponential and one division each, and a logarithm now and then.
 */
#include "kernels/points.h"

#include <math.h>

struct points points_open(const struct dataset *data, size_t lanes, double *numbers)
{
    for (size_t i = 0; i < POINT_SUMS * lanes; i++)
        numbers[i] = 0.0;
    return (struct points){
        .lanes = lanes,
        .weighted = data->class_weights[0] != 1.0 || data->class_weights[1] != 1.0,
        .weights = {data->class_weights[0], data->class_weights[1]},
        .product = numbers,
        .loss = numbers + lanes,
        .residual = numbers + 2 * lanes,
        .correct = numbers + 3 * lanes,
    };
}

struct points points_open_parts(const struct dataset *data, size_t lanes, const double *parts,
                                size_t models, double *numbers)
{
    struct points points = points_open(data, lanes, numbers);
    double *left = numbers + POINT_SUMS * lanes;
    points.parts = left;
    points.left_product = left + lanes;
    points.left_loss = left + 2 * lanes;
    points.left_correct = left + 3 * lanes;
    for (size_t i = 0; i < (POINT_SUMS_PARTS - POINT_SUMS) * lanes; i++)
        left[i] = 0.0;
    for (size_t j = 0; j < lanes; j++)
        points.parts[j] = models == 1 ? parts[0] : j < models ? parts[j] : 0.0;
    return points;
}

/* Turns products into losses. */
static void take_logarithms_of(size_t lanes, double *loss, double *product)
{
    for (size_t j = 0; j < lanes; j++) {
        loss[j] += log1p(product[j]);
        product[j] = 0.0;
    }
}

static void take_logarithms(struct points *points)
{
    take_logarithms_of(points->lanes, points->loss, points->product);
    if (points->parts != NULL)
        take_logarithms_of(points->lanes, points->left_loss, points->left_product);
    points->factors = 0;
}

/* How many of `factors` may go into each product now; at least one. The loops over points run that
 * far without a call, so that their constants stay in registers. */
static size_t make_room(struct points *points, size_t factors)
{
    if (points->factors == NEURON_FACTORS)
        take_logarithms(points);
    size_t room = NEURON_FACTORS - points->factors;
    size_t count = factors < room ? factors : room;
    points->factors += count;
    return count;
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

/* The same where classes are weighted. */
static inline void add_weighted(struct points *points, size_t lanes, const double *restrict y,
                                size_t step, double *restrict z)
{
    double *restrict loss = points->loss, *restrict residual = points->residual;
    double *restrict correct = points->correct;
    const double weight0 = points->weights[0], weight1 = points->weights[1];
#pragma omp simd
    for (size_t j = 0; j < lanes; j++) {
        double weight = y[j * step] > 0.5 ? weight1 : weight0;
        struct neuron_terms terms = neuron_terms(z[j], y[j * step]);
        z[j] = weight * terms.residual;
        loss[j] = multiply_add(weight, terms.hinge + neuron_log1p(terms.e), loss[j]);
        residual[j] += z[j];
        correct[j] += terms.correct;
    }
}

static void add_weighted_rows(struct points *points, size_t rows, const double *y, double *z)
{
    for (size_t i = 0; i < rows; i += POINT_ROWS)
        add_weighted(points, rows - i < POINT_ROWS ? rows - i : POINT_ROWS, y + i, 1, z + i);
}

void points_add_rows(struct points *points, size_t rows, const double *y, double *z)
{
    if (points->weighted) {
        add_weighted_rows(points, rows, y, z);
        return;
    }
    size_t whole = rows / POINT_ROWS, rest = rows % POINT_ROWS;
    while (whole > 0) {
        size_t count = make_room(points, whole);
        for (size_t i = 0; i < count; i++)
            add_lanes(points, POINT_ROWS, y + i * POINT_ROWS, 1, z + i * POINT_ROWS);
        y += count * POINT_ROWS;
        z += count * POINT_ROWS;
        whole -= count;
    }
    if (rest > 0) {
        make_room(points, 1);
        add_lanes(points, rest, y, 1, z);
    }
}

/* `lanes` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void
add_models(struct points *points, size_t lanes, size_t rows, const double *y, double *Z)
{
    while (rows > 0) {
        size_t count = make_room(points, rows);
        for (size_t i = 0; i < count; i++)
            add_lanes(points, lanes, y + i, 0, Z + i * lanes);
        y += count;
        Z += count * lanes;
        rows -= count;
    }
}

void points_add_models(struct points *points, size_t rows, const double *y, double *Z)
{
    if (points->weighted) {
        for (size_t i = 0; i < rows; i++)
            add_weighted(points, points->lanes, y + i, 0, Z + i * points->lanes);
        return;
    }
    switch (points->lanes) {
    case 8:
        add_models(points, 8, rows, y, Z);
        break;
    case 16:
        add_models(points, 16, rows, y, Z);
        break;
    case 24:
        add_models(points, 24, rows, y, Z);
        break;
    case 32: /* panels of floats (kernels/narrow/) */
        add_models(points, 32, rows, y, Z);
        break;
    case 48:
        add_models(points, 48, rows, y, Z);
        break;
    default:
        add_models(points, points->lanes, rows, y, Z);
    }
}

/* --- Rows that do not count for a lane -------------------------------------------------------- */

/* As add_lanes(); what does not count goes to the sums of what is left out, and adds nothing to the
 * others. */
static inline __attribute__((always_inline)) void add_parts(struct points *points, size_t lanes,
                                                            const double *restrict y, size_t y_step,
                                                            const uint16_t *restrict row_parts,
                                                            size_t part_step, double *restrict z)
{
    double *restrict product = points->product, *restrict loss = points->loss;
    double *restrict residual = points->residual, *restrict correct = points->correct;
    double *restrict left_product = points->left_product, *restrict left_loss = points->left_loss;
    double *restrict left_correct = points->left_correct;
    const double *restrict parts = points->parts;
#pragma omp simd
    for (size_t j = 0; j < lanes; j++) {
        const struct neuron_terms terms = neuron_terms(z[j], y[j * y_step]);
        const double left = (double)row_parts[j * part_step] == parts[j] ? 1.0 : 0.0;
        const double kept = 1.0 - left;
        z[j] = left > 0.0 ? 0.0 : terms.residual;
        product[j] = neuron_multiply(product[j], kept * terms.e);
        left_product[j] = neuron_multiply(left_product[j], left * terms.e);
        loss[j] += left > 0.0 ? 0.0 : terms.hinge;
        left_loss[j] += left > 0.0 ? terms.hinge : 0.0;
        residual[j] += z[j];
        correct[j] += kept * terms.correct;
        left_correct[j] += left * terms.correct;
    }
}

void points_add_rows_parts(struct points *points, size_t rows, const double *y,
                           const uint16_t *row_parts, double *z)
{
    for (size_t i = 0; i < rows; i += POINT_ROWS) {
        const size_t lanes = rows - i < POINT_ROWS ? rows - i : POINT_ROWS;
        make_room(points, 1);
        add_parts(points, lanes, y + i, 1, row_parts + i, 1, z + i);
    }
}

/* `lanes` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void
add_models_parts(struct points *points, size_t lanes, size_t rows, const double *y,
                 const uint16_t *row_parts, double *Z)
{
    while (rows > 0) {
        size_t count = make_room(points, rows);
        for (size_t i = 0; i < count; i++)
            add_parts(points, lanes, y + i, 0, row_parts + i, 0, Z + i * lanes);
        y += count;
        row_parts += count;
        Z += count * lanes;
        rows -= count;
    }
}

void points_add_models_parts(struct points *points, size_t rows, const double *y,
                             const uint16_t *row_parts, double *Z)
{
    switch (points->lanes) {
    case 8:
        add_models_parts(points, 8, rows, y, row_parts, Z);
        break;
    case 16:
        add_models_parts(points, 16, rows, y, row_parts, Z);
        break;
    case 24:
        add_models_parts(points, 24, rows, y, row_parts, Z);
        break;
    case 48:
        add_models_parts(points, 48, rows, y, row_parts, Z);
        break;
    default:
        add_models_parts(points, points->lanes, rows, y, row_parts, Z);
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
    for (size_t j = 0; points->parts != NULL && j < points->lanes; j++) {
        sums->heldout_loss[model] += points->left_loss[j];
        sums->heldout_correct[model] += points->left_correct[j];
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
    for (size_t j = 0; points->parts != NULL && j < models; j++) {
        sums->heldout_loss[first + j] += points->left_loss[j];
        sums->heldout_correct[first + j] += points->left_correct[j];
    }
}
