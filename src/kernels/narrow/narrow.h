/* SPDX-License-Identifier: MIT
 *
 * Values that are stored in fewer bits, as vectors of floats: a load for each precision, and what
 * loops over such rows share. A loop is written once, with the storage as a constant where it is
 * inlined.
 *
 * Products are floats, and so are sums of at most NARROW_SUMS of them, and the sum of the lanes of
 * a vector of such sums; beyond that sums are doubles. Let x be the stored values and q = x / s
 * what stands there for them, with the unit s of a column (1 but for int8), v = 2^-24 and gamma =
 * (m v) / (1 - m v), m = NARROW_SUMS + NARROW_HALVINGS + 2: one for every addition with its
 * product, which is one multiply-add or two roundings, one for every time that lanes are added to
 * as many others, and one for the weight or the residual that becomes a float. The sums over d
 * features and n rows then differ from those in exact arithmetic by at most
 *
 *     z     (gamma + (d + 4) 2^-52) sum_f |x_f w_f| + 2^-149 sum_f (|q_f| + 1)
 *     G_f   (gamma + (n + 4) 2^-52) sum_i |x_if r_i| + s_f 2^-149 sum_i (|q_if| + 1)
 *
 * where the second terms are of products, weights and residuals that lie below the normal numbers
 * of a float.
 *
 * Nothing overflows unseen: a sum that is not finite in floats is taken again in doubles.
 */
#ifndef DESCENT_KERNELS_NARROW_H
#define DESCENT_KERNELS_NARROW_H

#include "data/precision.h"
#include "kernels/vector.h"

#include <stdint.h>

enum {
    FLOATS = 2 * LANES,  /* of a vector */
    NARROW_SUMS = 64,    /* products that are added up in a float, at most */
    NARROW_HALVINGS = 4, /* of a vector of floats to one, at most */
};

typedef float floats
    __attribute__((vector_size(FLOATS * sizeof(float)), aligned(sizeof(float)), may_alias));
typedef uint16_t halves
    __attribute__((vector_size(FLOATS * sizeof(uint16_t)), aligned(sizeof(uint16_t)), may_alias));
typedef int8_t eighths
    __attribute__((vector_size(FLOATS * sizeof(int8_t)), aligned(sizeof(int8_t)), may_alias));
typedef uint32_t words
    __attribute__((vector_size(FLOATS * sizeof(uint32_t)), aligned(sizeof(uint32_t)), may_alias));
typedef int32_t integers
    __attribute__((vector_size(FLOATS * sizeof(int32_t)), aligned(sizeof(int32_t)), may_alias));

/* Bytes of a value; a constant where the storage is one. */
INLINED size_t narrow_width(enum storage storage)
{
    return storage == STORAGE_FLOAT32    ? sizeof(float)
           : storage == STORAGE_BFLOAT16 ? sizeof(uint16_t)
                                         : sizeof(int8_t);
}

/* The values [f, f + FLOATS) of the row at `row`, of an int8 in units of its column. Behind the
 * last row there are STORED_BEHIND bytes. */
INLINED floats narrow_load(enum storage storage, const void *row, size_t f)
{
    if (storage == STORAGE_FLOAT32)
        return *(const floats *)(const void *)((const float *)row + f);
    if (storage == STORAGE_BFLOAT16) {
        const halves half = *(const halves *)(const void *)((const uint16_t *)row + f);
#if defined(__AVX512F__)
        return (floats)_mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)half), 16);
#elif defined(__AVX2__)
        return (floats)_mm256_slli_epi32(_mm256_cvtepu16_epi32((__m128i)half), 16);
#else
        return (floats)(__builtin_convertvector(half, words) << 16);
#endif
    }
    const eighths eighth = *(const eighths *)(const void *)((const int8_t *)row + f);
#if defined(__AVX512F__)
    return (floats)_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32((__m128i)eighth));
#elif defined(__AVX2__)
    long long bits;
    memcpy(&bits, &eighth, sizeof bits);
    return (floats)_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_cvtsi64_si128(bits)));
#else
    return __builtin_convertvector(__builtin_convertvector(eighth, integers), floats);
#endif
}

/* a b + c in every lane, rounded once where the machine can. */
INLINED floats floats_multiply_add(floats a, floats b, floats c)
{
#if !defined(NEURON_FUSES)
    return a * b + c;
#elif defined(__AVX512F__)
    return (floats)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__AVX__)
    return (floats)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
    floats sum;
    for (size_t l = 0; l < FLOATS; l++)
        sum[l] = fmaf(a[l], b[l], c[l]);
    return sum;
#endif
}

INLINED floats floats_of(float x)
{
    return x - (floats){0};
}

INLINED floats *floats_at(float *x)
{
    return (floats *)(void *)x;
}

/* The lower and the upper half of a vector, as doubles. */
INLINED vector floats_lower(floats x)
{
#if defined(__AVX512F__)
    return (vector)_mm512_cvtps_pd(_mm512_castps512_ps256((__m512)x));
#elif defined(__AVX__)
    return (vector)_mm256_cvtps_pd(_mm256_castps256_ps128((__m256)x));
#else
    return (vector){(double)x[0], (double)x[1]};
#endif
}

INLINED vector floats_upper(floats x)
{
#if defined(__AVX512F__)
    return (vector)_mm512_cvtps_pd(
        _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd((__m512)x), 1)));
#elif defined(__AVX__)
    return (vector)_mm256_cvtps_pd(_mm256_extractf128_ps((__m256)x, 1));
#else
    return (vector){(double)x[2], (double)x[3]};
#endif
}

/* sums[i] += the sum of the lanes of x[i], which is made in floats: in every quarter of a vector
 * (0 + 2) + (1 + 3), then the quarters, upper half to lower half. Four sums at a time take a third
 * of the instructions that one takes after the other. */
INLINED void quad_add_floats(quad *sums, const floats x[4])
{
#if defined(__AVX512F__)
    const __m512 a = (__m512)x[0], b = (__m512)x[1], c = (__m512)x[2], d = (__m512)x[3];
    const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
    const __m512 all =
        _mm512_add_ps(_mm512_shuffle_ps(ab, cd, 0x44), _mm512_shuffle_ps(ab, cd, 0xee));
    const __m256 upper = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(all), 1));
    const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(all), upper);
    const __m128 one = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
    *sums += (quad)_mm256_cvtps_pd(one);
#elif defined(__AVX__)
    const __m256 a = (__m256)x[0], b = (__m256)x[1], c = (__m256)x[2], d = (__m256)x[3];
    const __m256 ab = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
    const __m256 cd = _mm256_add_ps(_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
    const __m256 all =
        _mm256_add_ps(_mm256_shuffle_ps(ab, cd, 0x44), _mm256_shuffle_ps(ab, cd, 0xee));
    const __m128 one = _mm_add_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1));
    *sums += (quad)_mm256_cvtps_pd(one);
#else
    for (size_t i = 0; i < 4; i++)
        (*sums)[i] += (double)((x[i][0] + x[i][2]) + (x[i][1] + x[i][3]));
#endif
}

/* Numbers (count) of floats, a whole vector at a time. */
static inline size_t round_up_to_floats(size_t count)
{
    return (count + FLOATS - 1) / FLOATS * FLOATS;
}

/* Doubles that so many floats take. */
static inline size_t doubles_of_floats(size_t count)
{
    return (count * sizeof(float) + sizeof(double) - 1) / sizeof(double);
}

/* May a factor up to `largest`, or the sum of NARROW_SUMS products with it, be beyond a float?
 * Where they cannot be, nobody looks. */
INLINED bool narrow_overflows(const struct dataset *data, double largest)
{
    return !(largest < 0x1p127 &&
             data->stored.largest * largest * (2.0 * (double)NARROW_SUMS) < 0x1p127);
}

/* Does every number (count) have a value? Nothing times what is not finite is NaN; several chains
 * of additions, or the latency of one would be what it costs. */
INLINED bool narrow_finite(const double *x, size_t count)
{
    enum { CHAINS = 4 };
    vector sums[CHAINS] = {0};
    size_t i = 0;
    for (; i + CHAINS * LANES <= count; i += CHAINS * LANES) {
        UNROLLED_LOOP
        for (size_t c = 0; c < CHAINS; c++)
            sums[c] += *vectors_at(x + i + c * LANES) * 0.0;
    }
    double sum = vector_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
    for (; i < count; i++)
        sum += x[i] * 0.0;
    return sum == 0.0;
}

#endif
