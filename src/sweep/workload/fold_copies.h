/* SPDX-License-Identifier: MIT
 *
 * What configurations with a fold are trained on: a copy of the rows that the fold leaves, side by
 * side as every solver wants them, with the rows of the fold as `heldout`. Encoding, scale and
 * class weights are fitted on the rows that are trained on, as if a file had no others.
 *
 * One copy is kept from trial to trial, so that trials of one fold that follow each other share it
 * (queue.h puts them side by side); as long as passes run side by side, each has the copy that it
 * works on.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_FOLD_COPIES_H
#define DESCENT_SWEEP_WORKLOAD_FOLD_COPIES_H

#include "base/error.h"
#include "data/dataset.h"
#include "data/preparation/fold_masks.h"
#include "data/ranges.h"
#include "sweep/file/sweep_file.h"

#include <stddef.h>

struct fold_copies;

/* For the sources of a file; `data` (source_count) are they as they are loaded, and stay the
 * caller's. What nothing was fitted to, copies are taken from; elsewhere the rows are read again,
 * as soon as a copy is wanted. */
struct fold_copies *fold_copies_create(const struct sweep_file *file, struct dataset *const *data);
void fold_copies_free(struct fold_copies *copies); /* NULL is allowed */

/* The set of a source that a configuration with a fold is trained on; given back with
 * fold_copies_return(). NULL on error. */
const struct dataset *fold_copies_take(struct fold_copies *copies, size_t source,
                                       const struct configuration *configuration,
                                       struct error *error);
void fold_copies_return(struct fold_copies *copies, const struct dataset *copy); /* NULL too */

/* The ranges of the columns of a source, or of a copy that was taken: found once, by the first who
 * asks, and kept as long as the rows. */
const struct ranges *fold_copies_ranges(struct fold_copies *copies, size_t source,
                                        const struct dataset *data);

/* The marks of rows by which configurations (planned.masked) leave out their folds in passes over
 * the source as it is loaded; kept as long as the copies. NULL on error. */
const struct fold_masks *fold_masks_take(struct fold_copies *copies, size_t source,
                                         const struct configuration *configuration,
                                         struct error *error);

/* Bytes that a copy of a source takes, about. */
double fold_copies_bytes(const struct dataset *data);

#endif
