/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD on rows that are stored in fewer bits, by the kernels for doubles. A step waits
 * for the one before it and not for memory, so that neither fewer bytes nor arithmetic in floats
 * would make it faster: the rows of some samples are made doubles, side by side in a near cache and
 * in their order, and stepped over there. That costs a few tens of nanoseconds a row, once for all
 * models. Steps, weights and biases are those of the kernel for doubles on the stored values, save
 * that its sums are begun anew with each block: with too few rows in it, the restart would cost
 * more.
 */
#include "data/precision.h"
#include "kernels/cutting.h"
#include "kernels/kernel.h"

enum {
    BLOCK_BYTES = 65536, /* of doubles */
    BLOCK_LEAST = 8,     /* rows: a block of `gram` */
    BLOCK_MOST = 128,
    ROWS_AHEAD = 16,  /* between asking for a row and using it */
    LINES_AHEAD = 16, /* of a row at most; from there on it is foreseen */
    LINE = 64,        /* bytes */
};

static size_t block_rows(size_t features)
{
    return rows_of_block(BLOCK_BYTES / sizeof(double), features, BLOCK_LEAST, BLOCK_MOST);
}

static size_t block_doubles(size_t features)
{
    return block_rows(features) * (features + 1);
}

/* Asks for the row of sample i, where rows come in an order that no hardware foresees. */
static void ask(const struct sgd_epoch *epoch, size_t i)
{
    if (epoch->order == NULL || i >= epoch->data->rows)
        return;
    const size_t stride = stored_stride(epoch->data);
    const char *row = (const char *)epoch->data->stored.values + epoch->order[i] * stride;
    for (size_t at = 0; at < stride && at < LINES_AHEAD * LINE; at += LINE)
        __builtin_prefetch(row + at);
}

/* Samples [begin, begin + count) of an epoch as a set of doubles in `numbers`. */
static struct dataset widen(const struct sgd_epoch *epoch, size_t begin, size_t count,
                            double *numbers)
{
    const struct dataset *data = epoch->data;
    struct dataset block = dataset_as_given(data);
    block.rows = count;
    block.X = numbers;
    block.y = numbers + count * data->features;
    for (size_t i = 0; i < count; i++) {
        size_t row = sgd_epoch_row(epoch, begin + i);
        ask(epoch, begin + i + ROWS_AHEAD);
        stored_row(data, row, block.X + i * data->features);
        block.y[i] = data->y[row];
    }
    return block;
}

static void run(const struct kernel *kernel, const struct sgd_epoch *epoch,
                const struct models *models, size_t first, size_t count, double *scratch)
{
    const size_t d = epoch->data->features, most = block_rows(d);
    for (size_t i = 0; i < epoch->data->rows; i += most) {
        size_t rows = epoch->data->rows - i < most ? epoch->data->rows - i : most;
        const struct dataset block = widen(epoch, i, rows, scratch);
        struct sgd_epoch steps = *epoch;
        steps.data = &block;
        steps.order = NULL;
        kernel->sgd_epoch(&steps, models, first, count, scratch + block_doubles(d));
    }
}

static void sgd_epoch_chain_narrow(const struct sgd_epoch *epoch, const struct models *models,
                                   size_t first, size_t count, double *scratch)
{
    run(&kernel_chain, epoch, models, first, count, scratch);
}

static void sgd_epoch_lanes_narrow(const struct sgd_epoch *epoch, const struct models *models,
                                   size_t first, size_t count, double *scratch)
{
    run(&kernel_lanes, epoch, models, first, count, scratch);
}

static void sgd_epoch_gram_narrow(const struct sgd_epoch *epoch, const struct models *models,
                                  size_t first, size_t count, double *scratch)
{
    run(&kernel_gram, epoch, models, first, count, scratch);
}

static size_t sgd_scratch_chain_narrow(size_t features, size_t models)
{
    return block_doubles(features) + kernel_chain.sgd_scratch(features, models);
}

static size_t sgd_scratch_lanes_narrow(size_t features, size_t models)
{
    return block_doubles(features) + kernel_lanes.sgd_scratch(features, models);
}

static size_t sgd_scratch_gram_narrow(size_t features, size_t models)
{
    return block_doubles(features) + kernel_gram.sgd_scratch(features, models);
}

const struct kernel kernel_chain_narrow = {
    .entry = {"chain-narrow", "SGD of one model on features in fewer bits"},
    .takes = TAKES_NARROW,
    .sgd_epoch = sgd_epoch_chain_narrow,
    .sgd_scratch = sgd_scratch_chain_narrow,
    .flops = pass_flops,
    .bytes = bytes_one_reading_a_model,
};

const struct kernel kernel_lanes_narrow = {
    .entry = {"lanes-narrow", "SGD of many models at once, few features in fewer bits"},
    .takes = TAKES_NARROW,
    .sgd_epoch = sgd_epoch_lanes_narrow,
    .sgd_scratch = sgd_scratch_lanes_narrow,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
};

const struct kernel kernel_gram_narrow = {
    .entry = {"gram-narrow", "SGD of many models at once, many features in fewer bits"},
    .takes = TAKES_NARROW,
    .sgd_epoch = sgd_epoch_gram_narrow,
    .sgd_scratch = sgd_scratch_gram_narrow,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
};
