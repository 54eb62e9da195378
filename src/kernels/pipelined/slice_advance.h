/* SPDX-License-Identifier: MIT
 *
 * The loop over a slice of the features of one model, once a sample: the step of sample i, and what
 * sample i + 3 needs until it is its turn,
 *
 *     w = shrink w + step x_i
 *     x_{i+3}.w    x_{i+3}.x_{i+2}    x_{i+3}.x_{i+1}
 *
 * By vector it is five operations and five loads, of rows that are in the first-level cache from
 * the samples before, but for one. Each of the three sums has two chains of additions, for vectors
 * that are even and odd: a chain alone, an addition of four cycles a vector, would be what a row
 * takes.
 *
 * What is made of a slice does not depend on who makes it; sums of slices are added up in their
 * order.
 */
#ifndef DESCENT_KERNELS_PIPELINED_SLICE_ADVANCE_H
#define DESCENT_KERNELS_PIPELINED_SLICE_ADVANCE_H

#include "kernels/vector.h"

enum {
    DEPTH = 2,          /* steps that are taken between making the sum of a sample and using it */
    WINDOW = DEPTH + 2, /* samples that a step has to do with: its own, and those up to the one
                         * whose sums are made */
    CHAINS = 2,         /* of a sum */
    SUMS = DEPTH + 1,
};

/* Features [begin, end). */
struct slice {
    size_t begin, end;
};

/* Sums over features that a sample needs: x.w with the weights before the DEPTH samples before it,
 * and the products with their rows, the nearest first. */
struct sample_sums {
    double weights;
    double rows[DEPTH];
};

static inline void sample_sums_add(struct sample_sums *total, const struct sample_sums *sums)
{
    total->weights += sums->weights;
    for (size_t i = 0; i < DEPTH; i++)
        total->rows[i] += sums->rows[i];
}

/* `count` features from the f-th on, a vector or the rest of one. */
INLINED vector slice_load(const double *x, size_t f, size_t count)
{
    return count == LANES ? *vectors_at(x + f) : vector_first(x + f, count);
}

/* One vector of features. */
INLINED void slice_advance_vector(const double *const x[WINDOW], vector step, vector shrink,
                                  double *w, size_t f, size_t count, vector sums[SUMS])
{
    const vector next = slice_load(x[WINDOW - 1], f, count);
    vector *at = (vector *)(void *)(w + f);
    const vector weights = vector_multiply_add(step, slice_load(x[0], f, count), shrink * *at);
    *at = weights;
    sums[0] = vector_accumulate(sums[0], next, weights);
    UNROLLED_LOOP
    for (size_t i = 1; i <= DEPTH; i++)
        sums[i] = vector_accumulate(sums[i], next, slice_load(x[WINDOW - 1 - i], f, count));
}

/* The lanes of both chains of all sums. */
INLINED struct sample_sums slice_add_up(vector sums[CHAINS][SUMS])
{
    struct sample_sums totals;
    quad folded[4] = {0}, numbers;
    UNROLLED_LOOP
    for (size_t i = 0; i < SUMS; i++) {
        const vector both = sums[0][i] + sums[1][i];
        vector_fold(&folded[i], &both);
    }
    quad_sums(folded, &numbers);
    totals.weights = numbers[0];
    UNROLLED_LOOP
    for (size_t i = 0; i < DEPTH; i++)
        totals.rows[i] = numbers[1 + i];
    return totals;
}

/* x: the rows of the window, that of the step first; w: the weights of all features, padded to
 * whole vectors; asked: a row that is asked for, since it is needed soon. */
INLINED struct sample_sums slice_advance(struct slice slice, const double *const x[WINDOW],
                                         double step, double shrink, double *w, const double *asked)
{
    enum { STRIDE = CHAINS * LANES, LINE = 8 };
    const vector steps = vector_of(step), shrinks = vector_of(shrink);
    vector sums[CHAINS][SUMS] = {0};
    size_t f = slice.begin;
    for (; f + STRIDE <= slice.end; f += STRIDE) {
        UNROLLED_LOOP
        for (size_t a = 0; a < STRIDE; a += LINE)
            __builtin_prefetch(asked + f + a);
        UNROLLED_LOOP
        for (size_t c = 0; c < CHAINS; c++)
            slice_advance_vector(x, steps, shrinks, w, f + c * LANES, LANES, sums[c]);
    }
    if (f < slice.end)
        __builtin_prefetch(asked + f);
    if (f + LANES <= slice.end) {
        slice_advance_vector(x, steps, shrinks, w, f, LANES, sums[0]);
        f += LANES;
    }
    if (f < slice.end)
        slice_advance_vector(x, steps, shrinks, w, f, slice.end - f, sums[1]);
    return slice_add_up(sums);
}

/* x.w over the slice. */
static inline double slice_dot(struct slice slice, const double *x, const double *w)
{
    return vector_dot(x + slice.begin, w + slice.begin, slice.end - slice.begin);
}

#endif
