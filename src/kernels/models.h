/* SPDX-License-Identifier: MIT
 *
 * k models side by side: column j of W and entry j of b are model j. They lie side by side because
 * then one row of data meets all of them in one stretch of memory: k dot products are a product of
 * matrices.
 */
#ifndef DESCENT_KERNELS_MODELS_H
#define DESCENT_KERNELS_MODELS_H

#include <stddef.h>
#include <stdint.h>

struct models {
    size_t features; /* d */
    size_t count;    /* k */
    double *W;       /* (d, k) row-major */
    double *b;       /* (k) */

    /* For a pass in which each model is trained without a fold of its own (folds.h): the part that
     * each row of the data is in (n), and the part that does not count for a model (k), 0: none.
     * NULL: all rows count for all. */
    const uint16_t *row_parts;
    const double *parts;
};

/* All weights and biases zero. */
struct models models_create(size_t features, size_t count);
void models_clear(struct models *models);

/* w <- w - rate dw, b <- b - rate db for every model; dW (d, k), db (k), rates (k). */
void models_descend(struct models *models, const double *rates, const double *dW, const double *db);

/* Copies the weights of one model to w (d). */
void models_copy_weights(const struct models *models, size_t model, double *w);

/* Packs a matrix (rows, columns), one column per model: only columns kept[0 .. count), ascending,
 * are left, in that order, as (rows, count). */
void columns_keep(double *matrix, size_t rows, size_t columns, const size_t *kept, size_t count);

/* The same for models. */
void models_keep(struct models *models, const size_t *kept, size_t count);

#endif
