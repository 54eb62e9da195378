/* SPDX-License-Identifier: MIT
 *
 * What the two files of merging share: merge.c (stores, the sweep and its plan) and merge_trials.c
 * (which trials to bring over, and bringing them).
 */
#ifndef DESCENT_STORE_MERGE_PARTS_H
#define DESCENT_STORE_MERGE_PARTS_H

#include "store/merge.h"
#include "store/transfer.h"

struct merge {
    struct store *into;
    const char *const *sources; /* folders, in order */
    int64_t *last;              /* (sources + 1): the largest number of a trial before each */
    size_t current;             /* the source at hand */
    struct transfer transfer;   /* from it */
    struct merge_tally *tally;  /* of it */
};

/* Brings over the finalists, where the store has none, and the trials with all that is theirs. */
bool merge_trials(struct merge *merge, struct error *error);

#endif
