/* SPDX-License-Identifier: MIT
 *
 * Blocks of samples, and what of them is the same for all models: the products of their rows and
 * their labels (kernel_gram.c).
 *
 * One thread makes a block when it needs it. Threads that have few models each make
 * blocks together: those of a stretch of samples, while the stretch before is trained on, so that a
 * product is computed once and not once for each thread, and a row comes from memory once. Rows in
 * an order are copied side by side by each thread for itself: a copy that another has made comes
 * from its cache, line by line, and takes longer than the copying.
 */
#ifndef DESCENT_KERNELS_GRAM_BLOCKS_H
#define DESCENT_KERNELS_GRAM_BLOCKS_H

#include "kernels/kernel.h"

#include <stdbool.h>

enum {
    GRAM_BLOCK = 8,                                /* samples */
    GRAM_PRODUCTS = GRAM_BLOCK * GRAM_BLOCK,       /* x_j.x_i at [j GRAM_BLOCK + i], i < j */
    GRAM_NUMBERS = GRAM_PRODUCTS + GRAM_BLOCK + 8, /* a block, made: products, labels, ... */
};

struct gram_block {
    size_t begin, count; /* samples of the epoch; GRAM_BLOCK, or what is left at its end */
    const double *x;     /* (count, d) */
    const double *products, *labels;
    bool finite; /* no product is beyond a double */
};

/* The rows of the block from sample `begin` on, side by side: in the data, or copied to `place`
 * (GRAM_BLOCK, d). */
const double *gram_block_rows(const struct sgd_epoch *epoch, size_t begin, double *place);

/* Makes that block in numbers (GRAM_NUMBERS); x: its rows, side by side, or NULL: as they lie in
 * the data. */
void gram_block_make(const struct sgd_epoch *epoch, size_t begin, const double *x, double *numbers);

/* A block that was made there. */
struct gram_block gram_block_at(const struct sgd_epoch *epoch, size_t begin, const double *x,
                                const double *numbers);

/* --- By several threads ---------------------------------------------------------------------- */

/* Two stretches of blocks: one is read while the other is made. */
struct gram_stretches;

/* Doubles that they take. */
size_t gram_stretches_length(size_t features);

/* Lays them out in `shared`; by one thread, before the others come. */
struct gram_stretches *gram_stretches_open(double *shared, size_t features);

/* The blocks of an epoch are numbered from 0, and so many of them are a stretch. */
size_t gram_stretches_blocks(const struct gram_stretches *stretches);

/* The next block before `end` that no thread makes yet, for this one to make; false: there is none.
 */
bool gram_stretches_reserve(struct gram_stretches *stretches, size_t end, size_t *block);

/* Makes a block that was reserved. It is there for the others once all threads have met. */
void gram_stretches_make(const struct gram_stretches *stretches, const struct sgd_epoch *epoch,
                         size_t block);

/* What was made of a block whose rows are x. */
struct gram_block gram_stretches_at(const struct gram_stretches *stretches,
                                    const struct sgd_epoch *epoch, size_t block, const double *x);

#endif
