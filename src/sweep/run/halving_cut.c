/* SPDX-License-Identifier: MIT
 *
 * A candidate that is out stays out; of one that is in, every configuration must be at the rung, or
 * have ended before it, until there is a cut. What is compared is the last point that the trace has
 * up to the epoch of the rung: of a trial that went on since, the same that it had then.
 */
#include "sweep/run/halving_cut.h"

#include "base/memory.h"
#include "store/criterion.h"
#include "store/store_rungs.h"

#include <math.h>
#include <stdlib.h>

/* --- Pools --------------------------------------------------------------------------------- */

static struct pool pool_of(const struct rung_set *set, size_t number)
{
    struct pool pool = {
        .set = set,
        .number = (int64_t)number + 1,
        .in = memory_allocate(set->candidate_count, sizeof *pool.in),
        .places = memory_allocate(set->candidate_count, sizeof *pool.places),
        .values = memory_allocate(set->count, sizeof *pool.values),
        .records = memory_allocate(set->count, sizeof *pool.records),
    };
    for (size_t c = 0; c < set->candidate_count; c++)
        pool.in[c] = true;
    return pool;
}

void cutting_open(struct cutting *cutting, struct runner *runner, size_t source)
{
    const struct workload *workload = runner->workload;
    const struct rungs *rungs = &workload->rungs;
    *cutting = (struct cutting){
        .runner = runner,
        .pools = memory_allocate(rungs->set_count, sizeof *cutting->pools),
    };
    for (size_t s = 0; s < rungs->set_count; s++)
        if (rungs->sets[s].source == source) {
            cutting->pools[cutting->count++] = pool_of(&rungs->sets[s], s);
            cutting->item_count += rungs->sets[s].count;
        }
}

void cutting_close(struct cutting *cutting)
{
    for (size_t p = 0; p < cutting->count; p++) {
        memory_free(cutting->pools[p].in);
        memory_free(cutting->pools[p].places);
        memory_free(cutting->pools[p].values);
        memory_free(cutting->pools[p].records);
    }
    memory_free(cutting->pools);
    *cutting = (struct cutting){0};
}

/* --- Before a rung ------------------------------------------------------------------------- */

static struct turn turn_of(size_t item)
{
    return (struct turn){.item = item, .repeat = 1};
}

static bool find(const struct cutting *cutting, size_t item, struct trial_record *record)
{
    struct runner *runner = cutting->runner;
    return recording_find(&runner->recording, turn_of(item), record, runner->error);
}

/* Has it neither ended nor come to `epoch`? One that was cut earlier and is in again begins anew.
 */
static bool is_pending(const struct trial_record *record, int64_t epoch)
{
    return record->status == STATUS_RUNNING ||
           (record->status == STATUS_WAITING && record->epochs < epoch);
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

bool cutting_begin_rung(const struct cutting *cutting, int64_t epoch)
{
    for (size_t p = 0; p < cutting->count; p++) {
        const struct pool *pool = &cutting->pools[p];
        for (size_t i = 0; i < pool->set->count; i++) {
            const struct rung_member *member = &pool->set->members[i];
            struct trial_record record;
            if (!pool->in[member->candidate])
                continue;
            if (!find(cutting, member->item, &record) ||
                (record.status == STATUS_CUT && record.epochs < epoch &&
                 !forget(cutting, member->item)))
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

bool cutting_take(const struct cutting *cutting, int64_t before, size_t *items, size_t *count)
{
    *count = 0;
    for (size_t p = 0; p < cutting->count; p++) {
        const struct pool *pool = &cutting->pools[p];
        for (size_t i = 0; i < pool->set->count; i++) {
            const struct rung_member *member = &pool->set->members[i];
            struct trial_record record;
            if (!find(cutting, member->item, &record))
                return false;
            if (pool->in[member->candidate] && !had_ended(&record, before))
                items[(*count)++] = member->item;
        }
    }
    qsort(items, *count, sizeof *items, ascending); /* in the order of the plan */
    return true;
}

bool cutting_is_whole(const struct cutting *cutting, int64_t epoch, bool *whole)
{
    *whole = true;
    for (size_t p = 0; p < cutting->count; p++) {
        const struct pool *pool = &cutting->pools[p];
        for (size_t i = 0; i < pool->set->count; i++) {
            const struct rung_member *member = &pool->set->members[i];
            if (!find(cutting, member->item, &pool->records[i]))
                return false;
            *whole =
                *whole && !(pool->in[member->candidate] && is_pending(&pool->records[i], epoch));
        }
    }
    return true;
}

/* --- A cut --------------------------------------------------------------------------------- */

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

bool cutting_check(const struct cutting *cutting)
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
    memory_free(trace.points);
    return true;
}

static enum rung_fate fate_of(const struct pool *pool, const struct rung_member *member,
                              const struct trial_record *record, int64_t epoch, size_t kept)
{
    if (had_ended(record, epoch))
        return record->status == STATUS_DIVERGED ? RUNG_DIVERGED
               : record->status == STATUS_FAILED ? RUNG_FAILED
                                                 : RUNG_ENDED;
    return pool->places[member->candidate] <= kept ? RUNG_ON : RUNG_CUT;
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
static bool settle(const struct cutting *cutting, const struct pool *pool, size_t i, size_t rung,
                   size_t candidates, size_t kept)
{
    struct runner *runner = cutting->runner;
    const struct rungs *rungs = &runner->workload->rungs;
    const struct rung_member *member = &pool->set->members[i];
    const struct trial_record *record = &pool->records[i];
    const int64_t configuration = runner->recording.configurations[member->item];
    const struct stored_rung row = {
        .configuration = configuration,
        .rung = (int64_t)rung + 1,
        .epoch = rungs->epochs[rung],
        .criterion = runner->workload->file->halving.criterion,
        .value = isfinite(pool->values[i]) ? pool->values[i] : (double)NAN,
        .pool = pool->number,
        .place = (int64_t)pool->places[member->candidate],
        .candidates = (int64_t)candidates,
        .kept = (int64_t)kept,
        .fate = fate_of(pool, member, record, rungs->epochs[rung], kept),
    };
    const bool last = row.place > row.kept || rung + 1 == rungs->count;
    return store_set_rung(runner->recording.store, &row, runner->error) &&
           (!last || store_forget_rungs(runner->recording.store, configuration, row.rung + 1,
                                        runner->error)) &&
           (row.fate != RUNG_CUT || record->status != STATUS_WAITING ||
            cut_trial(cutting, member->item, record));
}

static size_t count_in(const struct pool *pool)
{
    size_t count = 0;
    for (size_t c = 0; c < pool->set->candidate_count; c++)
        count += pool->in[c];
    return count;
}

/* Before the first cut of a bracket all go on; what is recorded here is of an earlier file. */
static bool forget_early(const struct cutting *cutting, const struct pool *pool, size_t rung)
{
    const struct recording *recording = &cutting->runner->recording;
    bool done = true;
    for (size_t i = 0; i < pool->set->count && done; i++)
        done = store_forget_rung(recording->store,
                                 recording->configurations[pool->set->members[i].item],
                                 (int64_t)rung + 1, cutting->runner->error);
    return done;
}

static bool cut_pool(const struct cutting *cutting, struct pool *pool, size_t rung)
{
    const struct workload *workload = cutting->runner->workload;
    const struct rung_set *set = pool->set;
    const int64_t epoch = workload->rungs.epochs[rung];
    const size_t candidates = count_in(pool);
    const size_t kept = rung_set_candidates(set, workload->file->halving.eta, rung);
    bool done = true;
    if (rung < set->bracket)
        return forget_early(cutting, pool, rung);
    for (size_t i = 0; i < set->count && done; i++)
        done = !pool->in[set->members[i].candidate] ||
               (find(cutting, set->members[i].item, &pool->records[i]) &&
                judge(cutting, set->members[i].item, &pool->records[i], epoch, &pool->values[i]));
    if (done)
        rung_places(set, pool->values, pool->in, pool->places);
    for (size_t i = 0; i < set->count && done; i++)
        done = !pool->in[set->members[i].candidate] ||
               settle(cutting, pool, i, rung, candidates, kept);
    for (size_t c = 0; c < set->candidate_count && done; c++)
        pool->in[c] = pool->in[c] && pool->places[c] <= kept;
    return done;
}

bool cutting_cut(struct cutting *cutting, size_t rung)
{
    struct runner *runner = cutting->runner;
    struct store *store = runner->recording.store;
    if (!store_begin(store, runner->error))
        return false;
    bool done = true;
    for (size_t p = 0; p < cutting->count && done; p++)
        done = cut_pool(cutting, &cutting->pools[p], rung);
    done = done && store_commit(store, runner->error);
    if (!done)
        store_rollback(store);
    return done;
}
