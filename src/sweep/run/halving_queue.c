/* SPDX-License-Identifier: MIT
 *
 * When groups run out, all rungs are gone through from the first, and cut as far as that is
 * decided; the first rung that somebody may be trained to gives the next groups. A look costs some
 * reads of the store, and is taken only when somebody has come back since the last.
 */
#include "sweep/run/halving_queue.h"

#include "base/memory.h"
#include "sweep/run/halving_values.h"

#include <string.h>

void rung_queue_open(struct rung_queue *queue, struct runner *runner)
{
    *queue = (struct rung_queue){
        .runner = runner,
        .busy = memory_allocate(runner->workload->expansion.count, sizeof *queue->busy),
        .handed_to = memory_allocate(runner->workload->expansion.count, sizeof *queue->handed_to),
    };
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
    rung_groups_clear(&queue->groups);
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

/* Those of one rung. By `halving` its groups are handed out once, whole. */
static bool find_groups(struct rung_queue *queue, size_t rung)
{
    const int64_t epoch = rungs_epoch(&queue->runner->workload->rungs, rung);
    if (!in_order(queue) && rung < queue->handed)
        return true;
    size_t *items = memory_allocate(queue->cutting.item_count, sizeof *items), count = 0;
    bool done = cutting_take(&queue->cutting, rung, items, &count) &&
                (!in_order(queue) || keep_idle(queue, epoch, items, &count));
    if (done && count > 0) {
        queue->groups = rung_groups_create(queue->runner, items, count, rung);
        queue->handed = rung + 1;
    }
    memory_free(items);
    return done;
}

/* Is there one that was not handed out yet? */
static bool has_groups(const struct rung_queue *queue)
{
    return queue->groups.next < queue->groups.groups.count;
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
    for (size_t rung = 0; rung <= count && done && !has_groups(queue); rung++) {
        done = find_groups(queue, rung);
        if (done && !has_groups(queue) && rung < count)
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
    rung_groups_clear(&queue->groups);
    while (queue->source < sources) {
        if (!open_source(queue) || !look(queue))
            return false;
        if (has_groups(queue) || queue->busy_count > 0)
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
    const size_t *items = NULL;
    const bool more = has_groups(queue);
    if (!more && queue->looked)
        return RUNG_LATER;
    if (!more && !refill(queue)) {
        queue->runner->stopped = true;
        return RUNG_NOTHING;
    }
    group->count = rung_groups_take(&queue->groups, &items);
    if (group->count == 0) {
        queue->looked = queue->busy_count > 0;
        return queue->looked ? RUNG_LATER : RUNG_NOTHING;
    }
    group->pause = queue->groups.pause;
    memcpy(group->items, items, group->count * sizeof *group->items);
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
