/* SPDX-License-Identifier: MIT
 *
 * Groups: which configurations are trained side by side. Where times are shared, they share a
 * data set, a solver and everything that fixes the order of the work (training_compatible), and
 * each has its own rate, schedule, lambda and stopping; with `execution: solo` each is alone, and
 * its time is its own. Those of a later grid (sweep/zoom/) are in groups of their own, so that the
 * groups before it stay as they were.
 *
 * Groups come from the plan and never from what is recorded already: a sweep that was interrupted
 * goes on with the same groups, if with fewer members, and so with the same bits.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_GROUPS_H
#define DESCENT_SWEEP_WORKLOAD_GROUPS_H

#include "sweep/file/sweep_file.h"
#include "sweep/workload/expansion.h"

struct groups {
    size_t count;
    size_t *starts;  /* (count + 1): members of group g are members[starts[g] .. starts[g + 1]) */
    size_t *members; /* (expansion->count) numbers of items, those of one data set together */
};

/* Groups of at most so many models (1 to GROUP_MOST), in the order of the first member of each. */
struct groups groups_create(const struct expansion *expansion, size_t models);
void groups_clear(struct groups *groups);

#endif
