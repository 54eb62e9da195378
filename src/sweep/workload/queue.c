/* SPDX-License-Identifier: MIT
 *
 * The turns of one round are kept, and those of the next are drawn when it begins: a sweep of a
 * billion trials has no list of them.
 */
#include "sweep/workload/queue.h"

#include "base/memory.h"
#include "sweep/workload/rounds.h"

#include <string.h>

static size_t groups_of(const struct workload *workload, size_t source)
{
    return workload->group_starts[source + 1] - workload->group_starts[source];
}

void queue_open(struct queue *queue, const struct workload *workload, struct shard shard)
{
    size_t most = 0;
    for (size_t i = 0; i < workload->file->source_count; i++)
        if (groups_of(workload, i) > most)
            most = groups_of(workload, i);
    *queue = (struct queue){.workload = workload, .shard = shard};
    queue->turns = memory_allocate(most, sizeof *queue->turns);
}

void queue_close(struct queue *queue)
{
    memory_free(queue->turns);
    *queue = (struct queue){0};
}

/* Passes over the groups of other shards. */
static void keep_own(struct queue *queue)
{
    size_t first = queue->workload->group_starts[queue->source], kept = 0;
    for (size_t i = 0; i < queue->count; i++)
        if (shard_has(&queue->shard, first + queue->turns[i]))
            queue->turns[kept++] = queue->turns[i];
    queue->count = kept;
}

/* The configuration of the first member of a group of the round's data set. */
static const struct configuration *first_of(const struct queue *queue, uint32_t turn)
{
    const struct workload *workload = queue->workload;
    size_t group = workload->group_starts[queue->source] + turn;
    size_t item = workload->groups.members[workload->groups.starts[group]];
    return &workload->expansion.items[item].configuration;
}

/* Brings groups that are trained on the same rows together, where the first of them stands. */
static void fold_by_fold(struct queue *queue)
{
    bool folds = false;
    for (size_t i = 0; i < queue->count; i++)
        folds = folds || first_of(queue, queue->turns[i])->fold > 0;
    if (!folds)
        return;
    uint32_t *ordered = memory_allocate_untouched(queue->count, sizeof *ordered);
    size_t left = queue->count, taken = 0;
    while (left > 0) {
        const struct configuration *first = first_of(queue, queue->turns[0]);
        size_t kept = 0;
        for (size_t i = 0; i < left; i++) {
            if (configuration_same_rows(first, first_of(queue, queue->turns[i])))
                ordered[taken++] = queue->turns[i];
            else
                queue->turns[kept++] = queue->turns[i];
        }
        left = kept;
    }
    memcpy(queue->turns, ordered, queue->count * sizeof *ordered);
    memory_free(ordered);
}

void queue_begin(struct queue *queue, size_t source, int64_t round)
{
    const struct sweep_file *file = queue->workload->file;
    queue->source = source;
    queue->round = round;
    queue->count = groups_of(queue->workload, source);
    queue->next = 0;
    round_turns(file->order, (uint64_t)file->seed, round, queue->count, queue->turns);
    keep_own(queue);
    fold_by_fold(queue);
}

bool queue_take(struct queue *queue, size_t *group)
{
    if (queue->next == queue->count)
        return false;
    *group = queue->workload->group_starts[queue->source] + queue->turns[queue->next++];
    return true;
}

bool queue_take_any(struct queue *queue, size_t *group)
{
    const struct sweep_file *file = queue->workload->file;
    while (!queue_take(queue, group)) {
        if (queue->round == 0)
            queue_begin(queue, 0, 1);
        else if (queue->round < file->repeats)
            queue_begin(queue, queue->source, queue->round + 1);
        else if (queue->source + 1 < file->source_count)
            queue_begin(queue, queue->source + 1, 1);
        else
            return false;
    }
    return true;
}
