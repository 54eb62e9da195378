/* SPDX-License-Identifier: MIT
 *
 * What `method: halving` records beside trials: where each configuration stood at each rung, whom
 * it was compared with, and what became of it. A trial that waits has a row and a trace
 * like one that has ended, with the status `waiting`; going on replaces it, and being cut gives it
 * the status `cut`.
 */
#ifndef DESCENT_STORE_STORE_RUNGS_H
#define DESCENT_STORE_STORE_RUNGS_H

#include "store/store.h"

/* What became of a configuration at a rung. */
enum rung_fate {
    RUNG_ON,       /* it went on */
    RUNG_CUT,      /* it did not: others were better */
    RUNG_ENDED,    /* it had ended before, well or by a limit of its own */
    RUNG_DIVERGED, /* likewise: it had diverged */
    RUNG_FAILED,
    RUNG_FATES
};
const char *rung_fate_name(enum rung_fate fate);
enum rung_fate rung_fate_find(const char *name); /* RUNG_FAILED: there is none of that name */

struct stored_rung {
    int64_t configuration; /* number in the store */
    int64_t rung;          /* from 1 */
    int64_t epoch;         /* after which it was looked at */
    const struct entry *criterion;
    double value; /* by that; NaN: it had none */
    int64_t pool; /* number of those that it was compared with, from 1 */
    int64_t place, candidates, kept;
    enum rung_fate fate;
};

struct stored_rungs {
    size_t count, capacity;
    struct stored_rung *rows; /* (count) by pool, rung, place, and position in the plan */
};

/* Those of configurations in the plan; none in a store that has no table for them. Clear with
 * stored_rungs_clear() in any case. */
bool store_read_rungs(struct store *store, struct stored_rungs *list, struct error *error);
void stored_rungs_clear(struct stored_rungs *list);

/* Records one, in place of what was recorded of that configuration at that rung. */
bool store_set_rung(struct store *store, const struct stored_rung *row, struct error *error);

/* Forgets what is recorded of a configuration at that rung; and from that rung on. */
bool store_forget_rung(struct store *store, int64_t configuration, int64_t rung,
                       struct error *error);
bool store_forget_rungs(struct store *store, int64_t configuration, int64_t rung,
                        struct error *error);

/* Forgets all of them: the sweep file cuts no configurations any more. */
bool store_clear_rungs(struct store *store, struct error *error);

/* Ends a trial that waits: it is cut, and its checkpoint is gone. */
bool store_cut_trial(struct store *store, struct trial_key key, int64_t trial, struct error *error);

/* Forgets a trial that was cut or waits: it is trained from the start. */
bool store_forget_trial(struct store *store, struct trial_key key, struct error *error);

#endif
