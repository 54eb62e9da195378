/* SPDX-License-Identifier: MIT
 *
 * Vectors of doubles, as wide as this build's registers, and how many of them there are. Only the
 * files that hold whole tiles in registers use them (tile.c, rows.c); elsewhere `#pragma omp simd`
 * is enough. The width decides which numbers lie side by side, never the order in which any one of
 * them is summed, so that a column has the same bits alone and among many.
 *
 * No bit is left to the compiler. The whole program is compiled with -ffp-contract=off, and what is
 * to be rounded once is written down: vector_multiply_add() here, multiply_add() for one number,
 * both one instruction or both two. A sum over a row has as many chains of additions as a vector
 * has lanes, its rest is a vector filled up with zeros, and vector_sum() says in which order the
 * lanes are added: a reduction of OpenMP would leave that to the compiler, and each does otherwise.
 */
#ifndef DESCENT_KERNELS_VECTOR_H
#define DESCENT_KERNELS_VECTOR_H

#include "base/parallel/threads.h"
#include "neuron/activation.h"

#include <stddef.h>
#include <string.h>

#if defined(__AVX__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { LANES = 8, TILE_ROWS = 8, TILE_VECTORS = 3 }; /* 24 sums of 32 registers */
enum { WIDE_ROWS = 6, TALL_ROWS = 12 };
#elif defined(__AVX__)
enum { LANES = 4, TILE_ROWS = 4, TILE_VECTORS = 3 }; /* 12 of 16 */
enum { WIDE_ROWS = 3, TALL_ROWS = 6 };
#else
enum { LANES = 2, TILE_ROWS = 4, TILE_VECTORS = 3 };
enum { WIDE_ROWS = 3, TALL_ROWS = 6 };
#endif

enum { WIDEST_VECTORS = 4, TALL_VECTORS = 2 }; /* of tiles with WIDE_ROWS, with TALL_ROWS */

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
#define UNROLLED_LOOP _Pragma("GCC unroll 16")
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

/* a b + c in every lane, as multiply_add() has it for one number; one number for all lanes is
 * spread by vector_of(). */
#define FMA(lane) fma(a[lane], b[lane], c[lane])

INLINED vector vector_multiply_add(vector a, vector b, vector c)
{
#if !defined(NEURON_FUSES)
    return a * b + c;
#elif defined(__AVX512F__)
    return (vector)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__AVX__)
    return (vector)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
    return (vector){FMA(0), FMA(1)};
#endif
}

/* Likewise sum = a b + sum in four lanes; by address, for a machine that has no such vectors. */
INLINED void quad_accumulate(quad *sum, const quad *a, const quad *b)
{
#if !defined(NEURON_FUSES)
    *sum = *a * *b + *sum;
#elif defined(__AVX__)
    *sum = (quad)_mm256_fmadd_pd((__m256d)*a, (__m256d)*b, (__m256d)*sum);
#else
    for (size_t l = 0; l < 4; l++)
        (*sum)[l] = fma((*a)[l], (*b)[l], (*sum)[l]);
#endif
}

#undef FMA

/* sum = a b + sum, for sums that stay in registers while a loop runs. It is the same operation;
 * but of the intrinsic gcc (12, 14) puts the result into another register, and copies each sum back
 * once a turn. Where a vector of AVX-512 is used once, it comes from memory in the same
 * instruction. Vectors of AVX are used by every row of a tile, and loaded again for each if they
 * may be: that is 16 loads instead of 7 for 12 multiply-adds, two of either in a cycle. */
INLINED vector vector_accumulate(vector sum, vector a, vector b)
{
#if defined(NEURON_FUSES) && defined(__AVX512F__) && !defined(__clang__)
    __asm__("vfmadd231pd %2, %1, %0" : "+v"(sum) : "v"(a), "vm"(b));
    return sum;
#elif defined(NEURON_FUSES) && defined(__AVX__) && !defined(__clang__)
    __asm__("vfmadd231pd %2, %1, %0" : "+x"(sum) : "x"(a), "x"(b));
    return sum;
#else
    return vector_multiply_add(a, b, sum);
#endif
}

INLINED vector vector_of(double x)
{
    return x - (vector){0};
}

/* x[0], ..., x[count - 1] with count < LANES, then zeros; nothing behind them is read. */
INLINED vector vector_first(const double *x, size_t count)
{
#if defined(__AVX512F__)
    return (vector)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), x);
#elif defined(__AVX__)
    static const long long taken[2 * LANES] = {-1, -1, -1, -1, 0, 0, 0, 0};
    const void *mask = taken + LANES - count;
    return (vector)_mm256_maskload_pd(x, _mm256_loadu_si256(mask));
#else
    return (vector){count > 0 ? x[0] : 0.0, 0.0};
#endif
}

/* The lanes of a vector added up, halves first. */
INLINED double vector_sum(vector x)
{
#if defined(__AVX512F__)
    quad y = __builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7);
    return (y[0] + y[2]) + (y[1] + y[3]);
#elif defined(__AVX__)
    return (x[0] + x[2]) + (x[1] + x[3]);
#else
    return x[0] + x[1];
#endif
}

/* a.b: lane l adds up the features l, l + LANES, ... */
INLINED double vector_dot(const double *a, const double *b, size_t d)
{
    vector sum = vector_of(0.0);
    size_t f = 0;
    for (; f + LANES <= d; f += LANES)
        sum = vector_multiply_add(*vectors_at(a + f), *vectors_at(b + f), sum);
    if (f < d)
        sum = vector_multiply_add(vector_first(a + f, d - f), vector_first(b + f, d - f), sum);
    return vector_sum(sum);
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

/* Four lanes of a vector, to which others, where it has more, are added. */
INLINED void vector_fold(quad *folded, const vector *x)
{
#if defined(__AVX512F__)
    *folded =
        __builtin_shufflevector(*x, *x, 0, 1, 2, 3) + __builtin_shufflevector(*x, *x, 4, 5, 6, 7);
#elif defined(__AVX__)
    *folded = *x;
#else
    *folded = (quad){(*x)[0], (*x)[1], 0.0, 0.0};
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

/* No more threads than there are vectors of models for. */
static inline int lanes_threads(size_t models, int threads)
{
    return threads_for_shares(threads, round_up_to_lanes(models) / LANES);
}

/* The first of `count` models that belongs to a thread: threads take contiguous shares of whole
 * vectors. */
static inline size_t lanes_share(size_t count, int thread, int threads)
{
    size_t first = round_up_to_lanes(count) / LANES * (size_t)thread / (size_t)threads * LANES;
    return first < count ? first : count;
}

#endif
