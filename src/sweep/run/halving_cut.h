/* SPDX-License-Identifier: MIT
 *
 * Who of a data set is trained to a rung, and who goes on from it: each time as the store says it.
 */
#ifndef DESCENT_SWEEP_RUN_HALVING_CUT_H
#define DESCENT_SWEEP_RUN_HALVING_CUT_H

#include "sweep/run/runner_state.h"

#define TO_THE_END INT64_MAX /* the epoch of the last rung: of each, its own */

/* One set of configurations that are compared, and what is known of them. */
struct pool {
    const struct rung_set *set;
    int64_t number;               /* from 1 */
    bool *in;                     /* (candidate_count) are they still in the race? */
    size_t *places;               /* (candidate_count) at the cut at hand */
    double *values;               /* (count) likewise, by the criterion */
    struct trial_record *records; /* (count) likewise */
};

struct cutting {
    struct runner *runner;
    size_t count, item_count;
    struct pool *pools; /* (count) of one data set; they have item_count items together */
};

void cutting_open(struct cutting *cutting, struct runner *runner, size_t source);
void cutting_close(struct cutting *cutting);

/* Is there all that configurations are to be cut by? An error otherwise. */
bool cutting_check(const struct cutting *cutting);

/* Before a rung, that of `epoch`: forgets trials that were cut and, as the file is now, would not
 * be. */
bool cutting_begin_rung(const struct cutting *cutting, int64_t epoch);

/* Who comes from the cut at epoch `before` (-1: from the start) to the next rung, whether or not it
 * is there already: `count` items of the expansion, ascending. */
bool cutting_take(const struct cutting *cutting, int64_t before, size_t *items, size_t *count);

/* Is everybody there who is to come to `epoch`? */
bool cutting_is_whole(const struct cutting *cutting, int64_t epoch, bool *whole);

/* The cut after a rung (from 0), in one transaction: decided from the traces, recorded, done. */
bool cutting_cut(struct cutting *cutting, size_t rung);

#endif
