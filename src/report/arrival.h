/* SPDX-License-Identifier: MIT
 *
 * Arrivals: when the two sides of a comparison first reach its targets. The definitions are in
 * comparison.h. Traces are read one at a time, twice: the first reading says how far the sides get,
 * which gives the targets, and the second when they get there.
 */
#ifndef DESCENT_REPORT_ARRIVAL_H
#define DESCENT_REPORT_ARRIVAL_H

#include "report/results.h"

#include <stdbool.h>
#include <stddef.h>

enum { SIDE_STOCHASTIC, SIDE_BATCH, SIDES };
enum { TARGETS = 4 };

extern const double target_shares[TARGETS];

/* The fastest configuration of a side for one target. */
struct arrival {
    const struct outcome *outcome; /* NULL: none arrived */
    double seconds, epochs;        /* medians over its repeats */
    size_t arrived, repeats;       /* of its solo trials, how many arrived at all; where no
                                      configuration did, of those of the whole side */
};

struct side {
    size_t planned;     /* configurations in this section */
    size_t pending;     /* of them, without a trial */
    size_t unfit;       /* of them, with a trial that diverged or failed */
    size_t batched;     /* of them, without a trial timed alone */
    size_t competing;   /* the rest */
    double start, best; /* least objective at the start and ever, over its competing trials */
    struct arrival arrivals[TARGETS];
};

struct contest {
    size_t section;
    struct side sides[SIDES];
    double start, best;      /* F_0 and F_1 */
    double targets[TARGETS]; /* objectives, descending */
    bool decided;            /* both sides compete and F_1 < F_0: targets and arrivals are set */
};

/* Is this configuration on one of the two sides, and which? */
bool outcome_side(const struct outcome *outcome, int *side);

bool contest_run(const struct results *results, size_t section, struct store *store,
                 struct contest *contest, struct error *error);

#endif
