/* SPDX-License-Identifier: MIT
 *
 * A candidate that is out stays out; of one that is in, every configuration must be at the rung, or
 * have ended before it, until anything follows from it. What is compared is the last point that the
 * trace has up to the epoch of the rung: of a trial that went on since, the same that it had then.
 *
 * A shard decides of all configurations, as the other shards do, and from the same numbers; it
 * trains, cuts and records its own.
 */
#include "sweep/run/halving_cut.h"

#include "base/memory.h"
#include "store/store_rungs.h"
#include "sweep/run/halving_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- Pools --------------------------------------------------------------------------------- */

static struct pool pool_of(const struct rung_set *set, size_t number, size_t cuts)
{
    struct pool pool = {
        .set = set,
        .number = (int64_t)number + 1,
        .standings = memory_allocate(set->candidate_count, sizeof(struct rung_standing)),
        .known = memory_allocate(set->count, sizeof(bool)),
        .values = memory_allocate(set->count, sizeof(double)),
        .found = memory_allocate(cuts * set->count, sizeof(double)),
        .settled = memory_allocate(set->count, sizeof(size_t)),
        .cleared = memory_allocate(set->count, sizeof(bool)),
    };
    for (size_t i = 0; i < cuts * set->count; i++)
        pool.found[i] = NAN;
    return pool;
}

/* The shard of each item; NULL: there are none. */
static size_t *find_owners(const struct runner *runner)
{
    const struct groups *groups = &runner->workload->groups;
    const size_t shards = (size_t)runner->options->shard.count;
    if (shards == 0)
        return NULL;
    size_t *owners = memory_allocate(runner->workload->expansion.count, sizeof *owners);
    for (size_t g = 0; g < groups->count; g++)
        for (size_t m = groups->starts[g]; m < groups->starts[g + 1]; m++)
            owners[groups->members[m]] = shard_of(g, shards);
    return owners;
}

void cutting_open(struct cutting *cutting, struct runner *runner, size_t source)
{
    const struct workload *workload = runner->workload;
    const struct rungs *rungs = &workload->rungs;
    *cutting = (struct cutting){
        .runner = runner,
        .source = source,
        .pools = memory_allocate(rungs->set_count, sizeof *cutting->pools),
        .owners = find_owners(runner),
    };
    digest_of_text(workload->file->text, cutting->sweep);
    for (size_t s = 0; s < rungs->set_count; s++)
        if (rungs->sets[s].source == source) {
            cutting->pools[cutting->count++] = pool_of(&rungs->sets[s], s, rungs->count);
            cutting->item_count += rungs->sets[s].count;
        }
}

void cutting_close(struct cutting *cutting)
{
    for (size_t p = 0; p < cutting->count; p++) {
        memory_free(cutting->pools[p].standings);
        memory_free(cutting->pools[p].known);
        memory_free(cutting->pools[p].values);
        memory_free(cutting->pools[p].found);
        memory_free(cutting->pools[p].settled);
        memory_free(cutting->pools[p].cleared);
    }
    memory_free(cutting->pools);
    memory_free(cutting->owners);
    board_clear(&cutting->own);
    board_clear(&cutting->others);
    *cutting = (struct cutting){0};
}

void cutting_begin(struct cutting *cutting)
{
    cutting->open = cutting->awaited = 0;
    for (size_t p = 0; p < cutting->count; p++) {
        struct pool *pool = &cutting->pools[p];
        memset(pool->standings, 0, pool->set->candidate_count * sizeof *pool->standings);
    }
}

bool cutting_is_own(const struct cutting *cutting, size_t item)
{
    return cutting->owners == NULL ||
           cutting->owners[item] == (size_t)cutting->runner->options->shard.index;
}

bool pool_is_in(const struct pool *pool, size_t i)
{
    return pool->standings[pool->set->members[i].candidate].state == RUNG_IN;
}

/* --- Before a rung ------------------------------------------------------------------------- */

static struct turn turn_of(size_t item)
{
    return (struct turn){.item = item, .repeat = 1};
}

bool cutting_find(const struct cutting *cutting, size_t item, struct trial_record *record)
{
    struct runner *runner = cutting->runner;
    return recording_find(&runner->recording, turn_of(item), record, runner->error);
}

static bool forget(const struct cutting *cutting, size_t item)
{
    struct runner *runner = cutting->runner;
    if (!recording_forget(&runner->recording, turn_of(item), runner->error))
        return false;
    runner->outcome->recorded--;
    progress_count_again(
        &runner->progress,
        workload_class(runner->workload, &runner->workload->expansion.items[item]));
    return true;
}

/* Trials that were cut before `epoch`, and would not be any more. */
static bool forget_cut(const struct cutting *cutting, int64_t epoch)
{
    for (size_t p = 0; p < cutting->count; p++) {
        const struct pool *pool = &cutting->pools[p];
        for (size_t i = 0; i < pool->set->count; i++) {
            const size_t item = pool->set->members[i].item;
            struct trial_record record;
            if (!pool_is_in(pool, i) || !cutting_is_own(cutting, item))
                continue;
            if (!cutting_find(cutting, item, &record) ||
                (record.status == STATUS_CUT && record.epochs < epoch && !forget(cutting, item)))
                return false;
        }
    }
    return true;
}

/* --- On the way to a rung ------------------------------------------------------------------ */

/* Had it ended by then? A trial that was cut, or waits, has not. */
static bool had_ended(const struct trial_record *record, int64_t epoch)
{
    return record->status != STATUS_RUNNING && record->status != STATUS_WAITING &&
           record->status != STATUS_CUT && record->epochs <= epoch;
}

static int ascending(const void *a, const void *b)
{
    const size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

bool cutting_take(const struct cutting *cutting, size_t rung, size_t *items, size_t *count)
{
    const struct rungs *rungs = &cutting->runner->workload->rungs;
    const int64_t before = rung > 0 ? rungs_epoch(rungs, rung - 1) : -1;
    *count = 0;
    if (!forget_cut(cutting, rungs_epoch(rungs, rung)))
        return false;
    for (size_t p = 0; p < cutting->count; p++) {
        const struct pool *pool = &cutting->pools[p];
        for (size_t i = 0; i < pool->set->count; i++) {
            const size_t item = pool->set->members[i].item;
            struct trial_record record;
            if (!pool_is_in(pool, i) || !cutting_is_own(cutting, item))
                continue;
            if (!cutting_find(cutting, item, &record))
                return false;
            if (!had_ended(&record, before))
                items[(*count)++] = item;
        }
    }
    qsort(items, *count, sizeof *items, ascending); /* in the order of the plan */
    return true;
}

/* --- A cut --------------------------------------------------------------------------------- */

static enum rung_fate fate_of(const struct rung_standing *standing,
                              const struct trial_record *record, int64_t epoch)
{
    if (had_ended(record, epoch))
        return record->status == STATUS_DIVERGED ? RUNG_DIVERGED
               : record->status == STATUS_FAILED ? RUNG_FAILED
                                                 : RUNG_ENDED;
    return standing->state == RUNG_IN ? RUNG_ON : RUNG_CUT;
}

/* Ends a trial that waits. */
static bool cut_trial(const struct cutting *cutting, size_t item, const struct trial_record *record)
{
    struct runner *runner = cutting->runner;
    if (!store_cut_trial(runner->recording.store, recording_key(&runner->recording, turn_of(item)),
                         record->id, runner->error))
        return false;
    runner->outcome->run++;
    runner->outcome->cut++;
    progress_count_cut(&runner->progress,
                       workload_class(runner->workload, &runner->workload->expansion.items[item]));
    return true;
}

/* Records where a configuration stood, and does what follows from it. */
static bool settle(const struct cutting *cutting, const struct pool *pool, size_t i, size_t rung)
{
    struct runner *runner = cutting->runner;
    const struct rungs *rungs = &runner->workload->rungs;
    const struct rung_member *member = &pool->set->members[i];
    const struct rung_standing *standing = &pool->standings[member->candidate];
    const int64_t configuration = runner->recording.configurations[member->item];
    struct trial_record record;
    if (!cutting_find(cutting, member->item, &record))
        return false;
    const struct stored_rung row = {
        .configuration = configuration,
        .rung = (int64_t)rung + 1,
        .epoch = rungs->epochs[rung],
        .criterion = runner->workload->file->halving.criterion,
        .value = isfinite(pool->values[i]) ? pool->values[i] : (double)NAN,
        .pool = pool->number,
        .place = (int64_t)standing->place,
        .candidates = (int64_t)standing->candidates,
        .kept = (int64_t)standing->kept,
        .fate = fate_of(standing, &record, rungs->epochs[rung]),
    };
    const bool last = standing->state == RUNG_OUT || rung + 1 == rungs->count;
    return store_set_rung(runner->recording.store, &row, runner->error) &&
           (!last || store_forget_rungs(runner->recording.store, configuration, row.rung + 1,
                                        runner->error)) &&
           (row.fate != RUNG_CUT || record.status != STATUS_WAITING ||
            cut_trial(cutting, member->item, &record));
}

/* What is recorded from this rung on is of an earlier file, or of cuts that are not decided. */
static bool forget_rungs(const struct cutting *cutting, size_t item, size_t rung)
{
    const struct recording *recording = &cutting->runner->recording;
    return store_forget_rungs(recording->store, recording->configurations[item], (int64_t)rung + 1,
                              cutting->runner->error);
}

/* Before the first cut of a bracket all go on; what is recorded here is of an earlier file. */
static bool forget_early(const struct cutting *cutting, size_t item, size_t rung)
{
    const struct recording *recording = &cutting->runner->recording;
    return store_forget_rung(recording->store, recording->configurations[item], (int64_t)rung + 1,
                             cutting->runner->error);
}

/* What is decided stays so, and is recorded once. */
static bool cut_member(const struct cutting *cutting, struct pool *pool, size_t i, size_t rung)
{
    const struct rung_member *member = &pool->set->members[i];
    const struct rung_standing *standing = &pool->standings[member->candidate];
    bool done = true;
    if (!cutting_is_own(cutting, member->item) || rung < pool->settled[i])
        return true;
    if (standing->state == RUNG_OPEN) {
        done = pool->cleared[i] || forget_rungs(cutting, member->item, rung);
        pool->cleared[i] = true;
        return done;
    }
    if (rung < pool->set->bracket)
        done = forget_early(cutting, member->item, rung);
    else if (standing->place > 0)
        done = settle(cutting, pool, i, rung);
    pool->settled[i] = rung + 1;
    return done;
}

static bool cut_pool(struct cutting *cutting, struct pool *pool, size_t rung)
{
    bool done = true;
    rung_decide(pool->set, cutting->runner->workload->file->halving.eta, rung, pool->values,
                pool->known, pool->standings);
    for (size_t i = 0; i < pool->set->count && done; i++)
        done = cut_member(cutting, pool, i, rung);
    return done;
}

/* How many wait here for what is not known. */
static size_t count_open(const struct cutting *cutting)
{
    size_t open = 0;
    for (size_t p = 0; p < cutting->count; p++) {
        const struct pool *pool = &cutting->pools[p];
        for (size_t i = 0; i < pool->set->count; i++)
            open += cutting_is_own(cutting, pool->set->members[i].item) &&
                    pool->standings[pool->set->members[i].candidate].state == RUNG_OPEN;
    }
    return open;
}

bool cutting_cut(struct cutting *cutting, size_t rung)
{
    struct runner *runner = cutting->runner;
    struct store *store = runner->recording.store;
    if (!rung_values_find(cutting, rung) || !store_begin(store, runner->error))
        return false;
    bool done = true;
    for (size_t p = 0; p < cutting->count && done; p++)
        done = cut_pool(cutting, &cutting->pools[p], rung);
    done = done && store_commit(store, runner->error);
    if (!done)
        store_rollback(store);
    cutting->open = count_open(cutting);
    return done;
}
