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
 * Models are taken in panels, as in kernel_batched.c. What is the same for all of them, the
 * products and rows copied side by side, is made in gram_blocks.c; where threads have few models
 * each, by all of them together and once. Where products of rows are beyond a double,
 * the block is taken a row at a time, which needs none.
 */
#include "kernels/gram_blocks.h"
#include "kernels/lanes.h"
#include "kernels/shares.h"
#include "kernels/tile.h"

#include <string.h>

enum {
    SLICE = 64,          /* features between two requests to memory */
    LINE = 8,            /* doubles in a cache line */
    WORTH_SHARING = 128, /* features from which on threads make products together */
};

struct panel {
    struct lanes lanes; /* at most PANEL */
    double *Z; /* (GRAM_BLOCK, width) sums; those of sample j have all steps before it when it is
                  taken */
    double *S; /* (GRAM_BLOCK, width) steps, at the end shrunk by the samples that came after */
};

struct gram {
    const struct sgd_epoch *epoch;
    size_t features;
    size_t ahead[2]; /* samples from which on the rows of a block are asked for */
    size_t open;     /* panels */
    struct panel panels[PANELS];
};

/* Sample j of a block: its steps, and what they mean for the sums after it. `width` is a constant
 * where this is inlined. */
INLINED void take_sample_of(const struct gram *gram, const struct panel *panel, size_t width,
                            const double *restrict products, double y, size_t j, size_t count)
{
    struct lanes lanes = panel->lanes;
    lanes.width = width;
    double *restrict Z = panel->Z, *restrict b = lanes.b;
    double *restrict steps = panel->S + j * width;
    const double *restrict shrink = lanes.shrink;
    lanes_steps(&lanes, gram->epoch->data, y, gram->epoch->activation, Z + j * width, steps);
    for (size_t i = j + 1; i < count; i++) {
        const double product = products[i * GRAM_BLOCK + j];
#pragma omp simd
        for (size_t l = 0; l < width; l++)
            Z[i * width + l] = multiply_add(product, steps[l], shrink[l] * Z[i * width + l]);
    }
#pragma omp simd
    for (size_t l = 0; l < width; l++)
        b[l] += steps[l];
}

static void take_sample(const struct gram *gram, const struct panel *panel, const double *products,
                        double y, size_t j, size_t count)
{
    switch (panel->lanes.width / LANES) {
    case 1:
        take_sample_of(gram, panel, LANES, products, y, j, count);
        break;
    case 2:
        take_sample_of(gram, panel, 2 * LANES, products, y, j, count);
        break;
    default:
        take_sample_of(gram, panel, PANEL, products, y, j, count);
        break;
    }
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

/* Asks for features [from, to) of a row, into the second-level cache. */
INLINED void prefetch_features(const double *x, size_t from, size_t to)
{
    for (size_t f = from; f < to; f += LINE)
        __builtin_prefetch(x + f, 0, 2);
}

/* Features [from, to) of every open-th sample, from the p-th on, of the blocks that are needed
 * next.
 */
INLINED void prefetch_slice(const struct gram *gram, size_t p, size_t from, size_t to)
{
    const struct dataset *data = gram->epoch->data;
    for (size_t a = 0; a < 2; a++)
        for (size_t i = gram->ahead[a] + p; i < gram->ahead[a] + GRAM_BLOCK && i < data->rows;
             i += gram->open)
            prefetch_features(data->X + sgd_epoch_row(gram->epoch, i) * gram->features, from, to);
}

/* W = shrink^B W + X_B' S for the p-th panel, a slice of the features at a time: in between, a
 * share of the block that follows is asked for, so that memory works while the multipliers do. */
static void update_weights(const struct gram *gram, size_t p, const double *x, size_t count)
{
    const struct panel *panel = &gram->panels[p];
    size_t d = gram->features, width = panel->lanes.width;
    double power[PANEL];
    shrink_steps(panel, count, power);
    for (size_t f = 0; f < d; f += SLICE) {
        size_t end = d - f < SLICE ? d : f + SLICE;
        prefetch_slice(gram, p, f, end);
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

/* `count` samples of a block from its i-th on. A sample is taken for one panel after the other:
 * while the steps of one wait for their division, the next is worked on. */
static void take_samples(const struct gram *gram, const struct gram_block *block, size_t i,
                         size_t count)
{
    size_t d = gram->features;
    const double *x = block->x + i * d;
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
            take_sample(gram, &gram->panels[p], block->products, block->labels[i + j], j, count);
    for (size_t p = 0; p < gram->open; p++)
        update_weights(gram, p, x, count);
}

/* All at once, or one by one where that takes products that are beyond a double. */
static void take_block(const struct gram *gram, const struct gram_block *block)
{
    size_t at_once = block->finite ? block->count : 1;
    for (size_t i = 0; i < block->count; i += at_once)
        take_samples(gram, block, i, at_once);
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
        panel->S = panel->Z + GRAM_BLOCK * panel->lanes.width;
        numbers = panel->S + GRAM_BLOCK * panel->lanes.width;
        first += count;
    }
    return first;
}

static void close_panels(struct gram *gram, const struct models *models)
{
    for (size_t p = 0; p < gram->open; p++)
        lanes_close(&gram->panels[p].lanes, models);
}

static void train_alone(struct gram *gram, double *numbers, double *place)
{
    const struct sgd_epoch *epoch = gram->epoch;
    gram->ahead[1] = epoch->data->rows;
    for (size_t begin = 0; begin < epoch->data->rows; begin += GRAM_BLOCK) {
        const double *x = gram_block_rows(epoch, begin, place);
        gram_block_make(epoch, begin, x, numbers);
        const struct gram_block block = gram_block_at(epoch, begin, x, numbers);
        gram->ahead[0] = begin + GRAM_BLOCK;
        take_block(gram, &block);
    }
}

static void sgd_epoch_gram(const struct sgd_epoch *epoch, const struct models *models, size_t first,
                           size_t count, double *scratch)
{
    size_t d = models->features, end = first + count;
    double *place = scratch + GRAM_NUMBERS;
    struct gram gram = {.epoch = epoch, .features = d};
    while (first < end) {
        first = open_panels(&gram, models, first, end, place + GRAM_BLOCK * d);
        train_alone(&gram, scratch, place);
        close_panels(&gram, models);
    }
}

static size_t sgd_scratch_gram(size_t features, size_t models)
{
    size_t most = round_up_to_lanes(models < PANELS * PANEL ? models : PANELS * PANEL);
    return GRAM_NUMBERS + GRAM_BLOCK * features + lanes_numbers(features, most) +
           2 * GRAM_BLOCK * most;
}

/* --- By a team ------------------------------------------------------------------------------- */

/* Of m models a thread, products are 3.5 d operations of (2 m + 3.5) d: a tenth of them for two
 * vectors of eight, and more for one. With more models, too little would be saved for threads that
 * have to wait for each other, which on a busy machine is long. Products of short rows are made as
 * quickly as they are fetched from the cache of another thread. */
static size_t sgd_shared_gram(size_t features, size_t models)
{
    bool pays = features >= WORTH_SHARING && models <= 2 * LANES;
    return pays ? gram_stretches_length(features) : 0;
}

static void sgd_share_gram(double *shared, size_t features)
{
    gram_stretches_open(shared, features);
}

/* Makes what is left to be made of the blocks before `end`. */
static void make_blocks(struct gram_stretches *stretches, const struct sgd_epoch *epoch, size_t end)
{
    for (size_t block; gram_stretches_reserve(stretches, end, &block);)
        gram_stretches_make(stretches, epoch, block);
}

/* Trains on blocks [begin, end), and after each makes one of those before `next_end`, whose rows
 * have come meanwhile. */
static void use_blocks(struct gram *gram, struct gram_stretches *stretches, size_t begin,
                       size_t end, size_t next_end, double *place)
{
    const struct sgd_epoch *epoch = gram->epoch;
    size_t own;
    bool reserved = gram_stretches_reserve(stretches, next_end, &own);
    for (size_t i = begin; i < end; i++) {
        const double *x = gram_block_rows(epoch, i * GRAM_BLOCK, place);
        const struct gram_block block = gram_stretches_at(stretches, epoch, i, x);
        gram->ahead[0] = (i + 1) * GRAM_BLOCK;
        gram->ahead[1] = reserved ? own * GRAM_BLOCK : epoch->data->rows;
        take_block(gram, &block);
        if (reserved)
            gram_stretches_make(stretches, epoch, own);
        reserved = reserved && gram_stretches_reserve(stretches, next_end, &own);
    }
    if (reserved)
        gram_stretches_make(stretches, epoch, own);
}

static inline size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A thread that has no models makes blocks of the next stretch all the time; the others one after
 * each that they train on. */
static void sgd_epoch_gram_together(const struct sgd_epoch *epoch, const struct models *models,
                                    size_t first, size_t count, double *scratch, double *shared)
{
    struct gram_stretches *stretches = (struct gram_stretches *)(void *)shared;
    const size_t blocks = (epoch->data->rows + GRAM_BLOCK - 1) / GRAM_BLOCK;
    const size_t stretch = gram_stretches_blocks(stretches);
    struct gram gram = {.epoch = epoch, .features = models->features};
    open_panels(&gram, models, first, first + count, scratch + GRAM_BLOCK * models->features);
    make_blocks(stretches, epoch, least(stretch, blocks));
    for (size_t begin = 0; begin < blocks; begin += stretch) {
        const size_t end = least(begin + stretch, blocks), next = least(end + stretch, blocks);
        shares_meet(PHASE_SAMPLES);
        if (gram.open > 0)
            use_blocks(&gram, stretches, begin, end, next, scratch);
        make_blocks(stretches, epoch, next);
    }
    close_panels(&gram, models);
}

const struct kernel kernel_gram = {
    .entry = {"gram", "SGD of many models at once, many features: exact, by products of matrices"},
    .takes = TAKES_DENSE,
    .sgd_epoch = sgd_epoch_gram,
    .sgd_scratch = sgd_scratch_gram,
    .sgd_epoch_together = sgd_epoch_gram_together,
    .sgd_shared = sgd_shared_gram,
    .sgd_share = sgd_share_gram,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
};
