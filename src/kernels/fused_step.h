/* SPDX-License-Identifier: MIT
 *
 * The step of the fused pass: a few rows, for which z = x.w + b is summed, while the same number of
 * rows before them get their share of the gradient, g += x r. w and g are loaded (and g stored)
 * once for all rows of the step, whose chains of additions run side by side.
 *
 * Rows abreast are several streams of memory, which some processors follow badly: a row of 100
 * features ends before its stream is recognised. So there are steps whose rows are read one after
 * the other, as they lie, each followed by its share of the gradient of the rows before.
 *
 * How a step is laid out is a constant where these are inlined: how many rows it has abreast,
 * whether eight numbers are one vector or two halves, and where the lines are asked for that come
 * next. None of this changes a sum. z is the sum of eight lanes (of LANES, where vectors are
 * shorter), then of four features more, then of those that are left, each in ascending order; g
 * gets one row after the other.
 */
#ifndef DESCENT_KERNELS_FUSED_STEP_H
#define DESCENT_KERNELS_FUSED_STEP_H

#include "kernels/points.h"
#include "kernels/vector.h"

enum {
    STEP_ROWS = 8, /* at most, and a divisor of POINT_ROWS */
    TURNS = 4,     /* rows of a step that are read one after the other */
    LINE = 8,      /* doubles of a cache line */
    ABREAST = 3,   /* models in one step, for which rows are loaded once */
};

/* Which lines are asked for, and into which cache: none; the lines ahead of each row abreast, into
 * the first-level cache, into the second, or into the first past the others; or those that come
 * next in memory, one after the other, into the first or the second. */
enum ask { ASK_none, ASK_l1, ASK_l2, ASK_once, ASK_next1, ASK_next2 };
enum { WIDTH_whole = 0, WIDTH_half = 1 };

/* What is a constant of a step. */
struct step_shape {
    size_t rows; /* abreast: 2, 4 or 8 */
    size_t models;
    bool halves;  /* eight lanes are two vectors of four */
    bool in_turn; /* the rows, TURNS of one model, are read one after the other */
    enum ask ask;
};

/* What a pass has of one model. */
struct one {
    const double *w; /* (d) */
    double b;
    double *g;     /* (d) */
    double *z, *r; /* (GROUP_ROWS) sums of this group, residuals of the one before */
    struct points points;
};

/* The rows of one step: for every model z = x w, and g += before' r. */
struct fused_step {
    const double *x, *before; /* (rows, d) */
    size_t row;               /* of the group: of z and r */
    size_t ahead;             /* doubles from what is used to what is asked for */
    const struct one *one;    /* (models) */
};

/* The sums that make up z of each row: in vectors or their halves, in four lanes, one by one. */
struct step_sums {
    vector whole[STEP_ROWS];
    quad half[2][STEP_ROWS];
    quad quarter[STEP_ROWS];
    double single[STEP_ROWS];
};

INLINED void ask_for(const double *x, enum ask ask)
{
    if (ask == ASK_l1 || ask == ASK_next1)
        __builtin_prefetch(x);
    else if (ask == ASK_l2 || ask == ASK_next2)
        __builtin_prefetch(x, 0, 2);
    else if (ask == ASK_once)
        __builtin_prefetch(x, 0, 0);
}

INLINED bool ask_is_next(enum ask ask)
{
    return ask == ASK_next1 || ask == ASK_next2;
}

/* Weights, gradients and residuals of every model: copies, which a store to g cannot change. */
struct step_models {
    const double *w[ABREAST];
    double *g[ABREAST], r[ABREAST][STEP_ROWS];
};

INLINED struct step_models step_models(const struct fused_step *step, struct step_shape shape)
{
    struct step_models models;
    UNROLLED_LOOP
    for (size_t m = 0; m < shape.models; m++) {
        models.w[m] = step->one[m].w;
        models.g[m] = step->one[m].g;
        UNROLLED_LOOP
        for (size_t i = 0; i < shape.rows; i++)
            models.r[m][i] = step->one[m].r[step->row + i];
    }
    return models;
}

/* Features [0, to) in steps of a vector; returns where it stopped. */
INLINED size_t step_vectors(const struct fused_step *step, size_t d, struct step_shape shape,
                            struct step_sums sums[])
{
    const double *const x = step->x, *const before = step->before;
    const size_t ahead = step->ahead;
    const struct step_models models = step_models(step, shape);
    size_t f = 0;
    for (; f + LANES <= d; f += LANES) {
        vector sum_g[ABREAST];
        UNROLLED_LOOP
        for (size_t m = 0; m < shape.models; m++)
            sum_g[m] = *vectors_at(models.g[m] + f);
        UNROLLED_LOOP
        for (size_t i = 0; i < shape.rows; i++) {
            if (!ask_is_next(shape.ask))
                ask_for(x + i * d + f + ahead, shape.ask);
            else if (i * LANES % LINE == 0)
                ask_for(x + shape.rows * f + i * LANES + ahead, shape.ask);
            UNROLLED_LOOP
            for (size_t m = 0; m < shape.models; m++) {
                sums[m].whole[i] = vector_multiply_add(
                    *vectors_at(x + i * d + f), *vectors_at(models.w[m] + f), sums[m].whole[i]);
                sum_g[m] = vector_multiply_add(*vectors_at(before + i * d + f),
                                               vector_of(models.r[m][i]), sum_g[m]);
            }
        }
        UNROLLED_LOOP
        for (size_t m = 0; m < shape.models; m++)
            *(vector *)(void *)(models.g[m] + f) = sum_g[m];
    }
    return f;
}

/* The same with eight lanes as two halves, for one model. */
INLINED size_t step_halves(const struct fused_step *step, size_t d, struct step_shape shape,
                           struct step_sums *sums)
{
    const double *const x = step->x, *const before = step->before;
    const size_t ahead = step->ahead;
    const struct step_models models = step_models(step, shape);
    const double *const w = models.w[0];
    double *const g = models.g[0];
    size_t f = 0;
    for (; f + 8 <= d; f += 8) {
        UNROLLED_LOOP
        for (size_t h = 0; h < 2; h++) {
            const size_t at = f + 4 * h;
            const quad w_half = *quads_at(w + at);
            quad sum_g = *quads_at(g + at);
            UNROLLED_LOOP
            for (size_t i = 0; i < shape.rows; i++) {
                const quad residual = models.r[0][i] - (quad){0};
                if (h == 0)
                    ask_for(x + i * d + f + ahead, shape.ask);
                quad_accumulate(&sums->half[h][i], quads_at(x + i * d + at), &w_half);
                quad_accumulate(&sum_g, quads_at(before + i * d + at), &residual);
            }
            *(quad *)(void *)(g + at) = sum_g;
        }
    }
    return f;
}

/* Asks for the lines of the features from `f` on, which do not fill a vector: no vector may be in
 * them. */
INLINED void ask_for_rest(const struct fused_step *step, size_t d, size_t f,
                          struct step_shape shape)
{
    if (ask_is_next(shape.ask)) {
        for (size_t l = shape.rows * f; l < shape.rows * d; l += LINE)
            ask_for(step->x + l + step->ahead, shape.ask);
    } else if (f < d) {
        UNROLLED_LOOP
        for (size_t i = 0; i < shape.rows; i++)
            ask_for(step->x + (i + 1) * d - 1 + step->ahead, shape.ask);
    }
}

/* The features of one model from `f` on, which do not fill a vector. */
INLINED void step_rest(const struct fused_step *step, const struct one *one, size_t d, size_t f,
                       struct step_shape shape, struct step_sums *sums)
{
    const double *r = one->r + step->row;
    ask_for_rest(step, d, f, shape);
    if (LANES > 4 && f + 4 <= d) {
        const quad w = *quads_at(one->w + f);
        quad g = *quads_at(one->g + f);
        UNROLLED_LOOP
        for (size_t i = 0; i < shape.rows; i++) {
            const quad residual = r[i] - (quad){0};
            quad_accumulate(&sums->quarter[i], quads_at(step->x + i * d + f), &w);
            quad_accumulate(&g, quads_at(step->before + i * d + f), &residual);
        }
        *(quad *)(void *)(one->g + f) = g;
        f += 4;
    }
    for (; f < d; f++)
        UNROLLED_LOOP
    for (size_t i = 0; i < shape.rows; i++) {
        sums->single[i] = multiply_add(step->x[i * d + f], one->w[f], sums->single[i]);
        one->g[f] = multiply_add(step->before[i * d + f], r[i], one->g[f]);
    }
}

/* z of the rows from the parts of their sums. */
INLINED void step_close(const struct fused_step *step, const struct one *one,
                        struct step_shape shape, struct step_sums *sums)
{
    UNROLLED_LOOP
    for (size_t i = 0; i < shape.rows; i++) {
        if (shape.halves) {
            sums->quarter[i] += sums->half[0][i];
            sums->quarter[i] += sums->half[1][i];
        } else {
            quad_add(&sums->quarter[i], &sums->whole[i]);
        }
    }
    UNROLLED_LOOP
    for (size_t i = 0; i < shape.rows; i += 4) {
        quad z;
        quad_sums(&sums->quarter[i], &z); /* of two rows: the others are zero */
        UNROLLED_LOOP
        for (size_t j = 0; j < (shape.rows < 4 ? shape.rows : 4); j++)
            one->z[step->row + i + j] = z[j] + sums->single[i + j];
    }
}

/* z of row i in vectors, features [0, to). */
INLINED vector turn_sum(const struct fused_step *step, size_t i, size_t d, size_t to, enum ask ask)
{
    const double *const x = step->x + i * d, *const w = step->one->w;
    vector sum = vector_of(0.0);
    size_t f = 0;
    for (; f + LINE <= to; f += LINE) {
        ask_for(x + f + step->ahead, ask);
        UNROLLED_LOOP
        for (size_t v = f; v < f + LINE; v += LANES)
            sum = vector_multiply_add(*vectors_at(x + v), *vectors_at(w + v), sum);
    }
    if (f < to)
        ask_for(x + f + step->ahead, ask);
    for (; f < to; f += LANES)
        sum = vector_multiply_add(*vectors_at(x + f), *vectors_at(w + f), sum);
    return sum;
}

/* g += before' r of TURNS rows, features [f, to) in steps of a vector. */
INLINED void turn_gradient(const struct fused_step *step, const struct step_models *models,
                           size_t d, size_t f, size_t to)
{
    const double *const before = step->before;
    double *const g = models->g[0];
    for (; f < to; f += LANES) {
        vector sum = *vectors_at(g + f);
        UNROLLED_LOOP
        for (size_t i = 0; i < TURNS; i++)
            sum = vector_multiply_add(*vectors_at(before + i * d + f), vector_of(models->r[0][i]),
                                      sum);
        *(vector *)(void *)(g + f) = sum;
    }
}

/* A step of one model with TURNS rows, read one after the other. */
INLINED void take_step_in_turn(const struct fused_step *step, size_t d, struct step_shape shape)
{
    const struct step_models models = step_models(step, shape);
    const size_t vectors = d / LANES;
    struct step_sums sums = {0};
    UNROLLED_LOOP
    for (size_t i = 0; i < TURNS; i++) {
        sums.whole[i] = turn_sum(step, i, d, vectors * LANES, shape.ask);
        turn_gradient(step, &models, d, vectors * i / TURNS * LANES,
                      vectors * (i + 1) / TURNS * LANES);
    }
    step_rest(step, step->one, d, vectors * LANES, shape, &sums);
    step_close(step, step->one, shape, &sums);
}

INLINED void take_step(const struct fused_step *step, size_t d, struct step_shape shape)
{
    if (shape.in_turn) {
        take_step_in_turn(step, d, shape);
        return;
    }
    struct step_sums sums[ABREAST] = {0};
    size_t f =
        shape.halves ? step_halves(step, d, shape, sums) : step_vectors(step, d, shape, sums);
    UNROLLED_LOOP
    for (size_t m = 0; m < shape.models; m++) {
        step_rest(step, &step->one[m], d, f, shape, &sums[m]);
        step_close(step, &step->one[m], shape, &sums[m]);
    }
}

#endif
