/* SPDX-License-Identifier: MIT
 *
 * Sources are looked at before anything is opened to write. Then they are brought over one after
 * the other, each as it is at one instant: it may be a shard that is still running.
 */
#include "store/merge/merge.h"

#include "base/memory.h"
#include "store/merge/merge_trials.h"
#include "store/store_rungs.h"

#include <inttypes.h>
#include <string.h>

/* --- Before ---------------------------------------------------------------------------------- */

static bool read_source(const char *folder, struct stored_sweep *sweep, struct error *error)
{
    struct store *store = store_open(folder, error);
    bool done = store != NULL && store_read_sweep(store, sweep, error);
    store_close(store);
    if (!done && !store_exists(folder)) /* not the command is wrong: something is not there */
        error->kind = ERROR_FAILED;
    return done;
}

static bool check_source(const char *folder, const char *first, const struct stored_sweep *sweep,
                         struct error *error)
{
    struct stored_sweep other;
    if (!read_source(folder, &other, error))
        return false;
    bool same = strcmp(sweep->text, other.text) == 0;
    stored_sweep_clear(&other);
    return same ||
           error_usage(error,
                       "%s and %s come from different sweep files, or from one that was changed in "
                       "between; merge those with the same text, or run the others again",
                       first, folder);
}

bool merge_check(const char *folder, const char *const *sources, size_t count,
                 struct merge_facts *facts, struct error *error)
{
    struct stored_sweep first;
    *facts = (struct merge_facts){0};
    for (size_t i = 0; i < count; i++)
        if (store_is_same(folder, sources[i]))
            return error_usage(error, "%s cannot be merged into itself; leave it out", sources[i]);
    if (!read_source(sources[0], &first, error))
        return false;
    facts->path = memory_copy_text(first.path);
    facts->finals = first.finals > 0;
    bool done = true;
    for (size_t i = 1; i < count && done; i++)
        done = check_source(sources[i], sources[0], &first, error);
    stored_sweep_clear(&first);
    return done;
}

void merge_facts_clear(struct merge_facts *facts)
{
    memory_free(facts->path);
    *facts = (struct merge_facts){0};
}

/* --- The sweep and its plan ------------------------------------------------------------------ */

static bool count_rows(struct store *store, const char *sql, size_t *count, struct error *error)
{
    int64_t number = 0;
    bool done = store_number(store, sql, &number, error);
    *count = (size_t)number;
    return done;
}

/* A store of another sweep is none of ours. */
static bool check_name(struct store *into, const char *name, struct error *error)
{
    struct stored_sweep before;
    int64_t sweeps = 0;
    if (!store_number(into, "SELECT count(*) FROM sweep", &sweeps, error))
        return false;
    if (sweeps == 0)
        return true;
    if (!store_read_sweep(into, &before, error))
        return false;
    bool same = strcmp(before.name, name) == 0;
    if (!same)
        error_usage(error, "%s holds the sweep '%s', but '%s' is to be merged; give another folder",
                    into->folder, before.name, name);
    stored_sweep_clear(&before);
    return same;
}

static bool set_sweep(struct merge *merge, struct merge_facts *facts, struct error *error)
{
    struct stored_sweep sweep;
    if (!store_read_sweep(merge->transfer.from, &sweep, error))
        return false;
    const struct sweep_facts named = {
        .name = sweep.name,
        .question = sweep.question,
        .by = sweep.by,
        .metric = sweep.metric,
        .path = sweep.path,
        .text = sweep.text,
        .repeats = sweep.repeats,
        .finals = sweep.finals,
        .folder = sweep.folder,
        .targets = sweep.targets,
    };
    bool done = check_name(merge->into, sweep.name, error) &&
                store_set_sweep(merge->into, &named, &facts->changed, error) &&
                (!facts->changed || store_clear_rungs(merge->into, error));
    stored_sweep_clear(&sweep);
    return done;
}

/* The configurations in the plan of a store, in order; numbers of the destination. */
struct merged_plan {
    size_t count, capacity;
    int64_t *configurations; /* (count) */
};

static bool read_plan(struct store *store, const struct transfer *transfer,
                      struct merged_plan *plan, struct error *error)
{
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_PLAN, NULL, 0, error);
    while (statement != NULL && store_next(store, statement, error)) {
        int64_t number = sqlite3_column_int64(statement, 0);
        plan->configurations = memory_grow(plan->configurations, &plan->capacity, plan->count + 1,
                                           sizeof *plan->configurations);
        plan->configurations[plan->count++] =
            store == transfer->into ? number : numbering_find(&transfer->configurations, number);
    }
    return error->kind == ERROR_NONE;
}

/* One text gives one plan, on the same data. */
static bool check_plan(struct merge *merge, const struct merged_plan *plan, struct error *error)
{
    struct merged_plan first = {0};
    bool done = read_plan(merge->into, &merge->transfer, &first, error);
    bool same = first.count == plan->count &&
                (plan->count == 0 || memcmp(first.configurations, plan->configurations,
                                            plan->count * sizeof *plan->configurations) == 0);
    memory_free(first.configurations);
    if (done && !same)
        error_usage(
            error,
            "%s and %s have the same sweep file but different configurations: a data set has other "
            "contents there, or another descent ran it; run it again on the same data",
            merge->sources[0], merge->sources[merge->current]);
    return done && same;
}

static bool bring_plan(struct merge *merge, struct error *error)
{
    struct merged_plan plan = {0};
    bool done = read_plan(merge->transfer.from, &merge->transfer, &plan, error);
    if (done)
        done = merge->current == 0
                   ? store_set_plan(merge->into, plan.configurations, plan.count, error)
                   : check_plan(merge, &plan, error);
    memory_free(plan.configurations);
    return done;
}

/* --- A source -------------------------------------------------------------------------------- */

/* What a source was to run, and has not. */
static bool count_missing(struct store *from, struct merge_tally *tally, struct error *error)
{
    size_t recorded = 0;
    if (!count_rows(from,
                    "SELECT (SELECT count(*) FROM plan WHERE mine)"
                    " * (SELECT repeats FROM sweep)",
                    &tally->planned, error) ||
        !count_rows(from,
                    "SELECT count(*) FROM (SELECT DISTINCT t.configuration, t.repeat FROM trial t"
                    " JOIN plan p ON p.configuration = t.configuration AND p.mine"
                    " WHERE t.final = 0 AND t.repeat <= (SELECT repeats FROM sweep))",
                    &recorded, error))
        return false;
    tally->missing = tally->planned - recorded;
    return true;
}

/* Where both know a machine, a data set or a problem, the first stays; but an optimum gives way to
 * its withdrawal. */
static const char optimum_gives_way[] =
    "CREATE TEMP TRIGGER optimum_gives_way BEFORE INSERT ON main.optimum BEGIN"
    " DELETE FROM optimum WHERE digest = new.digest AND lambda = new.lambda"
    " AND new.reason LIKE 'withdrawn: %'; END";

static bool bring_facts(struct transfer *transfer, struct error *error)
{
    static const char *const tables[] = {"optimum", "ceiling",   "exchange",
                                         "remark",  "placement", "rung"};
    bool done = true;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && done; i++)
        done = transfer_table(transfer, tables[i], error);
    return done;
}

static bool bring_source(struct merge *merge, struct store *from, struct merge_facts *facts,
                         struct error *error)
{
    return store_begin(from, error) &&
           store_number(merge->into, "SELECT coalesce(max(id), 0) FROM trial",
                        &merge->last[merge->current], error) &&
           transfer_open(&merge->transfer, from, merge->into, error) &&
           (merge->current > 0 || set_sweep(merge, facts, error)) && bring_plan(merge, error) &&
           bring_facts(&merge->transfer, error) && merge_trials(merge, error) &&
           count_missing(from, merge->tally, error) && store_commit(from, error);
}

static bool bring_all(struct merge *merge, size_t count, struct merge_tally *tallies,
                      struct merge_facts *facts, struct error *error)
{
    bool done = true;
    for (merge->current = 0; merge->current < count && done; merge->current++) {
        merge->tally = &tallies[merge->current];
        *merge->tally = (struct merge_tally){0};
        struct store *from = store_open(merge->sources[merge->current], error);
        done = from != NULL && bring_source(merge, from, facts, error);
        transfer_clear(&merge->transfer);
        store_close(from);
    }
    return done;
}

bool merge_stores(const char *folder, const char *const *sources, size_t count,
                  struct merge_tally *tallies, struct merge_facts *facts, struct error *error)
{
    bool created = !store_exists(folder);
    struct merge merge = {.sources = sources, .into = store_open_to_write(folder, error)};
    merge.last = memory_allocate(count + 1, sizeof *merge.last);
    bool done = merge.into != NULL && store_execute(merge.into, optimum_gives_way, error) &&
                store_begin(merge.into, error) && bring_all(&merge, count, tallies, facts, error) &&
                store_commit(merge.into, error);
    if (!done && merge.into != NULL)
        store_rollback(merge.into);
    store_close(merge.into);
    memory_free(merge.last);
    struct error second = {0}; /* must not hide the first */
    if (!done && created)
        store_remove_folder(folder, &second);
    return done;
}
