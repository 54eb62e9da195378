/* SPDX-License-Identifier: MIT
 *
 * The middle of a pass, between the two products: from sums z = x.w + b to residuals p - y, with
 * the losses and counts added up on the way.
 *
 * Points are added up in lanes, a vector of sums side by side. For one model a lane is every
 * POINT_ROWS-th row, for several it is a model; which lane a point falls into depends on its place
 * alone. The logarithms of the losses are taken once for hundreds of points (neuron/activation.h);
 * where classes are weighted each point has its own, since a product of powers would cost as much.
 */
#ifndef DESCENT_KERNELS_POINTS_H
#define DESCENT_KERNELS_POINTS_H

#include "kernels/kernel.h"

enum { POINT_ROWS = 8, POINT_SUMS = 4, POINT_SUMS_PARTS = 8 };

struct points {
    size_t lanes;
    bool weighted; /* does a class not count 1? */
    double weights[2];
    size_t factors;   /* in each product since its logarithm was taken */
    double *product;  /* (lanes) */
    double *loss;     /* (lanes) */
    double *residual; /* (lanes) sums of residuals, c (p - y) */
    double *correct;  /* (lanes) */

    /* Where rows of some part do not count; else NULL. */
    double *parts;        /* (lanes) the part of which they do not; 0: all count */
    double *left_product; /* (lanes) the sums of those that do not */
    double *left_loss;
    double *left_correct;
};

/* Begins with zero sums and the classes' weights of `data`; `numbers` has room for POINT_SUMS *
 * lanes. POINT_ROWS lanes for one model, at least as many as models for several. */
struct points points_open(const struct dataset *data, size_t lanes, double *numbers);

/* The same for lanes that leave rows out: `parts` (models), of which the lanes are the first, or
 * one that all lanes are of; `numbers` has room for POINT_SUMS_PARTS * lanes. */
struct points points_open_parts(const struct dataset *data, size_t lanes, const double *parts,
                                size_t models, double *numbers);

/* Adds rows of one model. z (rows): sums in, residuals out; y (rows). */
void points_add_rows(struct points *points, size_t rows, const double *y, double *z);

/* The same for Z (rows, lanes), a model a lane. */
void points_add_models(struct points *points, size_t rows, const double *y, double *Z);

/* The same of lanes that leave rows out, by the part of each row (rows). What does not count has
 * the residual 0. Classes must not be weighted. */
void points_add_rows_parts(struct points *points, size_t rows, const double *y,
                           const uint16_t *row_parts, double *z);
void points_add_models_parts(struct points *points, size_t rows, const double *y,
                             const uint16_t *row_parts, double *Z);

/* Adds the sums to loss, gb and correct: those of one model, and those of `models` lanes to the
 * models from `first` on; and those of rows that do not count, where there are such. */
void points_close_rows(struct points *points, size_t model, const struct pass_sums *sums);
void points_close_models(struct points *points, size_t first, size_t models,
                         const struct pass_sums *sums);

#endif
