/* SPDX-License-Identifier: MIT
 *
 * Groups: which configurations are trained side by side. Where times are shared, they share a
 * data set, a solver and everything that fixes the order of the work (training_compatible), and
 * each has its own rate, schedule, lambda and stopping; with `execution: solo` each is alone, and
 * its time is its own. Those of a later grid (sweep/zoom/) are in groups of their own, so that the
 * groups before it stay as they were.
 *
 * Paths (paths.h) are never cut: a group has whole ones, and is a unit of work. Its members stand
 * in the order of their steps, first members of all paths, then second ones; those of one step are
 * trained side by side, each from the solution of its own path.
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

/* Groups of at most so many models side by side (1 to GROUP_MOST), in the order of the first member
 * of each. */
struct groups groups_create(const struct sweep_file *file, const struct expansion *expansion,
                            size_t models);

/* The same of some of the items (count of them, ascending). */
struct groups groups_create_of(const struct sweep_file *file, const struct expansion *expansion,
                               const size_t *items, size_t count, size_t models);

/* Of members [begin, end) of a group, the end of those that are trained side by side with the one
 * at `begin`: without paths, of all. */
size_t groups_step(const struct groups *groups, const struct expansion *expansion, size_t begin,
                   size_t end);

/* The most models of a group that are trained side by side. */
size_t groups_models(const struct groups *groups, const struct expansion *expansion, size_t group);

void groups_clear(struct groups *groups);

#endif
