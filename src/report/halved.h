/* SPDX-License-Identifier: MIT
 *
 * What `method: halving` did, from the store: who won each pool of configurations that were
 * compared, with how much work, and what the plainest rival would have found with as much: train
 * all for i epochs, take the best, and train that one to the end. R. Egele et al., The unreasonable
 * effectiveness of early discarding after one epoch in neural network hyperparameter optimization,
 * 2024, find that hard to beat.
 *
 * The rival's choice at epoch i is read from the traces. Up to the first cut all are known; after
 * it only those that went on are, and then the choice is the best of these, which is said. What it
 * chose may have been cut here: then its end is not known, only how far it had come.
 */
#ifndef DESCENT_REPORT_HALVED_H
#define DESCENT_REPORT_HALVED_H

#include "report/results.h"
#include "store/criterion.h"
#include "store/store_rungs.h"

/* Training all for `epoch` epochs, and the best of them to the end. */
struct rival {
    int64_t epoch;
    double work;                  /* model-epochs, all told */
    size_t known, all;            /* configurations that were at that epoch here, or had ended */
    const struct outcome *chosen; /* the best of those known; NULL: all had diverged */
    bool ended;                   /* it was trained to its end */
    double value;                 /* of the criterion where it ended, or was cut */
    bool affordable;              /* `work` is not more than halving took */
};

/* What became of a pool at a rung. */
struct rung_counts {
    int64_t epoch;
    size_t trained; /* configurations that were to come to it, those that had ended included */
    size_t fates[RUNG_FATES];
    double best, last, cut; /* values: the best, the last that went on, and the best that was cut;
                             * NaN: there is none */
};

struct halved_pool {
    size_t section; /* of its first configuration */
    size_t count;
    const struct outcome **outcomes; /* (count) that have a trial, in the order of the plan */
    size_t rung_count;
    struct rung_counts *rungs; /* (rung_count) its first cut and those after it */
    int64_t bracket;           /* which cut is its first, from 1 */
    bool in_order; /* each was compared with those before it in the plan, and not with all */
    const struct outcome *winner; /* the best of those that were not cut; NULL: there is none yet */
    double value;                 /* of the winner */
    double work, whole;           /* model-epochs: taken, and of training all to the end */
    size_t final_count; /* of those that went on from the last cut, timed again in finals */
    const struct outcome *fastest; /* of them; NULL: none was timed */
    double seconds;                /* of the fastest: median over its rounds */
    size_t rival_count;
    struct rival *rivals; /* (rival_count) by epoch */
};

struct halved {
    const struct criterion *criterion; /* NULL: nothing was halved */
    bool brackets;                     /* there is more than one */
    bool in_order; /* each was compared with those before it in the plan, and not with all */
    size_t count;
    struct halved_pool *pools; /* (count) */
};

/* Of a store that holds no rungs: of no pools. Clear with halved_clear() in any case. */
bool halved_read(struct store *store, const struct results *results, struct halved *halved,
                 struct error *error);
void halved_clear(struct halved *halved);

/* The rival with the most epochs that took no more work; NULL: there is none. */
const struct rival *halved_rival(const struct halved_pool *pool);

#endif
