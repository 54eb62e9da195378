/* SPDX-License-Identifier: MIT
 *
 * Who of a data set is trained to a rung, and who goes on from it: each time as the store says it,
 * and, of configurations that other shards train, their boards (halving_board.h).
 */
#ifndef DESCENT_SWEEP_RUN_HALVING_CUT_H
#define DESCENT_SWEEP_RUN_HALVING_CUT_H

#include "base/digest.h"
#include "sweep/run/halving_board.h"
#include "sweep/run/runner_state.h"

/* One set of configurations that are compared, and what is known of them. */
struct pool {
    const struct rung_set *set;
    int64_t number;                  /* from 1 */
    struct rung_standing *standings; /* (candidate_count) after the cut before */
    bool *known;                     /* (count) at the cut at hand: is there a value? */
    double *values;                  /* (count) likewise, by the criterion */
    double *found;                   /* (cuts, count) values that were asked for; NaN: not yet */
    size_t *settled;                 /* (count) cuts of each that are recorded */
    bool *cleared;                   /* (count) is what an earlier file left gone? */
};

struct cutting {
    struct runner *runner;
    size_t source;
    size_t count, item_count;
    struct pool *pools;  /* (count) of one data set; they have item_count items together */
    size_t *owners;      /* (expansion count) the shard of each item, from 1; NULL: all are here */
    struct board own;    /* values of this shard ... */
    struct board others; /* ... and of the others, as far as they are known */
    char sweep[DIGEST_TEXT]; /* of the sweep file's text */
    size_t heard;            /* values of others that were known when this pass began */
    size_t open;             /* items of this shard that wait to be cut or not */
    size_t awaited;          /* a shard that they wait for, from 1 */
};

void cutting_open(struct cutting *cutting, struct runner *runner, size_t source);
void cutting_close(struct cutting *cutting);

/* Before the first rung: all are in the race. */
void cutting_begin(struct cutting *cutting);

/* Before a rung (from 0): forgets trials that were cut and, as the file is now, would not be; then
 * tells who comes here from the cut before it, whether or not it is there already: `count` items of
 * the expansion (cutting->item_count at most), ascending. */
bool cutting_take(const struct cutting *cutting, size_t rung, size_t *items, size_t *count);

/* The cut after a rung (from 0), in one transaction: decided from the traces as far as it can be,
 * recorded, done. */
bool cutting_cut(struct cutting *cutting, size_t rung);

/* Is it trained here? And, in the race, as far as is known? */
bool cutting_is_own(const struct cutting *cutting, size_t item);
bool pool_is_in(const struct pool *pool, size_t i);

/* What is recorded here of an item. */
bool cutting_find(const struct cutting *cutting, size_t item, struct trial_record *record);

#endif
