/* SPDX-License-Identifier: MIT
 *
 * A tile of C, TILE_ROWS x TILE_VECTORS vectors, stays in registers while depth runs: each step
 * loads a row of B once and multiplies it by one number of each row of A. That is 24 multiply-adds
 * for 11 loads with 512-bit vectors, so the multipliers are what limits it. Depth is cut so that
 * the rows of B in use stay in the nearest cache for all the tiles that need them.
 *
 * Wide tiles have 4 vectors and fewer rows: 10 loads for as much. Tall ones have 2, for panels that
 * have no more. Which is best differs from processor to processor.
 */
#include "kernels/tile.h"

/* Rows of B at a time: 12 KiB with 512-bit vectors. */
const struct tile_shape tile_default = {TILE_ROWS, TILE_VECTORS, 64};

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
    vector sums[TALL_ROWS][WIDEST_VECTORS];
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

INLINED void multiply_whole(struct tile *tile, size_t rows, size_t vectors)
{
    multiply(tile, rows, vectors);
    tile->A += rows * tile->row_stride;
    tile->C += rows * vectors * LANES;
}

/* `tall` rows at a time, then TILE_ROWS, then what is left over. */
INLINED void multiply_rows(struct tile *tile, size_t rows, size_t tall, size_t vectors)
{
    for (; rows >= tall; rows -= tall)
        multiply_whole(tile, tall, vectors);
    if (tall > TILE_ROWS && rows >= TILE_ROWS) {
        multiply_whole(tile, TILE_ROWS, vectors);
        rows -= TILE_ROWS;
    }
    multiply_rest(tile, rows, vectors);
}

/* Tiles of an even shape, of a low and wide one, and of a tall and narrow one; what is to be asked
 * for next. A copy of the tile stays in registers; it is made here, number by number, because one
 * that the caller passes is copied in vectors, which wait until what they are made of is stored. */
static struct ahead multiply_even(const struct tile *start, size_t rows, size_t vectors)
{
    struct tile tile = *start;
    switch (vectors) {
    case 1:
        multiply_rows(&tile, rows, TILE_ROWS, 1);
        break;
    case 2:
        multiply_rows(&tile, rows, TILE_ROWS, 2);
        break;
    default:
        multiply_rows(&tile, rows, TILE_ROWS, TILE_VECTORS);
        break;
    }
    return tile.ahead;
}

static struct ahead multiply_wide(const struct tile *start, size_t rows, size_t vectors)
{
    struct tile tile = *start;
    if (vectors < WIDEST_VECTORS)
        return multiply_even(start, rows, vectors);
    multiply_rows(&tile, rows, WIDE_ROWS, WIDEST_VECTORS);
    return tile.ahead;
}

static struct ahead multiply_tall(const struct tile *start, size_t rows, size_t vectors)
{
    struct tile tile = *start;
    if (vectors == 1)
        multiply_rows(&tile, rows, TALL_ROWS, 1);
    else
        multiply_rows(&tile, rows, TALL_ROWS, TALL_VECTORS);
    return tile.ahead;
}

static struct ahead multiply_shaped(const struct tile *tile, const struct tile_shape *shape,
                                    size_t rows, size_t vectors)
{
    if (shape->rows == TALL_ROWS)
        return multiply_tall(tile, rows, vectors);
    if (shape->rows == WIDE_ROWS)
        return multiply_wide(tile, rows, vectors);
    return multiply_even(tile, rows, vectors);
}

void tile_multiply(const struct product *product)
{
    const struct ahead nothing = {(const char *)product->B, 0};
    struct ahead ahead = product->ahead != NULL ? *product->ahead : nothing;
    const struct tile_shape *shape = product->shape != NULL ? product->shape : &tile_default;
    for (size_t t = 0; t < product->depth; t += shape->depth) {
        const struct tile tile = {
            .A = product->A + t * product->depth_stride,
            .row_stride = product->row_stride,
            .depth_stride = product->depth_stride,
            .depth = product->depth - t < shape->depth ? product->depth - t : shape->depth,
            .B = product->B + t * product->lanes,
            .scale = t == 0 ? product->scale : NULL,
            .C = product->C,
            .ahead = ahead,
        };
        ahead = multiply_shaped(&tile, shape, product->rows, product->lanes / LANES);
    }
    if (product->ahead != NULL)
        *product->ahead = ahead;
}
