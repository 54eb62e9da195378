/* SPDX-License-Identifier: MIT
 *
 * The queue of a sweep: groups (groups.h) in the order in which they are trained. Every data set
 * has its rounds (rounds.h), one for each repeat, and every round has each of its groups once.
 * Where there are folds, a round goes from fold to fold, so that the rows of each are copied once
 * in it. Rungs of a ladder keep the places of the round among them, the loosest first, for what it
 * comes to may spare the others (run/needless_rungs.h).
 */
#ifndef DESCENT_SWEEP_WORKLOAD_QUEUE_H
#define DESCENT_SWEEP_WORKLOAD_QUEUE_H

#include "sweep/workload/shard.h"
#include "sweep/workload/workload.h"

struct queue {
    const struct workload *workload;
    struct shard shard; /* whose groups they are; zero: all */
    size_t source;      /* the round at hand: of this data set, ... */
    int64_t round;      /* ... from 1 */
    size_t count;       /* of its groups */
    size_t next;        /* of its turns that was not taken yet */
    uint32_t *turns;    /* (count) groups of the data set, from 0 */
};

/* Empty, until a round is begun. */
void queue_open(struct queue *queue, const struct workload *workload, struct shard shard);
void queue_close(struct queue *queue);

/* Begins a round, at its first group; it may have none. */
void queue_begin(struct queue *queue, size_t source, int64_t round);

/* The next group of the round; false when there is none. */
bool queue_take(struct queue *queue, size_t *group);

/* The same, where the next round follows, and then the rounds of the next data set. */
bool queue_take_any(struct queue *queue, size_t *group);

#endif
