/* SPDX-License-Identifier: MIT
 *
 * A tile of C, TILE_ROWS x TILE_VECTORS vectors, stays in registers while depth runs: each step
 * loads a row of B once and multiplies it by one number of each row of A. That is 24 multiply-adds
 * for 11 loads with 512-bit vectors, so the multipliers are what limits it. Depth is cut so that
 * the rows of B in use stay in the nearest cache for all the tiles that need them.
 */
#include "kernels/tile.h"

enum { DEPTH = 64 }; /* rows of B at a time: 12 KiB with 512-bit vectors */

struct tile {
    const double *A;
    size_t row_stride, depth_stride, depth;
    const double *B;
    const double *scale; /* (lanes) of C, or NULL */
    double *C;
    struct ahead ahead;
};

/* One tile; `rows` and `vectors` are constants where this is inlined. */
INLINED void multiply(struct tile *tile, size_t rows, size_t vectors)
{
    const double *A = tile->A, *B = tile->B;
    vector *C = (vector *)(void *)tile->C;
    const size_t row_stride = tile->row_stride, depth_stride = tile->depth_stride;
    vector sums[TILE_ROWS][TILE_VECTORS];
    UNROLLED_LOOP
    for (size_t i = 0; i < rows; i++) {
        UNROLLED_LOOP
        for (size_t c = 0; c < vectors; c++) {
            sums[i][c] = C[i * vectors + c];
            if (tile->scale != NULL)
                sums[i][c] *= vectors_at(tile->scale)[c];
        }
    }
    const char *next = tile->ahead.next;
    const size_t step = tile->ahead.step;
    for (size_t t = 0; t < tile->depth; t++, A += depth_stride, B += vectors * LANES) {
        const vector *b = vectors_at(B);
        __builtin_prefetch(next, 0, 2);
        next += step;
        UNROLLED_LOOP
        for (size_t i = 0; i < rows; i++) {
            UNROLLED_LOOP
            for (size_t c = 0; c < vectors; c++)
                sums[i][c] = vector_accumulate(sums[i][c], vector_of(A[i * row_stride]), b[c]);
        }
    }
    tile->ahead.next = next;
    UNROLLED_LOOP
    for (size_t i = 0; i < rows; i++) {
        UNROLLED_LOOP
        for (size_t c = 0; c < vectors; c++)
            C[i * vectors + c] = sums[i][c];
    }
}

/* The rows that are left over, a tile with as many rows as there are. */
INLINED void multiply_rest(struct tile *tile, size_t rows, size_t vectors)
{
    switch (rows) {
    case 1:
        multiply(tile, 1, vectors);
        break;
    case 2:
        multiply(tile, 2, vectors);
        break;
    case 3:
        multiply(tile, 3, vectors);
        break;
#if defined(__AVX512F__)
    case 4:
        multiply(tile, 4, vectors);
        break;
    case 5:
        multiply(tile, 5, vectors);
        break;
    case 6:
        multiply(tile, 6, vectors);
        break;
    case 7:
        multiply(tile, 7, vectors);
        break;
#endif
    default:
        break;
    }
}

INLINED void multiply_rows(struct tile *tile, size_t rows, size_t vectors)
{
    for (; rows >= TILE_ROWS; rows -= TILE_ROWS) {
        multiply(tile, TILE_ROWS, vectors);
        tile->A += TILE_ROWS * tile->row_stride;
        tile->C += TILE_ROWS * vectors * LANES;
    }
    multiply_rest(tile, rows, vectors);
}

INLINED void multiply_vectors(struct tile *tile, size_t rows, size_t vectors)
{
    switch (vectors) {
    case 1:
        multiply_rows(tile, rows, 1);
        break;
    case 2:
        multiply_rows(tile, rows, 2);
        break;
    default:
        multiply_rows(tile, rows, TILE_VECTORS);
        break;
    }
}

void tile_multiply(const struct product *product)
{
    const struct ahead nothing = {(const char *)product->B, 0};
    struct ahead ahead = product->ahead != NULL ? *product->ahead : nothing;
    for (size_t t = 0; t < product->depth; t += DEPTH) {
        struct tile tile = {
            .A = product->A + t * product->depth_stride,
            .row_stride = product->row_stride,
            .depth_stride = product->depth_stride,
            .depth = product->depth - t < DEPTH ? product->depth - t : DEPTH,
            .B = product->B + t * product->lanes,
            .scale = t == 0 ? product->scale : NULL,
            .C = product->C,
            .ahead = ahead,
        };
        multiply_vectors(&tile, product->rows, product->lanes / LANES);
        ahead = tile.ahead;
    }
    if (product->ahead != NULL)
        *product->ahead = ahead;
}
