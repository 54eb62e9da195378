/* SPDX-License-Identifier: MIT
 *
 * The turns of one round are kept, and those of the next are drawn when it begins: a sweep of a
 * billion trials has no list of them.
 */
#include "sweep/workload/queue.h"

#include "base/memory.h"
#include "sweep/workload/rounds.h"

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

void queue_begin(struct queue *queue, size_t source, int64_t round)
{
    const struct sweep_file *file = queue->workload->file;
    queue->source = source;
    queue->round = round;
    queue->count = groups_of(queue->workload, source);
    queue->next = 0;
    round_turns(file->order, (uint64_t)file->seed, round, queue->count, queue->turns);
    keep_own(queue);
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
