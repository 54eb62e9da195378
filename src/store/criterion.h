/* SPDX-License-Identifier: MIT
 *
 * Criteria: what configurations are cut by (`method: halving`). Each is a number of a model at a
 * point of its trace, and less of it is better.
 */
#ifndef DESCENT_STORE_CRITERION_H
#define DESCENT_STORE_CRITERION_H

#include "base/table.h"
#include "solvers/trial.h"

/* Where a model stands, and what it is judged by. */
struct judged_point {
    const struct trace *trace;
    size_t point;   /* of the trace: where it stands */
    double optimum; /* F* of its data and lambda; NaN: not known */
    double target;  /* the gap it is to reach */
};

struct criterion {
    struct entry entry;
    bool across;        /* configurations of different lambda are compared with each other */
    bool needs_optimum; /* F* */
    /* Not finite: it has none, and comes after those that have one. */
    double (*value)(const struct judged_point *judged);
};

extern const struct criterion criterion_objective, criterion_gap, criterion_heldout_loss,
    criterion_time_to_target;
extern const struct table criterion_table;

static inline const struct criterion *criterion_of(const struct entry *entry)
{
    return (const struct criterion *)(const void *)entry;
}

#endif
