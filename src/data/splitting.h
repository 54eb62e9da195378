/* SPDX-License-Identifier: MIT
 *
 * Holding rows out: a share of each class is kept from training, to see how a model does on rows it
 * was not trained on.
 */
#ifndef DESCENT_DATA_SPLITTING_H
#define DESCENT_DATA_SPLITTING_H

#include "base/error.h"
#include "data/dataset.h"

#include <stdint.h>

/* The rows of `data` in two new sets: what is returned, to train on, and its `heldout`; both in the
 * order of `data`, which stays as it is. Of each class (of all rows, where there are no labels) the
 * share in (0, 1) is held out, rounded to whole rows; the seed chooses which. The class weights are
 * 1. NULL, with an error, when a class would have no row on one of the sides, or there is no memory
 * for a copy. */
struct dataset *splitting_create(const struct dataset *data, double share, uint64_t seed,
                                 int threads, struct error *error);

#endif
