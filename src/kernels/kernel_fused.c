/* SPDX-License-Identifier: MIT
 *
 * Loss and gradient from one reading of X.
 *
 * Rows are taken in blocks that stay in the nearest cache. Of a block, first the sums Z = X_B W +
 * b, then the residuals R = sigmoid(Z) - y, then the gradient G += X_B' R, which finds the block
 * where the sums left it. So X comes from memory once, where two library calls over many rows fetch
 * it twice; the limit is the time to read X.
 *
 * For one model both sweeps over a block are written out, four rows at a time: w and G are loaded
 * (and G stored) once for the four, and four chains of additions run side by side. Left alone,
 * memory would rest during the second sweep and the exponentials, so each sweep asks for half of
 * the next block. For several models the blas kernel does the two products, a few such blocks at a
 * time.
 */
#include "kernels/kernel.h"
#include "kernels/residuals.h"
#include "kernels/sgd.h"

enum {
    BLOCK_BYTES = 16384, /* of X: a third of a first-level cache, and the next block beside it */
    BLOCK_ROWS = 256,    /* at most */
    TOGETHER = 4,        /* rows */
    LINE_FEATURES = 8,   /* doubles in a cache line */
    BLOCKS_MANY = 16,    /* at once for several models: matrix products like blocks larger */
};

static size_t block_rows(size_t features)
{
    size_t rows = BLOCK_BYTES / sizeof(double) / features / TOGETHER * TOGETHER;
    if (rows < TOGETHER)
        return TOGETHER;
    return rows < BLOCK_ROWS ? rows : BLOCK_ROWS;
}

static inline void prefetch(const double *x, size_t count)
{
    for (size_t i = 0; i < count; i += LINE_FEATURES)
        __builtin_prefetch(x + i);
}

/* z[0..4) = x.w + b of four rows x (4, d) */
static inline void forward_four(const double *restrict x, const double *restrict w, double b,
                                size_t d, double *restrict z)
{
    double z0 = 0.0, z1 = 0.0, z2 = 0.0, z3 = 0.0;
#pragma omp simd reduction(+ : z0, z1, z2, z3)
    for (size_t f = 0; f < d; f++) {
        z0 = multiply_add(x[f], w[f], z0);
        z1 = multiply_add(x[d + f], w[f], z1);
        z2 = multiply_add(x[2 * d + f], w[f], z2);
        z3 = multiply_add(x[3 * d + f], w[f], z3);
    }
    z[0] = z0 + b;
    z[1] = z1 + b;
    z[2] = z2 + b;
    z[3] = z3 + b;
}

static inline double forward_one(const double *restrict x, const double *restrict w, double b,
                                 size_t d)
{
    double z = 0.0;
#pragma omp simd reduction(+ : z)
    for (size_t f = 0; f < d; f++)
        z = multiply_add(x[f], w[f], z);
    return z + b;
}

/* G += x' r for four rows x (4, d) */
static inline void gradient_four(const double *restrict x, const double *restrict r, size_t d,
                                 double *restrict G)
{
    double r0 = r[0], r1 = r[1], r2 = r[2], r3 = r[3];
#pragma omp simd
    for (size_t f = 0; f < d; f++) {
        double low = multiply_add(x[f], r0, x[d + f] * r1);
        double high = multiply_add(x[2 * d + f], r2, x[3 * d + f] * r3);
        G[f] += low + high;
    }
}

static inline void gradient_one(const double *restrict x, double r, size_t d, double *restrict G)
{
#pragma omp simd
    for (size_t f = 0; f < d; f++)
        G[f] = multiply_add(x[f], r, G[f]);
}

/* One block X (rows, d) for one model; `following` rows come after it in memory. */
static void block_one(const double *X, const double *y, size_t rows, size_t following,
                      const struct models *models, const struct pass_sums *sums, double *z)
{
    size_t d = models->features, fours = rows / TOGETHER * TOGETHER, half = TOGETHER / 2 * d;
    size_t ahead = following < fours ? following / TOGETHER * TOGETHER : fours;
    const double *next = X + rows * d;
    for (size_t i = 0; i < fours; i += TOGETHER) {
        if (i < ahead)
            prefetch(next + i * d, half);
        forward_four(X + i * d, models->W, models->b[0], d, z + i);
    }
    for (size_t i = fours; i < rows; i++)
        z[i] = forward_one(X + i * d, models->W, models->b[0], d);
    residuals(rows, 1, y, z, sums);
    for (size_t i = 0; i < fours; i += TOGETHER) {
        if (i < ahead)
            prefetch(next + i * d + half, half);
        gradient_four(X + i * d, z + i, d, sums->G);
    }
    for (size_t i = fours; i < rows; i++)
        gradient_one(X + i * d, z[i], d, sums->G);
}

static size_t rows_at_once(size_t features, size_t models)
{
    return models == 1 ? block_rows(features) : BLOCKS_MANY * block_rows(features);
}

static void pass_fused(const struct dataset *data, size_t row_begin, size_t row_end,
                       const struct models *models, const struct pass_sums *sums, double *scratch)
{
    size_t most = rows_at_once(data->features, models->count);
    for (size_t i = row_begin; i < row_end; i += most) {
        size_t rows = row_end - i < most ? row_end - i : most;
        if (models->count == 1)
            block_one(data->X + i * data->features, data->y + i, rows, row_end - i - rows, models,
                      sums, scratch);
        else
            kernel_blas.pass(data, i, i + rows, models, sums, scratch);
    }
}

/* Z of a block; blocks have the most rows where there is one feature. */
static size_t scratch_fused(size_t rows, size_t models)
{
    size_t most = rows_at_once(1, models);
    return (rows < most ? rows : most) * models;
}

/* X and y once; Z stays in the cache. */
static double bytes_fused(double rows, double features, double models)
{
    (void)models;
    return 8.0 * rows * (features + 1.0);
}

const struct kernel kernel_fused = {
    .entry = {"fused",
              "blocks that stay in cache: X is read once; dgemm on blocks for several models"},
    .pass = pass_fused,
    .scratch = scratch_fused,
    .sgd_epoch = sgd_epoch_inlined,
    .flops = pass_flops,
    .bytes = bytes_fused,
};
