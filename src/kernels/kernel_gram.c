/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD of many models at once, for many features, at the speed of products of matrices.
 *
 * The steps of a block of B samples depend on each other only through products of its rows. With
 * the weights W before the block and shrink = 1 - rate lambda,
 *
 *     z_j = shrink^j x_j.W + sum over i < j of shrink^(j-1-i) (x_j.x_i) step_i + b_j
 *     W'  = shrink^B W + sum over i of shrink^(B-1-i) x_i' step_i
 *
 * where b_j already has the steps before j. So the long sums are two products of matrices for all
 * models, Z = X_B W and W += X_B' S, and what is left inside the block are the B (B - 1) / 2
 * products of its rows, the same for all models. This is SGD itself, sample by sample in its order,
 * and not a mini-batch: only the rounding differs.
 *
 * Models are taken in panels, as in kernel_batched.c. Rows in a random order are copied side by
 * side first. Where products of rows are beyond a double, the block is taken a row at a time, which
 * needs none.
 */
#include "kernels/lanes.h"
#include "kernels/tile.h"

#include <string.h>

enum {
    BLOCK = 8,  /* samples */
    SLICE = 64, /* features between two requests to memory */
    LINE = 8,   /* doubles in a cache line */
};

struct panel {
    struct lanes lanes; /* at most PANEL */
    double
        *Z; /* (BLOCK, width) sums; those of sample j have all steps before it when it is taken */
    double *S; /* (BLOCK, width) steps, at the end shrunk by the samples that came after them */
};

struct gram {
    const struct sgd_epoch *epoch;
    size_t features;
    double *rows;     /* (BLOCK, d) of a block in another order than that of the data */
    double *products; /* (BLOCK, BLOCK) x_j.x_i at [j BLOCK + i], i < j */
    size_t open;      /* panels */
    struct panel panels[PANELS];
};

/* Where the rows of samples [begin, begin + count) lie side by side. */
static const double *block_rows(const struct gram *gram, size_t begin, size_t count)
{
    size_t d = gram->features;
    const double *X = gram->epoch->data->X;
    if (gram->epoch->order == NULL)
        return X + begin * d;
    for (size_t i = 0; i < count; i++)
        memcpy(gram->rows + i * d, X + gram->epoch->order[begin + i] * d, d * sizeof *X);
    return gram->rows;
}

/* One vector of features, of which there are `count`, for rows a (2, d) and b (4, d). */
INLINED void multiply_vectors(const double *a, const double *b, size_t d, size_t count,
                              vector sums[2][4])
{
    const bool whole = count == LANES;
    vector x[2];
    UNROLLED_LOOP
    for (size_t p = 0; p < 2; p++)
        x[p] = whole ? *vectors_at(a + p * d) : vector_first(a + p * d, count);
    UNROLLED_LOOP
    for (size_t q = 0; q < 4; q++) {
        const vector y = whole ? *vectors_at(b + q * d) : vector_first(b + q * d, count);
        UNROLLED_LOOP
        for (size_t p = 0; p < 2; p++)
            sums[p][q] = vector_multiply_add(x[p], y, sums[p][q]);
    }
}

/* The products of rows a and a + d with four rows b (4, d), each added up as by vector_dot(): eight
 * chains of additions side by side, which is what the multipliers need. Not inlined, so that they
 * have the registers to themselves. */
static __attribute__((noinline)) void multiply_two_by_four(const double *restrict a,
                                                           const double *restrict b, size_t d,
                                                           double *restrict products)
{
    vector sums[2][4] = {0};
    size_t f = 0;
    for (; f + LANES <= d; f += LANES)
        multiply_vectors(a + f, b + f, d, LANES, sums);
    if (f < d)
        multiply_vectors(a + f, b + f, d, d - f, sums);
    UNROLLED_LOOP
    for (size_t p = 0; p < 2; p++) {
        UNROLLED_LOOP
        for (size_t q = 0; q < 4; q++)
            products[p * BLOCK + q] = vector_sum(sums[p][q]);
    }
}

static __attribute__((noinline)) double multiply_one(const double *restrict a,
                                                     const double *restrict b, size_t d)
{
    return vector_dot(a, b, d);
}

/* Fills in the products of a whole block, two rows by four at a time, some of them with j <= i; or
 * of what is left at the end of the data, one by one. */
static void fill_products(const struct gram *gram, const double *x, size_t count)
{
    size_t d = gram->features;
    if (count == BLOCK) {
        for (size_t j = 0; j < BLOCK; j += 2)
            for (size_t i = 0; i <= j; i += 4)
                multiply_two_by_four(x + j * d, x + i * d, d, gram->products + j * BLOCK + i);
        return;
    }
    for (size_t j = 1; j < count; j++)
        for (size_t i = 0; i < j; i++)
            gram->products[j * BLOCK + i] = multiply_one(x + j * d, x + i * d, d);
}

/* False when a product is beyond a double. */
static bool multiply_rows(const struct gram *gram, const double *x, size_t count)
{
    bool finite = true;
    fill_products(gram, x, count);
    for (size_t j = 1; j < count; j++)
        for (size_t i = 0; i < j; i++)
            finite = finite && isfinite(gram->products[j * BLOCK + i]);
    return finite;
}

/* Sample j of a block: its steps, and what they mean for the sums after it. */
static inline void take_sample(const struct gram *gram, const struct panel *panel, double y,
                               size_t j, size_t count)
{
    const size_t width = panel->lanes.width;
    double *restrict Z = panel->Z, *restrict b = panel->lanes.b;
    double *restrict steps = panel->S + j * width;
    const double *restrict shrink = panel->lanes.shrink;
    lanes_steps(&panel->lanes, gram->epoch->data, y, gram->epoch->activation, Z + j * width, steps);
    for (size_t i = j + 1; i < count; i++) {
        const double product = gram->products[i * BLOCK + j];
#pragma omp simd
        for (size_t l = 0; l < width; l++)
            Z[i * width + l] = multiply_add(product, steps[l], shrink[l] * Z[i * width + l]);
    }
#pragma omp simd
    for (size_t l = 0; l < width; l++)
        b[l] += steps[l];
}

/* Each step shrunk by the samples after it; `power` becomes shrink^count, by which W is to be
 * multiplied. */
static void shrink_steps(const struct panel *panel, size_t count, double power[static PANEL])
{
    const size_t width = panel->lanes.width;
    const double *restrict shrink = panel->lanes.shrink;
    for (size_t l = 0; l < width; l++)
        power[l] = shrink[l];
    for (size_t i = count - 1; i-- > 0;)
        for (size_t l = 0; l < width; l++) {
            panel->S[i * width + l] *= power[l];
            power[l] *= shrink[l];
        }
}

/* Asks for features [from, to) of every open-th sample of the block at `begin`, from the p-th on,
 * into the second-level cache. */
static void prefetch_slice(const struct gram *gram, size_t begin, size_t p, size_t from, size_t to)
{
    const struct dataset *data = gram->epoch->data;
    for (size_t i = begin + p; i < begin + BLOCK && i < data->rows; i += gram->open) {
        const double *x = data->X + sgd_epoch_row(gram->epoch, i) * gram->features;
        for (size_t f = from; f < to; f += LINE)
            __builtin_prefetch(x + f, 0, 2);
    }
}

/* W = shrink^B W + X_B' S for the p-th panel, a slice of the features at a time: in between, a
 * share of the block that follows is asked for, so that memory works while the multipliers do. */
static void update_weights(const struct gram *gram, size_t p, size_t begin, const double *x,
                           size_t count)
{
    const struct panel *panel = &gram->panels[p];
    size_t d = gram->features, width = panel->lanes.width;
    double power[PANEL];
    shrink_steps(panel, count, power);
    for (size_t f = 0; f < d; f += SLICE) {
        size_t end = d - f < SLICE ? d : f + SLICE;
        prefetch_slice(gram, begin + BLOCK, p, f, end);
        const struct product product = {.rows = end - f,
                                        .depth = count,
                                        .lanes = width,
                                        .A = x + f,
                                        .row_stride = 1,
                                        .depth_stride = d,
                                        .B = panel->S,
                                        .scale = power,
                                        .C = panel->lanes.W + f * width};
        tile_multiply(&product);
    }
}

/* A block x (count, d) of the samples from `begin` on, with their labels. A sample is taken for one
 * panel after the other: while the steps of one wait for their division, the next is worked on. */
static void take_block(const struct gram *gram, size_t begin, const double *x, const double *labels,
                       size_t count)
{
    size_t d = gram->features;
    for (size_t p = 0; p < gram->open; p++) {
        const struct panel *panel = &gram->panels[p];
        size_t width = panel->lanes.width;
        const struct product product = {.rows = count,
                                        .depth = d,
                                        .lanes = width,
                                        .A = x,
                                        .row_stride = d,
                                        .depth_stride = 1,
                                        .B = panel->lanes.W,
                                        .C = panel->Z};
        memset(panel->Z, 0, count * width * sizeof *panel->Z);
        tile_multiply(&product); /* Z = X_B W */
    }
    for (size_t j = 0; j < count; j++)
        for (size_t p = 0; p < gram->open; p++)
            take_sample(gram, &gram->panels[p], labels[j], j, count);
    for (size_t p = 0; p < gram->open; p++)
        update_weights(gram, p, begin, x, count);
}

static void run(const struct gram *gram)
{
    const struct dataset *data = gram->epoch->data;
    for (size_t begin = 0; begin < data->rows; begin += BLOCK) {
        size_t count = data->rows - begin < BLOCK ? data->rows - begin : BLOCK;
        const double *x = block_rows(gram, begin, count);
        size_t at_once = multiply_rows(gram, x, count) ? count : 1;
        double labels[BLOCK];
        for (size_t i = 0; i < count; i++)
            labels[i] = data->y[sgd_epoch_row(gram->epoch, begin + i)];
        for (size_t i = 0; i < count; i += at_once)
            take_block(gram, begin + i, x + i * gram->features, labels + i, at_once);
    }
}

/* Opens panels for models from `first` on, up to `end`; returns where they end. */
static size_t open_panels(struct gram *gram, const struct models *models, size_t first, size_t end,
                          double *numbers)
{
    for (gram->open = 0; gram->open < PANELS && first < end; gram->open++) {
        struct panel *panel = &gram->panels[gram->open];
        size_t count = panel_models(end - first), width = round_up_to_lanes(count);
        panel->lanes = lanes_open(gram->epoch, models, first, count, width, numbers);
        panel->Z = numbers + lanes_numbers(models->features, width);
        panel->S = panel->Z + BLOCK * panel->lanes.width;
        numbers = panel->S + BLOCK * panel->lanes.width;
        first += count;
    }
    return first;
}

static void sgd_epoch_gram(const struct sgd_epoch *epoch, const struct models *models, size_t first,
                           size_t count, double *scratch)
{
    size_t d = models->features, end = first + count;
    struct gram gram = {.epoch = epoch, .features = d, .products = scratch};
    gram.rows = gram.products + BLOCK * BLOCK;
    while (first < end) {
        first = open_panels(&gram, models, first, end, gram.rows + BLOCK * d);
        run(&gram);
        for (size_t p = 0; p < gram.open; p++)
            lanes_close(&gram.panels[p].lanes, models);
    }
}

static size_t sgd_scratch_gram(size_t features, size_t models)
{
    size_t most = round_up_to_lanes(models < PANELS * PANEL ? models : PANELS * PANEL);
    return BLOCK * BLOCK + BLOCK * features + lanes_numbers(features, most) + 2 * BLOCK * most;
}

const struct kernel kernel_gram = {
    .entry = {"gram", "SGD of many models at once, many features: exact, by products of matrices"},
    .takes = TAKES_DENSE,
    .sgd_epoch = sgd_epoch_gram,
    .sgd_scratch = sgd_scratch_gram,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
};
