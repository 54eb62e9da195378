/* SPDX-License-Identifier: MIT
 *
 * A tile of sums, TILE_ROWS x TILE_VECTORS vectors of floats, stays in registers while depth runs
 * over NARROW_SUMS numbers, and is then added to C.
 */
#include "kernels/narrow/tile_narrow.h"

struct tile {
    const float *A;
    size_t row_stride, depth_stride, depth;
    const float *B;
    double *C;
    struct ahead ahead;
};

INLINED floats accumulate(floats sum, floats a, floats b)
{
#if defined(NEURON_FUSES) && defined(__AVX512F__) && !defined(__clang__)
    __asm__("vfmadd231ps %2, %1, %0" : "+v"(sum) : "v"(a), "vm"(b)); /* as vector_accumulate() */
    return sum;
#elif defined(NEURON_FUSES) && defined(__AVX__) && !defined(__clang__)
    __asm__("vfmadd231ps %2, %1, %0" : "+x"(sum) : "x"(a), "x"(b));
    return sum;
#else
    return floats_multiply_add(a, b, sum);
#endif
}

INLINED void add_to(double *C, floats sum)
{
    *(vector *)(void *)C += floats_lower(sum);
    *(vector *)(void *)(C + LANES) += floats_upper(sum);
}

/* One tile; `rows` and `vectors` are constants where this is inlined. */
INLINED void multiply(struct tile *tile, size_t rows, size_t vectors)
{
    const float *A = tile->A, *B = tile->B;
    const size_t row_stride = tile->row_stride;
    floats sums[TILE_ROWS][TILE_VECTORS];
    UNROLLED_LOOP
    for (size_t i = 0; i < rows; i++) {
        UNROLLED_LOOP
        for (size_t c = 0; c < vectors; c++)
            sums[i][c] = (floats){0};
    }
    const char *next = tile->ahead.next;
    const size_t step = tile->ahead.step;
    for (size_t t = 0; t < tile->depth; t++, A += tile->depth_stride, B += vectors * FLOATS) {
        __builtin_prefetch(next, 0, 2);
        next += step;
        const floats *b = (const floats *)(const void *)B;
        UNROLLED_LOOP
        for (size_t i = 0; i < rows; i++) {
            UNROLLED_LOOP
            for (size_t c = 0; c < vectors; c++)
                sums[i][c] = accumulate(sums[i][c], floats_of(A[i * row_stride]), b[c]);
        }
    }
    tile->ahead.next = next;
    UNROLLED_LOOP
    for (size_t i = 0; i < rows; i++) {
        UNROLLED_LOOP
        for (size_t c = 0; c < vectors; c++)
            add_to(tile->C + (i * vectors + c) * FLOATS, sums[i][c]);
    }
}

/* As many tiles of so many rows as there are rows for; returns the rows that are left over. */
INLINED size_t multiply_tiles(struct tile *tile, size_t rows, size_t at_once, size_t vectors)
{
    for (; rows >= at_once; rows -= at_once) {
        multiply(tile, at_once, vectors);
        tile->A += at_once * tile->row_stride;
        tile->C += at_once * vectors * FLOATS;
    }
    return rows;
}

INLINED void multiply_rows(struct tile *tile, size_t rows, size_t vectors)
{
    rows = multiply_tiles(tile, rows, TILE_ROWS, vectors);
    rows = multiply_tiles(tile, rows, 4, vectors);
    rows = multiply_tiles(tile, rows, 2, vectors);
    multiply_tiles(tile, rows, 1, vectors);
}

void tile_multiply_narrow(const struct product_narrow *product)
{
    for (size_t t = 0; t < product->depth; t += NARROW_SUMS) {
        struct tile tile = {
            .A = product->A + t * product->depth_stride,
            .row_stride = product->row_stride,
            .depth_stride = product->depth_stride,
            .depth = product->depth - t < NARROW_SUMS ? product->depth - t : NARROW_SUMS,
            .B = product->B + t * product->lanes,
            .C = product->C,
            .ahead = *product->ahead,
        };
        switch (product->lanes / FLOATS) {
        case 1:
            multiply_rows(&tile, product->rows, 1);
            break;
        case 2:
            multiply_rows(&tile, product->rows, 2);
            break;
        default:
            multiply_rows(&tile, product->rows, TILE_VECTORS);
        }
        *product->ahead = tile.ahead;
    }
}
