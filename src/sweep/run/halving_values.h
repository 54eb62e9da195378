/* SPDX-License-Identifier: MIT
 *
 * What configurations are compared by at a rung (store/criterion.h): known of all that are trained
 * here, and, in a shard, of those of the others as far as they have told (halving_board.h).
 */
#ifndef DESCENT_SWEEP_RUN_HALVING_VALUES_H
#define DESCENT_SWEEP_RUN_HALVING_VALUES_H

#include "sweep/run/halving_cut.h"

/* Is there all that configurations are to be cut by? An error otherwise. */
bool rung_values_check(const struct cutting *cutting);

/* Finds `known` and `values` of all pools at the cut after a rung (from 0). A shard
 * tells the others what it knows, and hears what they do. */
bool rung_values_find(struct cutting *cutting, size_t rung);

/* Has a trial neither ended nor come to `epoch`? One that was cut earlier and is in again begins
 * anew. */
bool rung_is_pending(const struct trial_record *record, int64_t epoch);

/* Have other shards come further since the first rung of this pass? */
bool rung_values_ask(struct cutting *cutting, bool *news);

#endif
