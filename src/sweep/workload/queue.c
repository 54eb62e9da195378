/* SPDX-License-Identifier: MIT
 *
 * The turns of one round are kept, and those of the next are drawn when it begins: a sweep of a
 * billion trials has no list of them.
 */
#include "sweep/workload/queue.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "programs/ladder_rung.h"
#include "sweep/workload/rounds.h"

#include <stdlib.h>
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

/* A turn of a rung. */
struct rung_turn {
    size_t ladder; /* its number */
    double value;
    size_t place; /* in the round */
    uint32_t turn;
};

static int by_ladder_and_place(const void *a, const void *b)
{
    const struct rung_turn *left = a, *right = b;
    int order = (left->ladder > right->ladder) - (left->ladder < right->ladder);
    return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

static int by_ladder_loosest_first(const void *a, const void *b)
{
    const struct rung_turn *left = a, *right = b;
    int order = (left->ladder > right->ladder) - (left->ladder < right->ladder);
    if (order == 0)
        order = (left->value < right->value) - (left->value > right->value);
    return order != 0 ? order : by_ladder_and_place(a, b);
}

/* The turns of rungs (room for all of the round); how many. */
static size_t find_rungs(const struct queue *queue, struct rung_turn *rungs)
{
    struct lookup ladders = {0};
    size_t count = 0;
    for (size_t i = 0; i < queue->count; i++) {
        const struct configuration *values = first_of(queue, queue->turns[i]);
        if (!configuration_is_rung(values))
            continue;
        const struct ladder_rung rung = ladder_rung_of(values);
        rungs[count++] =
            (struct rung_turn){lookup_number(&ladders, rung.ladder, strlen(rung.ladder)),
                               rung.value, i, queue->turns[i]};
    }
    lookup_clear(&ladders);
    return count;
}

/* Has the rungs of each ladder change places among themselves. */
static void rung_by_rung(struct queue *queue)
{
    struct rung_turn *places = memory_allocate(queue->count + 1, sizeof *places);
    const size_t count = find_rungs(queue, places);
    if (count > 0) {
        struct rung_turn *loosest = memory_allocate(count, sizeof *loosest);
        memcpy(loosest, places, count * sizeof *places);
        qsort(places, count, sizeof *places, by_ladder_and_place);
        qsort(loosest, count, sizeof *loosest, by_ladder_loosest_first);
        for (size_t i = 0; i < count; i++)
            queue->turns[places[i].place] = loosest[i].turn;
        memory_free(loosest);
    }
    memory_free(places);
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
    rung_by_rung(queue);
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
