/* SPDX-License-Identifier: MIT
 *
 * What is known of the samples of a sparse epoch before its weights are (reduced_sparse.c): which
 * rows come, what they store, and how many steps each of their features has missed by then. Blocks
 * of samples are laid out so, one sample behind the other, and the steps themselves then read from
 * front to back and wait for nothing but each other: rows in random order come from memory while
 * others are stepped over.
 *
 * The steps are a chain, and one thread takes them. Blocks can be made by another, up to
 * AHEAD_BLOCKS in advance. Where it is late, or the system has given none, the thread that needs a
 * block makes it by itself: who makes a block changes nothing of what is in it.
 */
#ifndef DESCENT_KERNELS_STOCHASTIC_REDUCED_AHEAD_H
#define DESCENT_KERNELS_STOCHASTIC_REDUCED_AHEAD_H

#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ahead_entry {
    uint32_t feature;
    uint32_t missed; /* steps since its weights saw one, or since the epoch began */
};

struct ahead_sample {
    uint32_t row, count; /* entries */
    double sign;         /* 1 for y = 1, -1 for y = 0 */
    double weight;       /* c, the weight of its class, times -sign */
};

struct ahead_block {
    size_t count; /* samples */
    struct ahead_sample *samples;
    struct ahead_entry *entries; /* of these samples, one after the other */
    double *values;              /* likewise; NULL: all are 1 */
};

struct lookahead;

/* Of a sparse set; `helped`: two threads are to share the work. `ones`: values are not laid out,
 * for they are all 1. */
struct lookahead *ahead_create(const struct dataset *data, bool ones, bool helped);
void ahead_free(struct lookahead *ahead); /* NULL is allowed */

/* Bytes that it takes. */
double ahead_bytes(const struct dataset *data, bool ones, bool helped);

/* Begins with the samples of an order (n), or NULL: as they lie; `rounds` times, each as an epoch
 * of its own. Outside of parallel regions. */
void ahead_begin(struct lookahead *ahead, const uint32_t *order, size_t rounds);

/* The next block, valid until the next call: by the thread that takes the steps. There are samples
 * left. */
const struct ahead_block *ahead_next(struct lookahead *ahead);

/* For each feature (d) the number, from 1, of the last sample that had it, or 0: of the round whose
 * blocks have all been used, until the next call of ahead_next(). */
const uint32_t *ahead_last(const struct lookahead *ahead);

/* Makes blocks until all are made: by a thread beside it. */
void ahead_help(struct lookahead *ahead);

#endif
