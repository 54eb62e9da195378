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

enum { BLOCK = 2 * TILE_ROWS };

struct gram {
    const struct sgd_epoch *epoch;
    size_t features;
    double *rows;     /* (BLOCK, d) of a block in another order than that of the data */
    double *products; /* (BLOCK, BLOCK) x_j.x_i at [j BLOCK + i], i < j */
    double *Z;        /* (BLOCK, PANEL) sums; what lies beyond row j when it is j's turn is ahead */
    double *S;        /* (BLOCK, PANEL) steps, shrunk by the samples that came after them */
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

static double dot(const double *restrict a, const double *restrict b, size_t d)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t f = 0; f < d; f++)
        sum = multiply_add(a[f], b[f], sum);
    return sum;
}

/* Fills in the products; false when one is beyond a double. */
static bool multiply_rows(const struct gram *gram, const double *x, size_t count)
{
    size_t d = gram->features;
    bool finite = true;
    for (size_t j = 1; j < count; j++)
        for (size_t i = 0; i < j; i++) {
            double product = dot(x + j * d, x + i * d, d);
            gram->products[j * BLOCK + i] = product;
            finite = finite && isfinite(product);
        }
    return finite;
}

/* Sample j of a block: its steps, and what they mean for the sums after it. */
static inline void take_sample(const struct gram *gram, const struct lanes *panel, double y,
                               size_t j, size_t count)
{
    const size_t width = panel->width;
    double *restrict Z = gram->Z, *restrict b = panel->b;
    double *restrict steps = gram->S + j * width;
    const double *restrict shrink = panel->shrink;
    lanes_steps(panel, y, gram->epoch->activation, Z + j * width, steps);
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

/* W = shrink^count W, and each step by the samples after it. Multiplying by one changes nothing, so
 * that it may be left out. */
static void shrink_all(const struct gram *gram, const struct lanes *panel, size_t count)
{
    const size_t width = panel->width;
    const double *restrict shrink = panel->shrink;
    double power[PANEL];
    if (!panel->shrinks)
        return;
    for (size_t l = 0; l < width; l++)
        power[l] = shrink[l];
    for (size_t i = count - 1; i-- > 0;)
        for (size_t l = 0; l < width; l++) {
            gram->S[i * width + l] *= power[l];
            power[l] *= shrink[l];
        }
    for (size_t f = 0; f < gram->features; f++)
        for (size_t l = 0; l < width; l++)
            panel->W[f * width + l] *= power[l];
}

/* A block x (count, d) with the labels of its samples, for one panel. */
static void take_block(const struct gram *gram, const struct lanes *panel, const double *x,
                       const double *labels, size_t count)
{
    size_t d = gram->features, width = panel->width;
    memset(gram->Z, 0, count * width * sizeof *gram->Z);
    tile_multiply(count, d, width, x, d, 1, panel->W, gram->Z); /* Z = X_B W */
    for (size_t j = 0; j < count; j++)
        take_sample(gram, panel, labels[j], j, count);
    shrink_all(gram, panel, count);
    tile_multiply(d, count, width, x, 1, d, gram->S, panel->W); /* W = W + X_B' S */
}

static void run(const struct gram *gram, const struct lanes *panels, size_t panel_count)
{
    const struct dataset *data = gram->epoch->data;
    const uint32_t *order = gram->epoch->order;
    for (size_t begin = 0; begin < data->rows; begin += BLOCK) {
        size_t count = data->rows - begin < BLOCK ? data->rows - begin : BLOCK;
        const double *x = block_rows(gram, begin, count);
        size_t at_once = multiply_rows(gram, x, count) ? count : 1;
        double labels[BLOCK];
        for (size_t i = 0; i < count; i++)
            labels[i] = data->y[order != NULL ? order[begin + i] : begin + i];
        for (size_t p = 0; p < panel_count; p++)
            for (size_t i = 0; i < count; i += at_once)
                take_block(gram, &panels[p], x + i * gram->features, labels + i, at_once);
    }
}

static void sgd_epoch_gram(const struct sgd_epoch *epoch, const struct models *models, size_t first,
                           size_t count, double *scratch)
{
    size_t d = models->features, end = first + count;
    struct gram gram = {.epoch = epoch, .features = d, .Z = scratch};
    gram.S = gram.Z + BLOCK * PANEL;
    gram.products = gram.S + BLOCK * PANEL;
    gram.rows = gram.products + BLOCK * BLOCK;
    while (first < end) {
        struct lanes panels[PANELS];
        double *numbers = gram.rows + BLOCK * d;
        size_t open = 0;
        for (; open < PANELS && first < end; first += panels[open++].models) {
            size_t models_here = end - first < PANEL ? end - first : PANEL;
            panels[open] = lanes_open(epoch, models, first, models_here, numbers);
            numbers += lanes_numbers(d, models_here);
        }
        run(&gram, panels, open);
        for (size_t p = 0; p < open; p++)
            lanes_close(&panels[p], models);
    }
}

static size_t sgd_scratch_gram(size_t features, size_t models)
{
    size_t most = models < PANELS * PANEL ? models : PANELS * PANEL;
    return 2 * BLOCK * PANEL + BLOCK * BLOCK + BLOCK * features + lanes_numbers(features, most);
}

const struct kernel kernel_gram = {
    .entry = {"gram", "SGD of many models at once, many features: exact, by products of matrices"},
    .sgd_epoch = sgd_epoch_gram,
    .sgd_scratch = sgd_scratch_gram,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
};
