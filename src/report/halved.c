/* SPDX-License-Identifier: MIT
 *
 * Pools are gathered from the rows of rungs, which the store gives by pool, rung and place; the
 * rival is computed from the traces of a pool, which are read once.
 */
#include "report/halved.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "measure/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

/* --- Pools --------------------------------------------------------------------------------- */

/* Outcomes by the numbers of their configurations. */
static struct lookup number_outcomes(const struct results *results)
{
    struct lookup numbers = {0};
    for (size_t i = 0; i < results->count; i++)
        lookup_number(&numbers, &results->outcomes[i].trials[0].configuration, sizeof(int64_t));
    return numbers;
}

static void count_row(struct rung_counts *counts, const struct stored_rung *row)
{
    counts->epoch = row->epoch;
    counts->trained++;
    counts->fates[row->fate]++;
    if (row->place <= row->kept)
        counts->best = fmin(counts->best, row->value);
    if (row->fate == RUNG_ON)
        counts->last = fmax(counts->last, row->value);
    if (row->fate == RUNG_CUT)
        counts->cut = fmin(counts->cut, row->value);
}

/* Adds a row to its pool; rows of one rung follow each other. */
static void add_row(struct halved_pool *pool, size_t *capacity, const struct stored_rung *row)
{
    while (pool->rung_count <= (size_t)(row->rung - pool->bracket)) {
        pool->rungs = memory_grow(pool->rungs, capacity, pool->rung_count + 1, sizeof *pool->rungs);
        pool->rungs[pool->rung_count++] =
            (struct rung_counts){.best = NAN, .last = NAN, .cut = NAN};
    }
    count_row(&pool->rungs[row->rung - pool->bracket], row);
}

/* Those of its first rung are the pool. */
static void add_outcome(struct halved_pool *pool, size_t *capacity, const struct outcome *outcome)
{
    if (outcome->count == 0)
        return;
    pool->outcomes = memory_grow(pool->outcomes, capacity, pool->count + 1, sizeof *pool->outcomes);
    pool->outcomes[pool->count++] = outcome;
}

static int as_planned(const void *a, const void *b)
{
    const struct outcome *const *left = a, *const *right = b;
    return (*left > *right) - (*left < *right);
}

/* The rows from `first` on that are of one pool; returns the row after them. */
static size_t take_pool(const struct results *results, const struct stored_rungs *rungs,
                        const struct lookup *numbers, size_t first, struct halved_pool *pool)
{
    size_t rung_capacity = 0, capacity = 0, next = first;
    pool->bracket = rungs->rows[first].rung;
    for (; next < rungs->count && rungs->rows[next].pool == rungs->rows[first].pool; next++) {
        const struct stored_rung *row = &rungs->rows[next];
        const size_t number = lookup_find(numbers, &row->configuration, sizeof row->configuration);
        add_row(pool, &rung_capacity, row);
        pool->in_order = pool->in_order || (next > first && row[-1].rung == row->rung &&
                                            row[-1].candidates != row->candidates);
        if (row->rung == pool->bracket && number < results->count)
            add_outcome(pool, &capacity, &results->outcomes[number]);
    }
    if (pool->count > 0) {
        qsort(pool->outcomes, pool->count, sizeof(const struct outcome *), as_planned);
        pool->section = pool->outcomes[0]->section;
    }
    return next;
}

/* --- The winner and the rivals ------------------------------------------------------------- */

static bool is_lost(const struct stored_trial *trial)
{
    return trial->status == STATUS_DIVERGED || trial->status == STATUS_FAILED;
}

/* The criterion at a point of a trace; infinite: it has no value there. */
static double value_at(const struct criterion *criterion, const struct stored_trial *trial,
                       const struct trace *trace, size_t point)
{
    const double value =
        criterion->value(&(struct judged_point){trace, point, trial->optimum, trial->values.gap});
    return isfinite(value) ? value : INFINITY;
}

static double value_at_end(const struct criterion *criterion, const struct stored_trial *trial,
                           const struct trace *trace)
{
    return trace->count > 0 && !is_lost(trial) ? value_at(criterion, trial, trace, trace->count - 1)
                                               : INFINITY;
}

static void find_winner(const struct criterion *criterion, const struct trace *traces,
                        struct halved_pool *pool)
{
    pool->value = INFINITY;
    for (size_t i = 0; i < pool->count; i++) {
        const struct stored_trial *trial = &pool->outcomes[i]->trials[0];
        const double value = value_at_end(criterion, trial, &traces[i]);
        const bool cut = trial->status == STATUS_CUT;
        pool->work += (double)trial->epochs;
        pool->whole += (double)(cut ? trial->values.epochs : trial->epochs);
        if (!cut && value < pool->value) {
            pool->value = value;
            pool->winner = pool->outcomes[i];
        }
    }
}

/* The value of a trial after so many epochs; false: it was cut before, and so it is not known. One
 * that had ended has the value of its end, or, if that was bad, none. */
static bool value_after(const struct criterion *criterion, const struct stored_trial *trial,
                        const struct trace *trace, int64_t epoch, double *value)
{
    size_t point = trace->count;
    *value = INFINITY;
    if (trial->status != STATUS_CUT && trial->epochs <= epoch) {
        *value = value_at_end(criterion, trial, trace);
        return true;
    }
    while (point > 0 && trace->points[point - 1].epoch > epoch)
        point--;
    if (point == 0 || trace->points[point - 1].epoch != epoch)
        return false;
    *value = value_at(criterion, trial, trace, point - 1);
    return true;
}

/* Model-epochs of a configuration that is trained for `epoch` of them, or ends before. */
static double work_to(const struct stored_trial *trial, int64_t epoch)
{
    const bool ended = trial->status != STATUS_CUT && trial->epochs < epoch;
    return (double)(ended ? trial->epochs : epoch);
}

/* Finds who is the best after so many epochs, or `pool->count`, and counts those known. False where
 * one is not that was not cut before: the traces have no such epoch. */
static bool choose(const struct criterion *criterion, const struct halved_pool *pool,
                   const struct trace *traces, struct rival *rival, size_t *chosen)
{
    double best = INFINITY;
    *chosen = pool->count;
    for (size_t i = 0; i < pool->count; i++) {
        const struct stored_trial *trial = &pool->outcomes[i]->trials[0];
        const bool left = trial->status != STATUS_CUT || trial->epochs >= rival->epoch;
        double value;
        rival->work += work_to(trial, rival->epoch);
        if (!value_after(criterion, trial, &traces[i], rival->epoch, &value)) {
            if (left)
                return false;
            continue;
        }
        rival->known++;
        if (value < best) {
            best = value;
            *chosen = i;
        }
    }
    return true;
}

static bool rival_at(const struct criterion *criterion, const struct halved_pool *pool,
                     const struct trace *traces, int64_t epoch, struct rival *rival)
{
    size_t chosen;
    *rival = (struct rival){.epoch = epoch, .all = pool->count, .value = NAN};
    if (!choose(criterion, pool, traces, rival, &chosen))
        return false;
    if (chosen == pool->count)
        return true;
    const struct stored_trial *trial = &pool->outcomes[chosen]->trials[0];
    rival->chosen = pool->outcomes[chosen];
    rival->ended = trial->status != STATUS_CUT;
    rival->value = value_at_end(criterion, trial, &traces[chosen]);
    const int64_t end = rival->ended ? trial->epochs : trial->values.epochs;
    rival->work += end > epoch ? (double)(end - epoch) : 0.0;
    rival->affordable = rival->work <= pool->work;
    return true;
}

/* One for each epoch in the winner's trace but its first and last. */
static void find_rivals(const struct criterion *criterion, const struct trace *traces,
                        struct halved_pool *pool)
{
    size_t winner = 0;
    if (pool->winner == NULL)
        return;
    while (pool->outcomes[winner] != pool->winner)
        winner++;
    const struct trace *trace = &traces[winner];
    pool->rivals = memory_allocate(trace->count, sizeof *pool->rivals);
    for (size_t p = 1; p + 1 < trace->count; p++)
        pool->rival_count += rival_at(criterion, pool, traces, trace->points[p].epoch,
                                      &pool->rivals[pool->rival_count]);
}

/* The median time of a configuration in the finals, of rounds that nothing disturbed, if there are
 * any; NaN: it has none. */
static double final_seconds(const struct outcome *outcome)
{
    double *seconds = memory_allocate(outcome->final_count, sizeof *seconds), middle = NAN;
    for (int disturbed = 0; disturbed < 2 && isnan(middle); disturbed++) {
        size_t count = 0;
        for (size_t i = 0; i < outcome->final_count; i++)
            if (stored_trial_is_timed(&outcome->finals[i]) &&
                (disturbed || *outcome->finals[i].evidence.disturbed == '\0'))
                seconds[count++] = outcome->finals[i].train_seconds;
        middle = count > 0 ? median(seconds, count) : (double)NAN;
    }
    memory_free(seconds);
    return middle;
}

static void find_fastest(struct halved_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (pool->outcomes[i]->final_count == 0)
            continue;
        const double seconds = final_seconds(pool->outcomes[i]);
        pool->final_count++;
        if (isnan(seconds) || (pool->fastest != NULL && seconds >= pool->seconds))
            continue;
        pool->fastest = pool->outcomes[i];
        pool->seconds = seconds;
    }
}

static bool judge_pool(struct store *store, const struct criterion *criterion,
                       struct halved_pool *pool, struct error *error)
{
    struct trace *traces = memory_allocate(pool->count, sizeof *traces);
    bool done = true;
    for (size_t i = 0; i < pool->count && done; i++)
        done = store_read_trace(store, pool->outcomes[i]->trials[0].id, &traces[i], error);
    if (done) {
        find_winner(criterion, traces, pool);
        find_rivals(criterion, traces, pool);
        find_fastest(pool);
    }
    for (size_t i = 0; i < pool->count; i++)
        memory_free(traces[i].points);
    memory_free(traces);
    return done;
}

/* --- All ----------------------------------------------------------------------------------- */

bool halved_read(struct store *store, const struct results *results, struct halved *halved,
                 struct error *error)
{
    struct stored_rungs rungs;
    size_t capacity = 0;
    *halved = (struct halved){0};
    bool done = store_read_rungs(store, &rungs, error);
    struct lookup numbers = number_outcomes(results);
    for (size_t row = 0; row < rungs.count && done;) {
        struct halved_pool pool = {0};
        halved->criterion = criterion_of(rungs.rows[row].criterion);
        row = take_pool(results, &rungs, &numbers, row, &pool);
        halved->brackets = halved->brackets || pool.bracket > 1;
        halved->in_order = halved->in_order || pool.in_order;
        done = judge_pool(store, halved->criterion, &pool, error);
        halved->pools =
            memory_grow(halved->pools, &capacity, halved->count + 1, sizeof *halved->pools);
        halved->pools[halved->count++] = pool;
    }
    lookup_clear(&numbers);
    stored_rungs_clear(&rungs);
    return done;
}

void halved_clear(struct halved *halved)
{
    for (size_t p = 0; p < halved->count; p++) {
        memory_free(halved->pools[p].outcomes);
        memory_free(halved->pools[p].rungs);
        memory_free(halved->pools[p].rivals);
    }
    memory_free(halved->pools);
    *halved = (struct halved){0};
}

const struct rival *halved_rival(const struct halved_pool *pool)
{
    const struct rival *best = NULL;
    for (size_t i = 0; i < pool->rival_count; i++)
        if (pool->rivals[i].affordable && pool->rivals[i].chosen != NULL)
            best = &pool->rivals[i];
    return best;
}
