/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD is a chain: sample i + 1 needs the weights that sample i leaves. Its time is the
 * latency of one link, whatever the bandwidth. With s = 1 for y = 1 and -1 for y = 0, a link is
 *
 *     z_i = x_i.w + b  ->  step_i = s rate / (1 + exp(s z_i))  ->  w, b
 *
 * What does not depend on the link before is taken out of it. First, the next sum looks one step
 * ahead:
 *
 *     z_{i+1} = a + step_i g,  a = shrink x_{i+1}.w + b,  g = x_{i+1}.x_i + 1,  shrink = 1 - rate
 * lambda
 *
 * with the w and b from before the step, so that the long sums run beside the link. Second, the
 * exponential is split, so that only a short polynomial and a division wait for the step (link.h).
 *
 * The rows of two samples and the weights are in the registers once for three things: the update by
 * sample i, the sum x_{i+2}.w with the weights that it leaves, and the product x_{i+2}.x_{i+1}.
 * These loops, and not the chain, are what rows of tens of features and more wait for.
 *
 * In a random order every row is a walk to memory that no hardware foresees, as long as several
 * links. But the order is known: the row of a few samples ahead is asked for in time. That helps
 * where rows follow each other, too, unless they are very short or very long.
 *
 * Several models are taken one after the other.
 */
#include "kernels/kernel.h"
#include "kernels/link.h"

enum {
    UNROLLED = 4,     /* features up to which an instance of its own exists */
    ROWS_AHEAD = 8,   /* between asking for a row and using it: a memory access in links */
    LINES_AHEAD = 16, /* of a row at most; from there on it is foreseen */
    LINE = 8,         /* doubles in a cache line */
};

/* The next sample. */
struct sample_link {
    const double *x;
    struct link link;
};

/* a.b, in order for small d, in vectors otherwise. */
INLINED double dot(const double *restrict a, const double *restrict b, size_t d)
{
    double sum = 0.0;
    if (d > UNROLLED)
        return vector_dot(a, b, d);
    for (size_t f = 0; f < d; f++)
        sum = multiply_add(a[f], b[f], sum);
    return sum;
}

/* w = shrink w + step x */
INLINED void update(double *restrict w, const double *restrict x, double step, double shrink,
                    size_t d)
{
    if (d <= UNROLLED) {
        for (size_t f = 0; f < d; f++)
            w[f] = multiply_add(step, x[f], shrink * w[f]);
        return;
    }
#pragma omp simd
    for (size_t f = 0; f < d; f++)
        w[f] = multiply_add(step, x[f], shrink * w[f]);
}

/* z itself; x.x' or the weights may be beyond a double, and then it is summed from w. */
INLINED double whole_sum(const struct sample_link *next, double previous, const double *w, double b,
                         size_t d)
{
    double z = link_sum(&next->link, previous);
    return __builtin_expect(isfinite(z), 1) ? z : dot(next->x, w, d) + b;
}

/* rate (y - a(z)) of the sample, after the step `previous` that w and b have seen. */
INLINED double step_length(const struct sample_link *next, double previous, const double *w,
                           double b, size_t d, enum activation activation)
{
    if (activation == ACTIVATION_HEAVISIDE)
        return link_step_heaviside(&next->link, whole_sum(next, previous, w, b, d));
    if (link_is_short(&next->link, previous))
        return link_step_short(&next->link, previous);
    return link_step_whole(&next->link, whole_sum(next, previous, w, b, d));
}

/* The products of a row with the weights and with the row before it. */
struct sums {
    double weights, before;
};

INLINED struct sums sums_of(const double *x, const double *before, const double *w, size_t d)
{
    return (struct sums){dot(x, w, d), dot(x, before, d) + 1.0};
}

/* w = shrink w + step x, and the sums of `next` with the new weights and with `before`. What is
 * read, rows and weights, is read once for all three; each number is what it is when they are done
 * one after the other. w has zeros up to a whole vector, which a step that is finite leaves so. */
INLINED struct sums update_and_sum(double *restrict w, const double *x, double step, double shrink,
                                   const double *next, const double *before, size_t d)
{
    if (__builtin_expect(!isfinite(step), 0)) {
        update(w, x, step, shrink, d);
        return sums_of(next, before, w, d);
    }
    const vector steps = vector_of(step), shrinks = vector_of(shrink);
    vector weights = vector_of(0.0), rows = vector_of(0.0);
    size_t f = 0;
    for (; f + LANES <= d; f += LANES) {
        const vector y = *vectors_at(next + f);
        vector *at = (vector *)(void *)(w + f);
        *at = vector_multiply_add(steps, *vectors_at(x + f), shrinks * *at);
        weights = vector_multiply_add(y, *at, weights);
        rows = vector_multiply_add(y, *vectors_at(before + f), rows);
    }
    if (f < d) {
        const vector y = vector_first(next + f, d - f);
        vector *at = (vector *)(void *)(w + f);
        *at = vector_multiply_add(steps, vector_first(x + f, d - f), shrinks * *at);
        weights = vector_multiply_add(y, *at, weights);
        rows = vector_multiply_add(y, vector_first(before + f, d - f), rows);
    }
    return (struct sums){vector_sum(weights), vector_sum(rows) + 1.0};
}

INLINED void prefetch_row(const struct sgd_epoch *epoch, size_t i, size_t d)
{
    const bool foreseen = epoch->order == NULL && (d <= UNROLLED || d > LINES_AHEAD * LINE);
    if (foreseen || i >= epoch->data->rows)
        return;
    const double *x = epoch->data->X + sgd_epoch_row(epoch, i) * d;
    size_t features = d < LINES_AHEAD * LINE ? d : LINES_AHEAD * LINE;
    for (size_t f = 0; f < features; f += LINE)
        __builtin_prefetch(x + f);
}

static inline const double *row_of(const struct sgd_epoch *epoch, size_t i, size_t d)
{
    return epoch->data->X + sgd_epoch_row(epoch, i) * d;
}

/* The link of sample i, whose sums are with the weights before the step of the sample before it;
 * the rates of classes 0 and 1. */
INLINED struct sample_link link_of(const struct sgd_epoch *epoch, size_t i, const struct sums *sums,
                                   double b, const double rates[2], double shrink, size_t d)
{
    size_t row = sgd_epoch_row(epoch, i);
    double a = multiply_add(shrink, sums->weights, b);
    return (struct sample_link){epoch->data->X + row * d,
                                link_to(epoch->data->y[row], a, sums->before, rates)};
}

/* One epoch of one model with weights w (d) and bias b; returns the bias. d and the activation are
 * constants where this is inlined. While the step of sample i is taken, the sums of sample i + 2
 * are made; those of short rows, which take no time, when they are needed. */
INLINED double run_chain(const struct sgd_epoch *epoch, double rate, double lambda,
                         double *restrict w, double b, size_t d, enum activation activation)
{
    const double shrink = 1.0 - rate * lambda;
    const double *weights = epoch->data->class_weights;
    const double rates[2] = {rate * weights[0], rate * weights[1]};
    const size_t rows = epoch->data->rows;
    const bool short_rows = d <= UNROLLED;
    const double *first = row_of(epoch, 0, d);
    struct sums sums = {dot(first, w, d), 0.0};
    struct sample_link link = link_of(epoch, 0, &sums, b, rates, 1.0, d);
    double step = 0.0;
    if (!short_rows && rows > 1)
        sums = sums_of(row_of(epoch, 1, d), first, w, d);
    for (size_t i = 0; i < rows; i++) {
        step = step_length(&link, step, w, b, d, activation);
        const double *x = link.x;
        if (short_rows && i + 1 < rows)
            sums = sums_of(row_of(epoch, i + 1, d), x, w, d);
        if (i + 1 < rows)
            link = link_of(epoch, i + 1, &sums, b, rates, shrink, d);
        prefetch_row(epoch, i + ROWS_AHEAD, d);
        if (!short_rows && i + 2 < rows)
            sums = update_and_sum(w, x, step, shrink, row_of(epoch, i + 2, d), link.x, d);
        else
            update(w, x, step, shrink, d);
        b += step;
    }
    return b;
}

INLINED double run_by_features(const struct sgd_epoch *epoch, size_t model, double *restrict w,
                               double b, enum activation activation)
{
    double rate = epoch->rates[model], lambda = epoch->lambdas[model];
    switch (epoch->data->features) {
    case 1:
        return run_chain(epoch, rate, lambda, w, b, 1, activation);
    case 2:
        return run_chain(epoch, rate, lambda, w, b, 2, activation);
    case 3:
        return run_chain(epoch, rate, lambda, w, b, 3, activation);
    case UNROLLED:
        return run_chain(epoch, rate, lambda, w, b, UNROLLED, activation);
    default:
        return run_chain(epoch, rate, lambda, w, b, epoch->data->features, activation);
    }
}

static double run_sigmoid(const struct sgd_epoch *epoch, size_t model, double *w, double b)
{
    return run_by_features(epoch, model, w, b, ACTIVATION_SIGMOID);
}

static double run_heaviside(const struct sgd_epoch *epoch, size_t model, double *w, double b)
{
    return run_by_features(epoch, model, w, b, ACTIVATION_HEAVISIDE);
}

static void sgd_epoch_chain(const struct sgd_epoch *epoch, const struct models *models,
                            size_t first, size_t count, double *scratch)
{
    bool sigmoid = epoch->activation == ACTIVATION_SIGMOID;
    for (size_t f = models->features; f < round_up_to_lanes(models->features); f++)
        scratch[f] = 0.0;
    for (size_t j = first; j < first + count; j++) {
        models_copy_weights(models, j, scratch);
        models->b[j] = (sigmoid ? run_sigmoid : run_heaviside)(epoch, j, scratch, models->b[j]);
        for (size_t f = 0; f < models->features; f++)
            models->W[f * models->count + j] = scratch[f];
    }
}

static size_t sgd_scratch_chain(size_t features, size_t models)
{
    (void)models;
    return round_up_to_lanes(features); /* a column of W, contiguous */
}

const struct kernel kernel_chain = {
    .entry = {"chain", "SGD of one model: at the latency of a chain of dependent steps"},
    .takes = TAKES_DENSE,
    .sgd_epoch = sgd_epoch_chain,
    .sgd_scratch = sgd_scratch_chain,
    .flops = pass_flops,
    .bytes = bytes_one_reading_a_model,
};
