/* SPDX-License-Identifier: MIT
 *
 * Vectors of doubles, as wide as this build's registers, and how many of them there are. Only the
 * files that hold whole tiles in registers use them (tile.c, rows.c); elsewhere `#pragma omp simd`
 * is enough. The width decides which numbers lie side by side, never the order in which any one of
 * them is summed, so that a column has the same bits alone and among many.
 */
#ifndef DESCENT_KERNELS_VECTOR_H
#define DESCENT_KERNELS_VECTOR_H

#include <stddef.h>

#if defined(__AVX512F__)
enum { LANES = 8, TILE_ROWS = 8, TILE_VECTORS = 3 }; /* 24 sums of 32 registers */
#elif defined(__AVX__)
enum { LANES = 4, TILE_ROWS = 4, TILE_VECTORS = 3 }; /* 12 of 16 */
#else
enum { LANES = 2, TILE_ROWS = 4, TILE_VECTORS = 3 };
#endif

/* Lies on any multiple of a double, and may name what was stored as doubles. */
typedef double vector
    __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));

/* Four lanes, whatever the width of this build's vectors. */
typedef double quad
    __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));

/* The loop that follows has few turns, known when compiled, and what it holds stays in registers
 * only if it is written out. */
#if defined(__clang__)
#define UNROLLED_LOOP _Pragma("unroll")
#else
#define UNROLLED_LOOP _Pragma("GCC unroll 8")
#endif

#define INLINED static inline __attribute__((always_inline))

static inline const vector *vectors_at(const double *x)
{
    return (const vector *)(const void *)x;
}

static inline const quad *quads_at(const double *x)
{
    return (const quad *)(const void *)x;
}

/* Adds the lanes of a vector to four lanes. */
INLINED void quad_add(quad *sums, const vector *x)
{
#if defined(__AVX512F__)
    *sums += __builtin_shufflevector(*x, *x, 0, 1, 2, 3);
    *sums += __builtin_shufflevector(*x, *x, 4, 5, 6, 7);
#elif defined(__AVX__)
    *sums += *x;
#else
    *sums += (quad){(*x)[0], (*x)[1], 0.0, 0.0};
#endif
}

/* sums[i] = the sum of the lanes of x[i], four at a time. */
INLINED void quad_sums(const quad x[4], quad *sums)
{
    quad ab = __builtin_shufflevector(x[0], x[1], 0, 4, 2, 6) +
              __builtin_shufflevector(x[0], x[1], 1, 5, 3, 7);
    quad cd = __builtin_shufflevector(x[2], x[3], 0, 4, 2, 6) +
              __builtin_shufflevector(x[2], x[3], 1, 5, 3, 7);
    *sums =
        __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/* As many lanes as hold `count` numbers. */
static inline size_t round_up_to_lanes(size_t count)
{
    return (count + LANES - 1) / LANES * LANES;
}

/* The first of `count` models that belongs to a thread: threads take contiguous shares of whole
 * vectors. */
static inline size_t lanes_share(size_t count, int thread, int threads)
{
    size_t first = round_up_to_lanes(count) / LANES * (size_t)thread / (size_t)threads * LANES;
    return first < count ? first : count;
}

#endif
