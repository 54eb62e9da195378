/* SPDX-License-Identifier: MIT
 *
 * Preparation: what is done to a set between reading it and training on it. It belongs to the
 * source, because a set that is scaled or split is a set of its own, with its own description and
 * digest. What is asked for, attributes of the source say (attributes.h).
 */
#ifndef DESCENT_DATA_SOURCES_PREPARATION_H
#define DESCENT_DATA_SOURCES_PREPARATION_H

#include "base/error.h"
#include "data/preparation/folds.h"
#include "data/share.h"
#include "data/source.h"

/* Splits, chooses the class that is 1, scales by a fit to the rows that are trained on, weights,
 * and seals. Takes over `data`, which is the share that source_read() read, and returns it or what
 * it became. Where the set is distributed, other rows may be read for that. NULL on error. */
struct dataset *preparation_apply(const struct source *source, struct share *share,
                                  struct dataset *data, int threads, struct error *error);

/* The first of these steps alone, which depends on no other row: rows that are dropped for a
 * missing value are. In the place of `data`, which is freed on error. */
bool preparation_begin(const struct source *source, struct dataset **data, int threads,
                       struct error *error);

/* All others, in which a fold takes the place of the split: `data`, as preparation_begin() left it,
 * stays, and what is returned is trained without the rows of the fold, which are its `heldout`. All
 * that is fitted (encoding, scale, class weights) is fitted on the rows that are trained on. The
 * set must be whole. NULL on error. */
struct dataset *preparation_fold(const struct source *source, const struct dataset *data,
                                 const struct fold *fold, int threads, struct error *error);

#endif
