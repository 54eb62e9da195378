/* SPDX-License-Identifier: MIT
 *
 * The field of a comparison: for each problem (one data set and one lambda) the configurations that
 * compete, and when each of their trials came to each target.
 *
 * Targets.   Gaps F - F* of 1e-1 to 1e-6 where F* is known, or those of them that the sweep file
 *            asks for (`targets`). Where it is not, or there is none, they are objectives on the
 * way from F_0, the least that any trial began with, down to F_1, the least that every side came
 * to: 50, 90, 99 and 99.9 % of it. A target that some trial meets before its first step is left
 * out. Lambda     changes F itself, and so does the scale of the features. Where one of them is the
 *            axis, sides are judged by the loss on the rows held out in the place of the objective,
 *            and neither that axis nor lambda tells problems apart.
 * Entrants.  A configuration whatever its seed: trials of several seeds are trials of one entrant,
 *            or luck could be tuned. One of which a trial diverged or failed is unfit.
 * Arrival.   At the first recorded point at or below the target, at the latest; and, where epochs
 *            before it were not recorded, at some time after the last point that missed. A trial
 *            without one is censored, not dropped: it arrives after all others, at infinity.
 * Times      are of trials timed alone, and on one host (hosts.h). In finals (sweep/run/finals.c)
 *            they were taken after the choice of who is there, so a comparison prefers them.
 */
#ifndef DESCENT_REPORT_COMPARISON_CONTENDERS_H
#define DESCENT_REPORT_COMPARISON_CONTENDERS_H

#include "report/comparison/entrant.h"
#include "report/comparison/sides.h"

struct problem {
    const char *data;
    char *common; /* `data`, where sides are preparations: what they have in common; or NULL */
    const char *digest;
    int64_t rows, features;
    bool regularised; /* lambda tells it from others */
    double lambda;    /* NaN: no solver here has an L2 term */
    struct optimum optimum;
    size_t count, capacity;
    struct entrant *entrants; /* (count), in the order of the plans */
    size_t led;               /* trials that began with the solution of another */
    size_t elsewhere;         /* trials timed alone whose time is left out: of other hosts */
    size_t in_parts;          /* trials that have no time, as they were continued */
    bool by_gap;
    bool between;       /* some arrival is known only to lie between two recorded epochs */
    size_t seeds;       /* that its trials have */
    int64_t seed;       /* one of them */
    double start, best; /* F_0 and F_1, of sides that have come to anything; infinite: none has */
    size_t targets;
    double marks[TARGETS_MOST];      /* gaps, or shares of the way */
    double objectives[TARGETS_MOST]; /* descending */
};

/* The fold that its rows are without, which tells it from others; 0: none. */
static inline int64_t problem_fold(const struct problem *problem)
{
    return problem->count > 0 ? problem->entrants[0].values.fold : 0;
}

/* Where an outcome has become part of an entrant. */
struct membership {
    int64_t problem; /* -1: it is on no side */
    size_t entrant;
};

struct contenders {
    const struct opened_store *opened;
    size_t opened_count;
    struct sides sides;
    bool heldout; /* judged by held-out loss: all that is called an objective is one */
    size_t count;
    struct problem *problems;       /* (count), in the order of the plans */
    struct membership *memberships; /* one for each outcome, those of the first store first */
};

/* Reads everything, the traces one at a time. Clear with contenders_clear() in any case. */
bool contenders_create(struct contenders *contenders, const char *by,
                       const struct opened_store *opened, size_t count, struct error *error);
void contenders_clear(struct contenders *contenders);

#endif
