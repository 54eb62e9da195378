/* SPDX-License-Identifier: MIT
 *
 * Products of rows, of which those of a block need 28; and who makes which block.
 *
 * A stretch has as many rows as stay in a second-level cache until they are trained on. Its blocks
 * are reserved from one counter, of all the blocks of an epoch: a thread reserves none of a stretch
 * whose place another may still be reading. A block is reserved before it is made, so that its rows
 * can be asked for in time.
 *
 * Memory order: the counter hands out numbers and nothing else (relaxed). What a thread has made is
 * seen by the others because they meet at a barrier before it is used, and it is overwritten after
 * the next one, when all have used it.
 */
#include "kernels/gram_blocks.h"

#include "base/memory.h"
#include "kernels/vector.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

enum {
    LINE = 8,        /* doubles in a cache line */
    STRETCH = 65536, /* doubles of rows in a stretch, about: 512 KiB, a fraction of a millisecond */
};

/* --- One block ------------------------------------------------------------------------------- */

/* One vector of features, of which there are `count`, from the f-th on, of the products of rows a
 * (2) with b (4). */
INLINED void multiply_vectors(const double *const a[2], const double *const b[4], size_t f,
                              size_t count, vector sums[2][4])
{
    const bool whole = count == LANES;
    vector x[2];
    UNROLLED_LOOP
    for (size_t p = 0; p < 2; p++)
        x[p] = whole ? *vectors_at(a[p] + f) : vector_first(a[p] + f, count);
    UNROLLED_LOOP
    for (size_t q = 0; q < 4; q++) {
        const vector y = whole ? *vectors_at(b[q] + f) : vector_first(b[q] + f, count);
        UNROLLED_LOOP
        for (size_t p = 0; p < 2; p++)
            sums[p][q] = vector_multiply_add(x[p], y, sums[p][q]);
    }
}

/* The products of two rows a with four rows b, each added up as by vector_dot(): eight chains of
 * additions side by side, which is what the multipliers need. Not inlined, so that they have the
 * registers to themselves. */
static __attribute__((noinline)) void multiply_two_by_four(const double *const a[2],
                                                           const double *const b[4], size_t d,
                                                           double *restrict products)
{
    const double *const two[2] = {a[0], a[1]}, *const four[4] = {b[0], b[1], b[2], b[3]};
    vector sums[2][4] = {0};
    size_t f = 0;
    for (; f + LANES <= d; f += LANES)
        multiply_vectors(two, four, f, LANES, sums);
    if (f < d)
        multiply_vectors(two, four, f, d - f, sums);
    UNROLLED_LOOP
    for (size_t p = 0; p < 2; p++) {
        UNROLLED_LOOP
        for (size_t q = 0; q < 4; q++)
            products[p * GRAM_BLOCK + q] = vector_sum(sums[p][q]);
    }
}

/* The same of the six products of four rows x with each other, row p with q < p at [p (p - 1) / 2 +
 * q]. */
INLINED void multiply_vectors_within(const double *const x[4], size_t f, size_t count,
                                     vector sums[6])
{
    const bool whole = count == LANES;
    vector rows[4];
    UNROLLED_LOOP
    for (size_t p = 0; p < 4; p++)
        rows[p] = whole ? *vectors_at(x[p] + f) : vector_first(x[p] + f, count);
    UNROLLED_LOOP
    for (size_t p = 1; p < 4; p++) {
        UNROLLED_LOOP
        for (size_t q = 0; q < p; q++)
            sums[p * (p - 1) / 2 + q] =
                vector_multiply_add(rows[p], rows[q], sums[p * (p - 1) / 2 + q]);
    }
}

static __attribute__((noinline)) void multiply_four(const double *const x[4], size_t d,
                                                    double *restrict products)
{
    const double *const four[4] = {x[0], x[1], x[2], x[3]};
    vector sums[6] = {0};
    size_t f = 0;
    for (; f + LANES <= d; f += LANES)
        multiply_vectors_within(four, f, LANES, sums);
    if (f < d)
        multiply_vectors_within(four, f, d - f, sums);
    UNROLLED_LOOP
    for (size_t p = 1; p < 4; p++) {
        UNROLLED_LOOP
        for (size_t q = 0; q < p; q++)
            products[p * GRAM_BLOCK + q] = vector_sum(sums[p * (p - 1) / 2 + q]);
    }
}

static __attribute__((noinline)) double multiply_one(const double *restrict a,
                                                     const double *restrict b, size_t d)
{
    return vector_dot(a, b, d);
}

/* Fills in the products of a whole block, those of four rows with each other and with the four
 * before; or of what is left at the end of the data, one by one. */
static void fill_products(const double *const x[GRAM_BLOCK], size_t d, size_t count,
                          double *products)
{
    enum { HALF = GRAM_BLOCK / 2 };
    if (count == GRAM_BLOCK) {
        multiply_four(x, d, products);
        for (size_t j = HALF; j < GRAM_BLOCK; j += 2)
            multiply_two_by_four(x + j, x, d, products + j * GRAM_BLOCK);
        multiply_four(x + HALF, d, products + HALF * GRAM_BLOCK + HALF);
        return;
    }
    for (size_t j = 1; j < count; j++)
        for (size_t i = 0; i < j; i++)
            products[j * GRAM_BLOCK + i] = multiply_one(x[j], x[i], d);
}

static bool are_finite(const double *products, size_t count)
{
    bool finite = true;
    for (size_t j = 1; j < count; j++)
        for (size_t i = 0; i < j; i++)
            finite = finite && isfinite(products[j * GRAM_BLOCK + i]);
    return finite;
}

static size_t count_from(const struct sgd_epoch *epoch, size_t begin)
{
    size_t left = epoch->data->rows - begin;
    return left < GRAM_BLOCK ? left : GRAM_BLOCK;
}

const double *gram_block_rows(const struct sgd_epoch *epoch, size_t begin, double *place)
{
    const double *X = epoch->data->X;
    const size_t d = epoch->data->features, count = count_from(epoch, begin);
    if (epoch->order == NULL)
        return X + begin * d;
    for (size_t i = 0; i < count; i++)
        memcpy(place + i * d, X + epoch->order[begin + i] * d, d * sizeof *X);
    return place;
}

void gram_block_make(const struct sgd_epoch *epoch, size_t begin, const double *x, double *numbers)
{
    const struct dataset *data = epoch->data;
    const size_t d = data->features, count = count_from(epoch, begin);
    const double *rows[GRAM_BLOCK] = {0};
    double *labels = numbers + GRAM_PRODUCTS;
    for (size_t i = 0; i < count; i++) {
        const size_t row = sgd_epoch_row(epoch, begin + i);
        rows[i] = x != NULL ? x + i * d : data->X + row * d;
        labels[i] = data->y[row];
    }
    fill_products(rows, d, count, numbers);
    labels[GRAM_BLOCK] = are_finite(numbers, count) ? 1.0 : 0.0;
}

struct gram_block gram_block_at(const struct sgd_epoch *epoch, size_t begin, const double *x,
                                const double *numbers)
{
    const double *labels = numbers + GRAM_PRODUCTS;
    return (struct gram_block){
        .begin = begin,
        .count = count_from(epoch, begin),
        .x = x,
        .products = numbers,
        .labels = labels,
        .finite = labels[GRAM_BLOCK] > 0.0,
    };
}

/* --- Stretches ------------------------------------------------------------------------------- */

struct gram_stretches {
    _Alignas(MEMORY_ALIGNMENT) atomic_size_t next; /* block that no thread makes yet */
    _Alignas(MEMORY_ALIGNMENT) size_t blocks;      /* of a stretch */
    double *numbers;                               /* (2 blocks, GRAM_NUMBERS) */
};

static size_t stretch_blocks(size_t features)
{
    size_t blocks = STRETCH / (GRAM_BLOCK * features);
    return blocks > 2 ? blocks : 2;
}

static size_t header_length(void)
{
    return memory_apart(sizeof(struct gram_stretches) / sizeof(double));
}

size_t gram_stretches_length(size_t features)
{
    return header_length() + memory_apart(2 * stretch_blocks(features) * GRAM_NUMBERS);
}

struct gram_stretches *gram_stretches_open(double *shared, size_t features)
{
    struct gram_stretches *stretches = (struct gram_stretches *)(void *)shared;
    atomic_init(&stretches->next, 0);
    stretches->blocks = stretch_blocks(features);
    stretches->numbers = shared + header_length();
    return stretches;
}

size_t gram_stretches_blocks(const struct gram_stretches *stretches)
{
    return stretches->blocks;
}

static double *block_numbers(const struct gram_stretches *stretches, size_t block)
{
    return stretches->numbers + block % (2 * stretches->blocks) * GRAM_NUMBERS;
}

bool gram_stretches_reserve(struct gram_stretches *stretches, size_t end, size_t *block)
{
    *block = atomic_load_explicit(&stretches->next, memory_order_relaxed);
    while (*block < end)
        if (atomic_compare_exchange_weak_explicit(&stretches->next, block, *block + 1,
                                                  memory_order_relaxed, memory_order_relaxed))
            return true;
    return false;
}

void gram_stretches_make(const struct gram_stretches *stretches, const struct sgd_epoch *epoch,
                         size_t block)
{
    gram_block_make(epoch, block * GRAM_BLOCK, NULL, block_numbers(stretches, block));
}

/* The numbers of the block after it are asked for: another thread may have made them. */
struct gram_block gram_stretches_at(const struct gram_stretches *stretches,
                                    const struct sgd_epoch *epoch, size_t block, const double *x)
{
    const double *next = block_numbers(stretches, block + 1);
    for (size_t i = 0; i < GRAM_NUMBERS; i += LINE)
        __builtin_prefetch(next + i);
    return gram_block_at(epoch, block * GRAM_BLOCK, x, block_numbers(stretches, block));
}
