/* SPDX-License-Identifier: MIT
 *
 * The trials of a source: which of them to bring over, and bringing them. Included by nothing
 * outside this folder.
 */
#ifndef DESCENT_STORE_MERGE_MERGE_TRIALS_H
#define DESCENT_STORE_MERGE_MERGE_TRIALS_H

#include "store/merge/merge_tally.h"
#include "store/merge/transfer.h"

/* A merge while it goes on. */
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
