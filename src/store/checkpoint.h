/* SPDX-License-Identifier: MIT
 *
 * Checkpoints: trials in flight, as bytes (solvers/snapshot.h) that the store does not look into,
 * one row a trial. A row goes in the transaction that records the trial.
 */
#ifndef DESCENT_STORE_CHECKPOINT_H
#define DESCENT_STORE_CHECKPOINT_H

#include "store/store.h"

/* SQLite takes no larger value than 10^9 bytes. */
#define CHECKPOINT_MOST 999999000.0

struct checkpoint {
    int64_t machine;   /* that wrote it: the first row of the same machine and build */
    int64_t epoch;     /* done */
    int64_t continued; /* how often the trial has gone on from one */
    void *bytes; /* (size) of the snapshot; NULL: there is no checkpoint, or it was not read */
    size_t size;
};

/* Replaces that of the trial. */
bool store_set_checkpoint(struct store *store, struct trial_key key,
                          const struct checkpoint *checkpoint, struct error *error);

/* The checkpoint of the trial, all 0 where there is none; its bytes, which are freed with
 * memory_free(), only if `whole`. */
bool store_find_checkpoint(struct store *store, struct trial_key key, bool whole,
                           struct checkpoint *checkpoint, struct error *error);

bool store_forget_checkpoint(struct store *store, struct trial_key key, struct error *error);

#endif
