/* SPDX-License-Identifier: MIT
 *
 * Holding rows out: a share of each class is kept from training, to see how a model does on rows it
 * was not trained on.
 */
#ifndef DESCENT_DATA_PREPARATION_SPLITTING_H
#define DESCENT_DATA_PREPARATION_SPLITTING_H

#include "base/error.h"
#include "data/dataset.h"

#include <stdbool.h>
#include <stdint.h>

/* The rows of one process on each side, by their numbers in the whole set: of a set that is
 * distributed, rank p of P has those from m p / P on of the m on a side (source.h). */
struct split {
    size_t *rows[2]; /* (counts[side]) ascending; side 1 is held out */
    size_t counts[2];
    size_t first[2], whole[2]; /* of the m on that side: where these begin, and m */
    const struct ranks *ranks;
};

/* Room for the rows of this rank on each side, when `held` of all are held out. */
struct split *split_create(const struct dataset *data, size_t held);

/* Is there room for the copies of the rows that a split takes, those of all ranks on this host? */
bool split_copies_check(const struct dataset *data, struct error *error);

/* Chooses rows as splitting_create() does; all ranks at the same time. NULL on its errors. */
struct split *split_choose(const struct dataset *data, double share, uint64_t seed,
                           struct error *error);
void split_free(struct split *split); /* NULL is allowed */

/* The rows of the whole set from the first to the last of both sides. */
void split_range(const struct split *split, size_t *first, size_t *rows);

/* The sets of these rows, held out beside trained on, which must all be in `data`. */
struct dataset *split_take(const struct split *split, const struct dataset *data, int threads);

/* A set of `count` rows of the whole set, by their numbers, ascending, which must all be in `data`;
 * of one process. */
struct dataset *splitting_rows(const struct dataset *data, const size_t *rows, size_t count,
                               int threads);

/* The rows of `data`, all of which are here, in two new sets: what is returned, to train on, and
 * its `heldout`; both in the order of `data`, which stays as it is. From each class (from all rows,
 * where there are no labels) the share in (0, 1) is held out, rounded to whole rows; the seed
 * chooses which. The class weights are
 * 1. NULL, with an error, when a class would have no row on one of the sides, or there is no memory
 * for a copy. */
struct dataset *splitting_create(const struct dataset *data, double share, uint64_t seed,
                                 int threads, struct error *error);

#endif
