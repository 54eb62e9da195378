/* SPDX-License-Identifier: MIT
 *
 * The product of matrices behind everything that trains several models at once:
 *
 *     C (rows, lanes) += A (rows, depth) B (depth, lanes)
 *
 * A is data, read one number at a time with any two strides, so that it may be X or X'. B and C are
 * panels: `lanes` numbers a row, a multiple of LANES and at most PANEL (or what another shape of
 * tile has), which is what the registers hold of a row. Beside a library's dgemm this needs no
 * packing of X, which costs as much as the product where there are few models, and has a promise
 * dgemm does not give: an element of C is the sum over depth in ascending order, with multiply-adds
 * where the machine has them, whatever the shape. So the bits of a model do not depend on its
 * companions.
 *
 * The shape of the loops is Goto and van de Geijn's, "Anatomy of high-performance matrix
 * multiplication", ACM TOMS 2008, with one block for each cache.
 */
#ifndef DESCENT_KERNELS_TILE_H
#define DESCENT_KERNELS_TILE_H

#include "kernels/cutting.h"
#include "kernels/vector.h"

enum {
    PANEL = TILE_VECTORS * LANES,          /* models that one tile holds side by side */
    PANELS = 16,                           /* that share a reading of X */
    WIDEST_PANEL = WIDEST_VECTORS * LANES, /* likewise in the widest shape */
};

/* How much of a product is in registers and in the nearest cache at a time: an element of C is the
 * same sum in every shape. */
struct tile_shape {
    size_t rows, vectors; /* of C: even, wide or tall (vector.h) */
    size_t depth;         /* rows of B at a time */
};
extern const struct tile_shape tile_default;

/* How many of `models` go into the next panel of at most TILE_VECTORS vectors. */
static inline size_t panel_models(size_t models)
{
    return models_of_panel(models, LANES, TILE_VECTORS);
}

/* What is to be asked for while a product runs: `next` moves on by `step` bytes with every row of B
 * that a tile takes. Bursts of requests would stop the multipliers; one now and then does not. */
struct ahead {
    const char *next;
    size_t step;
};

/* A number of A is at A[row * row_stride + depth * depth_stride]; rows of B and C follow each other
 * without gaps. */
struct product {
    size_t rows, depth, lanes;
    const double *A;
    size_t row_stride, depth_stride;
    const double *B;
    const double *scale; /* (lanes) C is multiplied by it first; NULL: it is not */
    double *C;
    struct ahead *ahead;            /* NULL: nothing */
    const struct tile_shape *shape; /* NULL: tile_default */
};

void tile_multiply(const struct product *product);

#endif
