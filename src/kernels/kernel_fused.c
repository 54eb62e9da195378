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
 * Several models are taken in pairs, which share what is loaded of X; each is added up as if it
 * were alone, so that its bits are the same. For five and more, `batched` is the kernel.
 */
#include "kernels/kernel.h"
#include "kernels/phases/phase_slot.h"
#include "kernels/points.h"
#include "kernels/vector.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
    GROUP_BYTES = 8192, /* of X: two groups lie in the nearest cache, with w and g */
    GROUP_ROWS = 128,   /* at most, and a multiple of POINT_ROWS */
    TOGETHER = 4,       /* rows in one step */
    ABREAST = 3,        /* models in one step, for which rows are loaded once */
    AHEAD = 256,        /* doubles between asking for a line and using it */
};

/* What a pass has of one model. */
struct one {
    const double *w; /* (d) */
    double b;
    double *g;     /* (d) */
    double *z, *r; /* (GROUP_ROWS) sums of this group, residuals of the one before */
    struct points points;
};

/* Where a pass is at. */
struct fusion {
    size_t features;
    const double *x, *before; /* (rows, d) this group and the one before */
    size_t rows_before;       /* 0: there is none */
    size_t models;
    struct one one[ABREAST];
};

/* Four rows in one step: for every model z = x w, and g += before' r. */
struct fused_step {
    const double *x, *before; /* (4, d) */
    size_t row;               /* of the group: of z and r */
    const struct one *one;    /* (models) */
};

/* The sums that make up z of each row: in vectors, in four lanes, and one by one. */
struct step_sums {
    vector whole[TOGETHER];
    quad quarter[TOGETHER];
    double single[TOGETHER];
};

/* Features [0, to) in steps of a vector; returns where it stopped. `models` is a constant where
 * this is inlined. */
INLINED size_t step_vectors(const struct fused_step *step, size_t d, size_t models,
                            struct step_sums sums[])
{
    const size_t ahead = TOGETHER * d > AHEAD ? TOGETHER * d : AHEAD;
    const double *const x = step->x, *const before = step->before;
    const double *w[ABREAST];
    double *g[ABREAST], r[ABREAST][TOGETHER]; /* copies: a store to g cannot change them */
    UNROLLED_LOOP
    for (size_t m = 0; m < models; m++) {
        w[m] = step->one[m].w;
        g[m] = step->one[m].g;
        UNROLLED_LOOP
        for (size_t i = 0; i < TOGETHER; i++)
            r[m][i] = step->one[m].r[step->row + i];
    }
    size_t f = 0;
    for (; f + LANES <= d; f += LANES) {
        vector sum_g[ABREAST];
        UNROLLED_LOOP
        for (size_t m = 0; m < models; m++)
            sum_g[m] = *vectors_at(g[m] + f);
        UNROLLED_LOOP
        for (size_t i = 0; i < TOGETHER; i++) {
            __builtin_prefetch(x + i * d + f + ahead);
            UNROLLED_LOOP
            for (size_t m = 0; m < models; m++) {
                sums[m].whole[i] = vector_multiply_add(*vectors_at(x + i * d + f),
                                                       *vectors_at(w[m] + f), sums[m].whole[i]);
                sum_g[m] = vector_multiply_add(*vectors_at(before + i * d + f), vector_of(r[m][i]),
                                               sum_g[m]);
            }
        }
        UNROLLED_LOOP
        for (size_t m = 0; m < models; m++)
            *(vector *)(void *)(g[m] + f) = sum_g[m];
    }
    return f;
}

/* The features of one model from `f` on, which do not fill a vector. */
INLINED void step_rest(const struct fused_step *step, const struct one *one, size_t d, size_t f,
                       struct step_sums *sums)
{
    const double *r = one->r + step->row;
    if (LANES > 4 && f + 4 <= d) {
        const quad w = *quads_at(one->w + f);
        quad g = *quads_at(one->g + f);
        UNROLLED_LOOP
        for (size_t i = 0; i < TOGETHER; i++) {
            const quad residual = r[i] - (quad){0};
            quad_accumulate(&sums->quarter[i], quads_at(step->x + i * d + f), &w);
            quad_accumulate(&g, quads_at(step->before + i * d + f), &residual);
        }
        *(quad *)(void *)(one->g + f) = g;
        f += 4;
    }
    for (; f < d; f++)
        UNROLLED_LOOP
    for (size_t i = 0; i < TOGETHER; i++) {
        sums->single[i] = multiply_add(step->x[i * d + f], one->w[f], sums->single[i]);
        one->g[f] = multiply_add(step->before[i * d + f], r[i], one->g[f]);
    }
}

/* z of four rows from the parts of their sums. */
INLINED void step_close(const struct fused_step *step, const struct one *one,
                        struct step_sums *sums)
{
    UNROLLED_LOOP
    for (size_t i = 0; i < TOGETHER; i++)
        quad_add(&sums->quarter[i], &sums->whole[i]);
    quad z;
    quad_sums(sums->quarter, &z);
    UNROLLED_LOOP
    for (size_t i = 0; i < TOGETHER; i++)
        one->z[step->row + i] = z[i] + sums->single[i];
}

INLINED void take_step(const struct fused_step *step, size_t d, size_t models)
{
    struct step_sums sums[ABREAST] = {0};
    size_t f = step_vectors(step, d, models, sums);
    UNROLLED_LOOP
    for (size_t m = 0; m < models; m++) {
        step_rest(step, &step->one[m], d, f, &sums[m]);
        step_close(step, &step->one[m], &sums[m]);
    }
}

/* The first rows of both groups, four at a time, of which there are `rows`; returns how many. */
INLINED size_t take_steps(const struct fusion *fusion, size_t rows, size_t models)
{
    size_t d = fusion->features, i = 0;
    for (; i + TOGETHER <= rows; i += TOGETHER) {
        const struct fused_step step = {
            .x = fusion->x + i * d,
            .before = fusion->before + i * d,
            .row = i,
            .one = fusion->one,
        };
        take_step(&step, d, models);
    }
    return i;
}

/* The same, with the number of models known when compiled. */
static size_t take_steps_of_all(const struct fusion *fusion, size_t rows)
{
    switch (fusion->models) {
    case 1:
        return take_steps(fusion, rows, 1);
    case 2:
        return take_steps(fusion, rows, 2);
    default:
        return take_steps(fusion, rows, ABREAST);
    }
}

/* z = x.w of one row */
static double row_sum(const struct one *one, const double *x, size_t d)
{
    return vector_dot(x, one->w, d);
}

/* g += x r of one row */
static void row_gradient(const struct one *one, const double *x, size_t d, double r)
{
#pragma omp simd
    for (size_t f = 0; f < d; f++)
        one->g[f] = multiply_add(x[f], r, one->g[f]);
}

/* The sums of a group of `rows` and the gradient of the one before it. */
static void sweep(const struct fusion *fusion, size_t rows)
{
    size_t d = fusion->features;
    size_t both = rows < fusion->rows_before ? rows : fusion->rows_before;
    size_t i = take_steps_of_all(fusion, both);
    for (const struct one *one = fusion->one; one < fusion->one + fusion->models; one++) {
        for (size_t j = i; j < rows; j++)
            one->z[j] = row_sum(one, fusion->x + j * d, d);
        for (size_t j = i; j < fusion->rows_before; j++)
            row_gradient(one, fusion->before + j * d, d, one->r[j]);
    }
}

static size_t group_rows(size_t features)
{
    assert(features > 0);
    size_t rows = GROUP_BYTES / sizeof(double) / features / POINT_ROWS * POINT_ROWS;
    if (rows < POINT_ROWS)
        return POINT_ROWS;
    return rows < GROUP_ROWS ? rows : GROUP_ROWS;
}

/* From the sums of a group to its residuals. */
static void take_points(struct one *one, size_t rows, const double *y)
{
    for (size_t i = 0; i < rows; i++)
        one->z[i] += one->b;
    points_add_rows(&one->points, rows, y, one->z);
    double *residuals = one->z;
    one->z = one->r;
    one->r = residuals;
}

/* One group more; with no rows only the gradient of the last one. */
static void advance(struct fusion *fusion, size_t rows, const double *y)
{
    phase_block();
    sweep(fusion, rows);
    phase_done(PHASE_PRODUCTS);
    for (size_t m = 0; m < fusion->models; m++)
        take_points(&fusion->one[m], rows, y);
    phase_done(PHASE_LOSS);
    fusion->before = fusion->x;
    fusion->rows_before = rows;
    fusion->x += rows * fusion->features;
}

static void take_rows(const struct dataset *data, size_t row_begin, size_t row_end,
                      struct fusion *fusion)
{
    size_t most = group_rows(fusion->features);
    fusion->x = data->X + row_begin * fusion->features;
    for (size_t i = row_begin; i < row_end; i += most)
        advance(fusion, row_end - i < most ? row_end - i : most, data->y + i);
    advance(fusion, 0, NULL);
}

/* Doubles of one model. */
static size_t one_numbers(size_t features)
{
    return POINT_SUMS * POINT_ROWS + 2 * GROUP_ROWS + 2 * features;
}

static struct one open_one(const struct dataset *data, const struct models *models, size_t j,
                           double *numbers)
{
    size_t d = models->features;
    double *z = numbers + POINT_SUMS * POINT_ROWS, *w = z + 2 * GROUP_ROWS;
    models_copy_weights(models, j, w);
    memset(w + d, 0, d * sizeof *w);
    return (struct one){.w = w,
                        .b = models->b[j],
                        .g = w + d,
                        .z = z,
                        .r = z + GROUP_ROWS,
                        .points = points_open(data, POINT_ROWS, numbers)};
}

static void close_one(struct one *one, size_t j, size_t d, size_t k, const struct pass_sums *sums)
{
    for (size_t f = 0; f < d; f++)
        sums->G[f * k + j] += one->g[f];
    points_close_rows(&one->points, j, sums);
}

static void pass_fused(const struct dataset *data, size_t row_begin, size_t row_end,
                       const struct models *models, const struct pass_sums *sums, double *scratch)
{
    size_t d = data->features, k = models->count;
    for (size_t j = 0; j < k; j += ABREAST) {
        struct fusion fusion = {.features = d, .models = k - j < ABREAST ? k - j : ABREAST};
        for (size_t m = 0; m < fusion.models; m++)
            fusion.one[m] = open_one(data, models, j + m, scratch + m * one_numbers(d));
        take_rows(data, row_begin, row_end, &fusion);
        for (size_t m = 0; m < fusion.models; m++)
            close_one(&fusion.one[m], j + m, d, k, sums);
    }
}

static size_t scratch_fused(size_t rows, size_t features, size_t models)
{
    (void)rows;
    return (models < ABREAST ? models : ABREAST) * one_numbers(features);
}

/* X and y, once for the models that are taken abreast. */
static double bytes_fused(struct problem_size problem)
{
    return ceil(problem.models / (double)ABREAST) * bytes_one_reading(problem);
}

static struct phase_cost phase_cost_fused(enum phase phase, struct problem_size problem)
{
    const double readings = ceil(problem.models / (double)ABREAST);
    if (phase == PHASE_PRODUCTS)
        return (struct phase_cost){pass_phase_flops(phase, problem),
                                   readings * bytes_entries(problem)};
    if (phase == PHASE_LOSS)
        return (struct phase_cost){pass_phase_flops(phase, problem),
                                   readings * bytes_rows(problem)};
    return (struct phase_cost){0};
}

const struct kernel kernel_fused = {
    .entry = {"fused", "gradient descent of a few models: X is read once, at the speed of memory"},
    .takes = TAKES_DENSE,
    .pass = pass_fused,
    .scratch = scratch_fused,
    .flops = pass_flops,
    .bytes = bytes_fused,
    .phase_cost = phase_cost_fused,
};
