/* SPDX-License-Identifier: MIT
 *
 * What ranks that models are distributed to train of a sweep that cuts configurations: one group of
 * a rung after the other, and, when all groups are handed out, those of the next rung, as far as it
 * is known who goes on. By `halving` that is known when nobody trains any more, and the groups of a
 * rung are those that one process makes; by `asha` some go on while others are still on their way.
 */
#ifndef DESCENT_SWEEP_RUN_HALVING_QUEUE_H
#define DESCENT_SWEEP_RUN_HALVING_QUEUE_H

#include "sweep/run/halving_cut.h"
#include "sweep/run/halving_groups.h"

struct rung_queue {
    struct runner *runner;
    size_t source;             /* the data set at hand ... */
    bool open;                 /* ... whose cutting this is: */
    struct cutting cutting;    /* ... */
    size_t handed;             /* rungs of it whose groups were handed out (`halving`) */
    struct rung_groups groups; /* handed out next */
    bool *busy;                /* (expansion count) items that are being trained */
    size_t busy_count;
    int64_t *handed_to; /* (expansion count) the epoch to which an item was handed out last */
    bool looked; /* nobody has come back since it was found that there is nothing to hand out */
};

/* A group of a rung. */
struct rung_group {
    size_t count;
    size_t items[GROUP_MOST];
    int64_t pause;
};

enum rung_answer {
    RUNG_GROUP,   /* train this */
    RUNG_LATER,   /* ask again when somebody has come back */
    RUNG_NOTHING, /* there is nothing left, or an error has stopped the runner */
};

void rung_queue_open(struct rung_queue *queue, struct runner *runner);
void rung_queue_close(struct rung_queue *queue);

/* The next group, under the runner's lock. */
enum rung_answer rung_queue_take(struct rung_queue *queue, struct rung_group *group);

/* A group is not trained any more, and becomes empty. */
void rung_queue_return(struct rung_queue *queue, struct rung_group *group);

#endif
