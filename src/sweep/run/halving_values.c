/* SPDX-License-Identifier: MIT
 *
 * Of a trial that is recorded here, the trace is asked; of one that another shard trains, the board
 * of that shard, which has the same number from the same trace.
 */
#include "sweep/run/halving_values.h"

#include "base/memory.h"
#include "base/system/path.h"
#include "store/criterion.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- Of its own ---------------------------------------------------------------------------- */

static bool check_optimum(const struct cutting *cutting, size_t item)
{
    const struct runner *runner = cutting->runner;
    const struct sweep_file *file = runner->workload->file;
    const struct criterion *criterion = criterion_of(file->halving.criterion);
    return !criterion->needs_optimum || !isnan(runner->optima[item]) ||
           error_failed(runner->error,
                        "%s: cut_by: %s needs F* of every lambda, and there is one without; give "
                        "cut_by: objective or, with split: 0.2, cut_by: heldout_loss",
                        file->path, criterion->entry.name);
}

bool rung_values_check(const struct cutting *cutting)
{
    for (size_t p = 0; p < cutting->count; p++)
        for (size_t i = 0; i < cutting->pools[p].set->count; i++)
            if (!check_optimum(cutting, cutting->pools[p].set->members[i].item))
                return false;
    return true;
}

/* The value of a configuration after so many epochs; infinite: it has none, or had diverged. */
static bool judge(const struct cutting *cutting, size_t item, const struct trial_record *record,
                  int64_t epoch, double *value)
{
    const struct runner *runner = cutting->runner;
    const struct criterion *criterion = criterion_of(runner->workload->file->halving.criterion);
    const bool lost = record->status == STATUS_DIVERGED || record->status == STATUS_FAILED;
    struct trace trace;
    *value = INFINITY;
    if (lost && record->epochs <= epoch)
        return true;
    if (!check_optimum(cutting, item) ||
        !store_read_trace(runner->recording.store, record->id, &trace, runner->error))
        return false;
    size_t point = trace.count;
    while (point > 0 && trace.points[point - 1].epoch > epoch)
        point--;
    if (point > 0)
        *value = criterion->value(
            &(struct judged_point){&trace, point - 1, runner->optima[item],
                                   runner->workload->expansion.items[item].configuration.gap});
    if (!isfinite(*value))
        *value = INFINITY;
    memory_free(trace.points);
    return true;
}

/* The key has room for its text. */
static const char *key_of(const struct cutting *cutting, size_t item, char key[static DIGEST_TEXT])
{
    const struct workload *workload = cutting->runner->workload;
    const struct planned *planned = &workload->expansion.items[item];
    configuration_key(&planned->configuration, workload->data[planned->source]->digest, key);
    return key;
}

bool rung_is_pending(const struct trial_record *record, int64_t epoch)
{
    return record->status == STATUS_RUNNING ||
           (record->status == STATUS_WAITING && record->epochs < epoch);
}

/* Asks the trace of one that is trained here, if it has come to the rung. */
static bool ask_own(struct cutting *cutting, size_t item, int64_t epoch, double *value)
{
    char key[DIGEST_TEXT];
    struct trial_record record;
    if (!cutting_find(cutting, item, &record))
        return false;
    if (rung_is_pending(&record, epoch))
        return true;
    if (!judge(cutting, item, &record, epoch, value))
        return false;
    if (cutting->owners != NULL)
        board_add(&cutting->own, key_of(cutting, item, key), epoch, *value);
    return true;
}

/* A value is asked for until there is one. */
static bool judge_own(struct cutting *cutting, struct pool *pool, size_t i, size_t rung)
{
    const int64_t epoch = cutting->runner->workload->rungs.epochs[rung];
    double *found = &pool->found[rung * pool->set->count + i];
    if (isnan(*found) && !ask_own(cutting, pool->set->members[i].item, epoch, found))
        return false;
    pool->known[i] = !isnan(*found);
    pool->values[i] = *found;
    return true;
}

/* Of all that are trained here, and are in the race. */
static bool judge_all(struct cutting *cutting, size_t rung)
{
    bool done = true;
    for (size_t p = 0; p < cutting->count; p++) {
        struct pool *pool = &cutting->pools[p];
        for (size_t i = 0; i < pool->set->count && done; i++)
            done = rung < pool->set->bracket || !pool_is_in(pool, i) ||
                   !cutting_is_own(cutting, pool->set->members[i].item) ||
                   judge_own(cutting, pool, i, rung);
    }
    return done;
}

/* --- Of others ----------------------------------------------------------------------------- */

/* The file of a shard. */
static char *board_path(const struct cutting *cutting, int64_t index)
{
    const struct runner *runner = cutting->runner;
    const struct shard shard = {index, runner->options->shard.count};
    char *folder = path_folder(runner->outcome->folder), *path = NULL, name[SHARD_TEXT];
    if (asprintf(&path, "%s%s%s/rungs-%zu.txt", folder, *folder != '\0' ? "/" : "",
                 shard_name(&shard, name), cutting->source + 1) < 0)
        memory_exhausted(1, strlen(folder));
    memory_free(folder);
    return path;
}

static bool publish(struct cutting *cutting)
{
    char *path = board_path(cutting, cutting->runner->options->shard.index);
    bool done = !cutting->own.changed ||
                board_write(&cutting->own, path, cutting->sweep, cutting->runner->error);
    memory_free(path);
    return done;
}

static bool read_others(struct cutting *cutting)
{
    const struct shard *shard = &cutting->runner->options->shard;
    bool done = true;
    board_clear(&cutting->others);
    for (int64_t index = 1; index <= shard->count && done; index++) {
        char *path = board_path(cutting, index);
        done = index == shard->index ||
               board_read(&cutting->others, path, cutting->sweep, cutting->runner->error);
        memory_free(path);
    }
    return done;
}

/* Of those that other shards train, what their boards say. */
static void look_up(struct cutting *cutting, struct pool *pool, int64_t epoch)
{
    for (size_t i = 0; i < pool->set->count; i++) {
        const size_t item = pool->set->members[i].item;
        char key[DIGEST_TEXT];
        if (!pool_is_in(pool, i) || cutting_is_own(cutting, item))
            continue;
        pool->known[i] =
            board_find(&cutting->others, key_of(cutting, item, key), epoch, &pool->values[i]);
        if (!pool->known[i] && cutting->awaited == 0)
            cutting->awaited = cutting->owners[item];
    }
}

/* Tells the others what is known here, and hears what they know. */
static bool exchange(struct cutting *cutting, size_t rung)
{
    const int64_t epoch = cutting->runner->workload->rungs.epochs[rung];
    if (cutting->owners == NULL)
        return true;
    if (!publish(cutting) || !read_others(cutting))
        return false;
    if (rung == 0)
        cutting->heard = cutting->others.keys.count;
    for (size_t p = 0; p < cutting->count; p++)
        if (rung >= cutting->pools[p].set->bracket)
            look_up(cutting, &cutting->pools[p], epoch);
    return true;
}

bool rung_values_find(struct cutting *cutting, size_t rung)
{
    return judge_all(cutting, rung) && exchange(cutting, rung);
}

bool rung_values_ask(struct cutting *cutting, bool *news)
{
    const size_t heard = cutting->heard;
    if (!read_others(cutting))
        return false;
    *news = cutting->others.keys.count > heard;
    return true;
}
