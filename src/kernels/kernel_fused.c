/* SPDX-License-Identifier: MIT
 *
 * Loss and gradient of one model from one reading of X.
 *
 * Two calls of dgemv read X twice. Here a few rows are finished before others are touched: first
 * their sums z = x.w + b, then the residuals r = sigmoid(z) - y, then their share of the gradient,
 * g += x r, for which the rows are still in the nearest cache. So X comes from memory once, and the
 * limit is the time to read it.
 *
 * To come near it, memory must never rest. The residuals of a group of rows wait for its sums, so
 * the two sweeps are interleaved: the sums of one group and the gradient of the group before it are
 * taken in one loop, which at every step asks for what will be needed soon. w and g are loaded (and
 * g stored) once for four rows, whose chains of additions run side by side.
 *
 * Several models are taken one after the other; `batched` is the kernel for them.
 *
 * Compiled with -ffp-contract=fast: every a * b + c here is meant to be one operation.
 */
#include "kernels/kernel.h"
#include "kernels/points.h"
#include "kernels/vector.h"

#include <assert.h>
#include <string.h>

enum {
    GROUP_BYTES = 8192, /* of X: two groups lie in the nearest cache, with w and g */
    GROUP_ROWS = 128,   /* at most, and a multiple of POINT_ROWS */
    TOGETHER = 4,       /* rows in one step */
    AHEAD = 256,        /* doubles between asking for a line and using it */
};

/* Where one model of the pass is at. */
struct fusion {
    size_t features;
    const double *w; /* (d) */
    double b;
    double *g;                /* (d) */
    double *z, *r;            /* (GROUP_ROWS) sums of this group, residuals of the one before */
    const double *x, *before; /* (rows, d) this group and the one before */
    size_t rows_before;       /* 0: there is none */
    struct points points;
};

/* Four rows in one step: z = x w, and g += before' r. */
struct step {
    const double *x, *before; /* (4, d) */
    const double *r;          /* (4) */
    const double *w;          /* (d) */
    double *g;                /* (d) */
    double *z;                /* (4) */
};

/* The sums that make up z of each row: in vectors, in four lanes, and one by one. */
struct step_sums {
    vector whole[TOGETHER];
    quad quarter[TOGETHER];
    double single[TOGETHER];
};

/* Features [from, to) in steps of a vector; returns where it stopped. */
INLINED size_t step_vectors(const struct step *step, size_t d, struct step_sums *sums)
{
    size_t ahead = TOGETHER * d > AHEAD ? TOGETHER * d : AHEAD;
    size_t f = 0;
    for (; f + LANES <= d; f += LANES) {
        const vector w = *vectors_at(step->w + f);
        vector g = *vectors_at(step->g + f);
        UNROLLED_LOOP
        for (size_t i = 0; i < TOGETHER; i++) {
            __builtin_prefetch(step->x + i * d + f + ahead);
            sums->whole[i] += *vectors_at(step->x + i * d + f) * w;
            g += *vectors_at(step->before + i * d + f) * step->r[i];
        }
        *(vector *)(void *)(step->g + f) = g;
    }
    return f;
}

/* The features from `f` on, which do not fill a vector. */
INLINED void step_rest(const struct step *step, size_t d, size_t f, struct step_sums *sums)
{
    if (LANES > 4 && f + 4 <= d) {
        const quad w = *quads_at(step->w + f);
        quad g = *quads_at(step->g + f);
        UNROLLED_LOOP
        for (size_t i = 0; i < TOGETHER; i++) {
            sums->quarter[i] += *quads_at(step->x + i * d + f) * w;
            g += *quads_at(step->before + i * d + f) * step->r[i];
        }
        *(quad *)(void *)(step->g + f) = g;
        f += 4;
    }
    for (; f < d; f++)
        UNROLLED_LOOP
    for (size_t i = 0; i < TOGETHER; i++) {
        sums->single[i] += step->x[i * d + f] * step->w[f];
        step->g[f] += step->before[i * d + f] * step->r[i];
    }
}

INLINED void take_step(const struct step *step, size_t d)
{
    struct step_sums sums = {0};
    step_rest(step, d, step_vectors(step, d, &sums), &sums);
    UNROLLED_LOOP
    for (size_t i = 0; i < TOGETHER; i++)
        quad_add(&sums.quarter[i], &sums.whole[i]);
    quad z;
    quad_sums(sums.quarter, &z);
    UNROLLED_LOOP
    for (size_t i = 0; i < TOGETHER; i++)
        step->z[i] = z[i] + sums.single[i];
}

/* z = x.w of one row */
static double row_sum(const struct fusion *fusion, const double *x)
{
    double z = 0.0;
#pragma omp simd reduction(+ : z)
    for (size_t f = 0; f < fusion->features; f++)
        z += x[f] * fusion->w[f];
    return z;
}

/* g += x r of one row */
static void row_gradient(const struct fusion *fusion, const double *x, double r)
{
#pragma omp simd
    for (size_t f = 0; f < fusion->features; f++)
        fusion->g[f] += x[f] * r;
}

/* The sums of a group of `rows` and the gradient of the one before it. */
static void sweep(const struct fusion *fusion, size_t rows)
{
    size_t d = fusion->features, i = 0;
    size_t both = rows < fusion->rows_before ? rows : fusion->rows_before;
    for (; i + TOGETHER <= both; i += TOGETHER) {
        const struct step step = {
            .x = fusion->x + i * d,
            .before = fusion->before + i * d,
            .r = fusion->r + i,
            .w = fusion->w,
            .g = fusion->g,
            .z = fusion->z + i,
        };
        take_step(&step, d);
    }
    for (size_t j = i; j < rows; j++)
        fusion->z[j] = row_sum(fusion, fusion->x + j * d);
    for (size_t j = i; j < fusion->rows_before; j++)
        row_gradient(fusion, fusion->before + j * d, fusion->r[j]);
}

static size_t group_rows(size_t features)
{
    assert(features > 0);
    size_t rows = GROUP_BYTES / sizeof(double) / features / POINT_ROWS * POINT_ROWS;
    if (rows < POINT_ROWS)
        return POINT_ROWS;
    return rows < GROUP_ROWS ? rows : GROUP_ROWS;
}

/* One group more; with no rows only the gradient of the last one. */
static void advance(struct fusion *fusion, size_t rows, const double *y)
{
    sweep(fusion, rows);
    for (size_t i = 0; i < rows; i++)
        fusion->z[i] += fusion->b;
    points_add_rows(&fusion->points, rows, y, fusion->z);
    double *residuals = fusion->z;
    fusion->z = fusion->r;
    fusion->r = residuals;
    fusion->before = fusion->x;
    fusion->rows_before = rows;
    fusion->x += rows * fusion->features;
}

static void pass_one(const struct dataset *data, size_t row_begin, size_t row_end,
                     struct fusion *fusion)
{
    size_t most = group_rows(fusion->features);
    fusion->x = data->X + row_begin * fusion->features;
    fusion->rows_before = 0;
    for (size_t i = row_begin; i < row_end; i += most)
        advance(fusion, row_end - i < most ? row_end - i : most, data->y + i);
    advance(fusion, 0, NULL);
}

static void pass_fused(const struct dataset *data, size_t row_begin, size_t row_end,
                       const struct models *models, const struct pass_sums *sums, double *scratch)
{
    size_t d = data->features, k = models->count;
    double *numbers = scratch, *z = numbers + POINT_SUMS * POINT_ROWS;
    double *w = z + 2 * GROUP_ROWS, *g = w + d;
    for (size_t j = 0; j < k; j++) {
        struct fusion fusion = {.features = d, .w = w, .b = models->b[j], .g = g, .z = z};
        fusion.r = z + GROUP_ROWS;
        fusion.points = points_open(POINT_ROWS, numbers);
        models_copy_weights(models, j, w);
        memset(g, 0, d * sizeof *g);
        pass_one(data, row_begin, row_end, &fusion);
        for (size_t f = 0; f < d; f++)
            sums->G[f * k + j] += g[f];
        points_close_rows(&fusion.points, j, sums);
    }
}

static size_t scratch_fused(size_t rows, size_t features, size_t models)
{
    (void)rows, (void)models;
    return POINT_SUMS * POINT_ROWS + 2 * GROUP_ROWS + 2 * features;
}

const struct kernel kernel_fused = {
    .entry = {"fused", "gradient descent of one model: X is read once, at the speed of memory"},
    .pass = pass_fused,
    .scratch = scratch_fused,
    .flops = pass_flops,
    .bytes = bytes_one_reading_a_model,
};
