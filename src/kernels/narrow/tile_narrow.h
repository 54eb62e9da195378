/* SPDX-License-Identifier: MIT
 *
 * The product of matrices of tile.h in floats, added to doubles:
 *
 *     C (rows, lanes) += A (rows, depth) B (depth, lanes)      A, B floats, C doubles
 *
 * Products are added up in floats over NARROW_SUMS of depth at most (narrow.h), in ascending order,
 * and these sums to C. `lanes` is a multiple of FLOATS and at most NARROW_PANEL.
 */
#ifndef DESCENT_KERNELS_TILE_NARROW_H
#define DESCENT_KERNELS_TILE_NARROW_H

#include "kernels/narrow/narrow.h"
#include "kernels/tile.h"

enum { NARROW_PANEL = TILE_VECTORS * FLOATS }; /* models that one tile holds side by side */

/* A number of A is at A[row * row_stride + depth * depth_stride]; rows of B and C follow each other
 * without gaps. */
struct product_narrow {
    size_t rows, depth, lanes;
    const float *A;
    size_t row_stride, depth_stride;
    const float *B;
    double *C;
    struct ahead *ahead; /* what is asked for meanwhile */
};

void tile_multiply_narrow(const struct product_narrow *product);

#endif
