/* SPDX-License-Identifier: MIT
 *
 * Turns depend on the seed, the rung and the number of groups alone, so that a sweep that was
 * killed goes on in the same order.
 */
#include "sweep/run/halving_groups.h"

#include "base/memory.h"
#include "sweep/workload/rounds.h"

struct rung_groups rung_groups_create(const struct runner *runner, const size_t *items,
                                      size_t count, size_t rung)
{
    const struct workload *workload = runner->workload;
    const struct sweep_file *file = workload->file;
    struct rung_groups groups = {
        .pause = rungs_epoch(&workload->rungs, rung),
        .groups = groups_create_of(file, &workload->expansion, items, count,
                                   (size_t)runner->placement.models),
    };
    groups.turns = memory_allocate(groups.groups.count, sizeof *groups.turns);
    round_turns(file->order, (uint64_t)file->seed, (int64_t)rung + 1, groups.groups.count,
                groups.turns);
    return groups;
}

void rung_groups_clear(struct rung_groups *groups)
{
    groups_clear(&groups->groups);
    memory_free(groups->turns);
    *groups = (struct rung_groups){0};
}

size_t rung_groups_take(struct rung_groups *groups, const size_t **items)
{
    if (groups->next == groups->groups.count)
        return 0;
    const size_t group = groups->turns[groups->next++];
    const size_t begin = groups->groups.starts[group];
    *items = groups->groups.members + begin;
    return groups->groups.starts[group + 1] - begin;
}
