/* SPDX-License-Identifier: MIT
 *
 * The groups of a rung: those that come to it are packed anew, in the order of the plan, so that a
 * pass has as many columns as there are survivors. Groups take turns by the rung's own order
 * (workload/rounds.h), whoever trains them: passes side by side, or ranks.
 */
#ifndef DESCENT_SWEEP_RUN_HALVING_GROUPS_H
#define DESCENT_SWEEP_RUN_HALVING_GROUPS_H

#include "sweep/run/runner_state.h"

/* All zero: there are none. Clear with rung_groups_clear(). */
struct rung_groups {
    int64_t pause; /* epoch to which models are trained */
    struct groups groups;
    uint32_t *turns; /* (groups.count) */
    size_t next;     /* turn that was not taken yet */
};

/* Of items (count > 0 of them, ascending) that are trained to a rung (from 0). */
struct rung_groups rung_groups_create(const struct runner *runner, const size_t *items,
                                      size_t count, size_t rung);
void rung_groups_clear(struct rung_groups *groups);

/* The items of the group whose turn it is, which becomes the next one's; returns how many, 0: all
 * have had theirs. They are valid until the groups are cleared. */
size_t rung_groups_take(struct rung_groups *groups, const size_t **items);

#endif
