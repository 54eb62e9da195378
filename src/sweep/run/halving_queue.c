/* SPDX-License-Identifier: MIT
 *
 * When groups run out, all rungs are gone through from the first, and cut as far as that is
 * decided; the first rung that somebody may be trained to gives the next groups. A look costs some
 * reads of the store, and is taken only when somebody has come back since the last.
 */
#include "sweep/run/halving_queue.h"

#include "base/memory.h"
#include "sweep/run/halving_values.h"
#include "sweep/workload/rounds.h"

#include <string.h>

void rung_queue_open(struct rung_queue *queue, struct runner *runner)
{
    *queue = (struct rung_queue){
        .runner = runner,
        .busy = memory_allocate(runner->workload->expansion.count, sizeof *queue->busy),
        .handed_to = memory_allocate(runner->workload->expansion.count, sizeof *queue->handed_to),
    };
}

static void drop_groups(struct rung_queue *queue)
{
    groups_clear(&queue->groups);
    memory_free(queue->turns);
    queue->turns = NULL;
    queue->next = 0;
}

static void close_source(struct rung_queue *queue)
{
    if (queue->open)
        cutting_close(&queue->cutting);
    queue->open = false;
    queue->handed = 0;
}

void rung_queue_close(struct rung_queue *queue)
{
    drop_groups(queue);
    close_source(queue);
    memory_free(queue->busy);
    memory_free(queue->handed_to);
    *queue = (struct rung_queue){0};
}

/* --- Who is to be trained ------------------------------------------------------------------ */

static bool in_order(const struct rung_queue *queue)
{
    return sweep_file_halves_in_order(queue->runner->workload->file);
}

/* Leaves those that nobody trains, and that are not at the rung. Who was sent there and has not
 * come was refused for want of memory, and would be again. */
static bool keep_idle(const struct rung_queue *queue, int64_t epoch, size_t *items, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        struct trial_record record;
        if (!cutting_find(&queue->cutting, items[i], &record))
            return false;
        if (!queue->busy[items[i]] && queue->handed_to[items[i]] != epoch &&
            rung_is_pending(&record, epoch))
            items[kept++] = items[i];
    }
    *count = kept;
    return true;
}

static void make_groups(struct rung_queue *queue, const size_t *items, size_t count, size_t rung,
                        int64_t epoch)
{
    const struct runner *runner = queue->runner;
    const struct sweep_file *file = runner->workload->file;
    queue->groups = groups_create_of(file, &runner->workload->expansion, items, count,
                                     (size_t)runner->placement.models);
    queue->turns = memory_allocate(queue->groups.count, sizeof *queue->turns);
    queue->pause = epoch;
    round_turns(file->order, (uint64_t)file->seed, (int64_t)rung + 1, queue->groups.count,
                queue->turns);
}

/* Those of one rung. By `halving` its groups are handed out once, whole. */
static bool find_groups(struct rung_queue *queue, size_t rung)
{
    const struct rungs *rungs = &queue->runner->workload->rungs;
    const int64_t epoch = rung < rungs->count ? rungs->epochs[rung] : TO_THE_END;
    const int64_t before = rung > 0 ? rungs->epochs[rung - 1] : -1;
    if (!in_order(queue) && rung < queue->handed)
        return true;
    size_t *items = memory_allocate(queue->cutting.item_count, sizeof *items), count = 0;
    bool done = cutting_begin_rung(&queue->cutting, epoch) &&
                cutting_take(&queue->cutting, before, items, &count) &&
                (!in_order(queue) || keep_idle(queue, epoch, items, &count));
    if (done && count > 0)
        make_groups(queue, items, count, rung, epoch);
    if (done && count > 0)
        queue->handed = rung + 1;
    memory_free(items);
    return done;
}

/* Goes through the rungs of the data set at hand up to one with groups. By `halving` all are to be
 * there first. */
static bool look(struct rung_queue *queue)
{
    const size_t count = queue->runner->workload->rungs.count;
    bool done = true;
    if (!in_order(queue) && queue->busy_count > 0)
        return true;
    cutting_begin(&queue->cutting);
    for (size_t rung = 0; rung <= count && done && queue->groups.count == 0; rung++) {
        done = find_groups(queue, rung);
        if (done && queue->groups.count == 0 && rung < count)
            done = cutting_cut(&queue->cutting, rung);
    }
    return done;
}

/* --- Handing out --------------------------------------------------------------------------- */

static bool open_source(struct rung_queue *queue)
{
    if (queue->open)
        return true;
    cutting_open(&queue->cutting, queue->runner, queue->source);
    queue->open = true;
    progress_best_reset(&queue->runner->progress);
    return rung_values_check(&queue->cutting);
}

/* Groups of this data set, or, when there is nothing left of it, of the next. */
static bool refill(struct rung_queue *queue)
{
    const size_t sources = queue->runner->workload->file->source_count;
    drop_groups(queue);
    while (queue->source < sources) {
        if (!open_source(queue) || !look(queue))
            return false;
        if (queue->groups.count > 0 || queue->busy_count > 0)
            return true;
        close_source(queue);
        queue->source++;
    }
    return true;
}

static void mark(struct rung_queue *queue, const struct rung_group *group, bool busy)
{
    for (size_t i = 0; i < group->count; i++)
        queue->busy[group->items[i]] = busy;
    queue->busy_count = busy ? queue->busy_count + group->count : queue->busy_count - group->count;
}

enum rung_answer rung_queue_take(struct rung_queue *queue, struct rung_group *group)
{
    const struct groups *groups = &queue->groups;
    if (queue->next == groups->count && queue->looked)
        return RUNG_LATER;
    if (queue->next == groups->count && !refill(queue)) {
        queue->runner->stopped = true;
        return RUNG_NOTHING;
    }
    if (queue->turns == NULL) { /* there are no groups */
        queue->looked = queue->busy_count > 0;
        return queue->looked ? RUNG_LATER : RUNG_NOTHING;
    }
    const size_t begin = groups->starts[queue->turns[queue->next]];
    group->count = groups->starts[queue->turns[queue->next++] + 1] - begin;
    group->pause = queue->pause;
    memcpy(group->items, groups->members + begin, group->count * sizeof *group->items);
    mark(queue, group, true);
    for (size_t i = 0; i < group->count; i++)
        queue->handed_to[group->items[i]] = group->pause;
    return RUNG_GROUP;
}

void rung_queue_return(struct rung_queue *queue, struct rung_group *group)
{
    if (group->count == 0)
        return;
    mark(queue, group, false);
    group->count = 0;
    queue->looked = false;
}
