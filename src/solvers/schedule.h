/* SPDX-License-Identifier: MIT
 *
 * Schedules: how the learning rate changes with time t, one row each in schedule_table. t counts
 * epochs from 0, for every solver and batch size, so that the same decay means the same for SGD and
 * for full-batch descent; within an epoch the rate is constant.
 */
#ifndef DESCENT_SOLVERS_SCHEDULE_H
#define DESCENT_SOLVERS_SCHEDULE_H

#include "solvers/configuration.h"

struct schedule {
    struct entry entry;
    unsigned uses; /* USES_... of configuration.h */
    double (*rate)(const struct configuration *configuration, double t);
};

extern const struct table schedule_table;
extern const struct schedule schedule_constant;

/* The schedule of a table entry. */
const struct schedule *schedule_of(const struct entry *entry);

/* The learning rate of an epoch, t = 0, 1, ...; 0 where the schedule's is so small that no step
 * with it changes a weight. */
double schedule_rate(const struct configuration *configuration, double t);

#endif
