/* SPDX-License-Identifier: MIT
 *
 * The trials of a source are looked at twice: first each is compared with the one that is there,
 * which finds out what is to be brought over, what must not be, and which groups are known already
 * (a shard that was merged before it had finished goes on with them); then they are brought over.
 */
#include "store/merge/merge_trials.h"
#include "base/memory.h"
#include "solvers/solver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A trial of the source. */
struct arriving_trial {
    int64_t id;
    struct trial_key key; /* with the number of its configuration in the destination */
    int64_t attempt;
    enum trial_status status;
    char digest[DIGEST_TEXT];
    int64_t shared;
    bool races; /* its bits are what the moment makes them */
};

/* The trial that is there. */
struct resident {
    int64_t id; /* 0: none */
    enum trial_status status;
    char digest[DIGEST_TEXT];
    int64_t shared;
};

/* Trials to be brought over. */
struct arrivals {
    size_t count, capacity;
    int64_t *ids; /* (count): in the source */
};

/* --- Comparing ------------------------------------------------------------------------------- */

static struct arriving_trial read_candidate(const struct merge *merge, sqlite3_stmt *statement)
{
    int64_t configuration = sqlite3_column_int64(statement, 1);
    struct arriving_trial candidate = {
        .id = sqlite3_column_int64(statement, 0),
        .key = {numbering_find(&merge->transfer.configurations, configuration),
                sqlite3_column_int64(statement, 2), sqlite3_column_int64(statement, 3)},
        .attempt = sqlite3_column_int64(statement, 4),
        .status = trial_status_find(column_text(statement, 5)),
        .shared = sqlite3_column_int64(statement, 7),
    };
    snprintf(candidate.digest, DIGEST_TEXT, "%s", column_text(statement, 6));
    const struct entry *solver = table_find(&solver_table, column_text(statement, 8));
    candidate.races =
        solver != NULL && ((solver_of(solver)->racy && sqlite3_column_int64(statement, 9) > 1) ||
                           solver_of(solver)->outside);
    return candidate;
}

static bool find_resident(struct merge *merge, const struct arriving_trial *candidate,
                          struct resident *resident, struct error *error)
{
    const struct cell cells[] = {
        cell_integer(candidate->key.configuration), cell_integer(candidate->key.final),
        cell_integer(candidate->key.repeat), cell_integer(candidate->attempt)};
    *resident = (struct resident){0};
    sqlite3_stmt *statement = store_query(merge->into, STATEMENT_FIND_ATTEMPT, cells,
                                          sizeof cells / sizeof *cells, error);
    if (statement == NULL)
        return false;
    if (store_next(merge->into, statement, error)) {
        resident->id = sqlite3_column_int64(statement, 0);
        resident->status = trial_status_find(column_text(statement, 1));
        snprintf(resident->digest, DIGEST_TEXT, "%s", column_text(statement, 2));
        resident->shared = sqlite3_column_int64(statement, 3);
    }
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

/* The store that a trial in the destination came from. */
static const char *home_of(const struct merge *merge, int64_t id)
{
    for (size_t s = merge->current + 1; s-- > 0;)
        if (id > merge->last[s])
            return merge->sources[s];
    return merge->into->folder;
}

/* Two stores have other bits for one trial: says which, and of what. */
static bool refuse(struct merge *merge, const struct arriving_trial *candidate,
                   const struct resident *resident, struct error *error)
{
    struct stored_trials list;
    char words[512] = "";
    const char *data = "";
    if (!store_read_trials(merge->transfer.from, true, &list, error))
        return false;
    for (size_t i = 0; i < list.count; i++)
        if (list.rows[i].id == candidate->id) {
            configuration_describe(&list.rows[i].values, words, sizeof words);
            data = list.rows[i].data;
        }
    error_failed(error,
                 "%s and %s have different results for one trial (%s on %.200s; final %" PRId64
                 ", repeat %" PRId64 ", attempt %" PRId64
                 "): digest %s against %s. Another machine or build may give different bits: merge "
                 "only one of them. Nothing was merged",
                 home_of(merge, resident->id), merge->sources[merge->current], words, data,
                 candidate->key.final, candidate->key.repeat, candidate->attempt, resident->digest,
                 candidate->digest);
    stored_trials_clear(&list);
    return false;
}

/* Did it not come to an end of its own? It failed, or another sweep file had it cut at a rung or
 * not run. */
static bool is_partial(enum trial_status status)
{
    return status == STATUS_FAILED || status == STATUS_WAITING || status == STATUS_CUT ||
           status == STATUS_NEEDLESS;
}

/* How far it has come: while it waits it may be cut or go on. */
static int stage_of(enum trial_status status)
{
    return status == STATUS_WAITING ? 0 : is_partial(status) ? 1 : 2;
}

/* May two runs of one trial differ? */
static bool may_differ(const struct arriving_trial *candidate, const struct resident *resident)
{
    return candidate->races || is_partial(candidate->status) ||
           candidate->status == STATUS_TIME_LIMIT || is_partial(resident->status) ||
           resident->status == STATUS_TIME_LIMIT;
}

static void add_arrival(struct arrivals *arrivals, int64_t id)
{
    arrivals->ids =
        memory_grow(arrivals->ids, &arrivals->capacity, arrivals->count + 1, sizeof *arrivals->ids);
    arrivals->ids[arrivals->count++] = id;
}

/* A trial that waits gives way to one that does not, and one that failed, or was cut, to one that
 * was trained to its end. */
static bool replace(struct merge *merge, const struct arriving_trial *candidate,
                    struct arrivals *arrivals, struct error *error)
{
    const struct cell key[] = {
        cell_integer(candidate->key.configuration), cell_integer(candidate->key.final),
        cell_integer(candidate->key.repeat), cell_integer(candidate->attempt)};
    merge->tally->replaced++;
    add_arrival(arrivals, candidate->id);
    return store_run(merge->into, STATEMENT_FORGET_TRIAL, key, sizeof key / sizeof *key, error);
}

static bool judge(struct merge *merge, const struct arriving_trial *candidate,
                  struct arrivals *arrivals, struct error *error)
{
    struct resident resident;
    if (!find_resident(merge, candidate, &resident, error))
        return false;
    if (resident.id == 0) {
        add_arrival(arrivals, candidate->id);
    } else if (strcmp(resident.digest, candidate->digest) == 0) {
        merge->tally->duplicates++;
        struct numbered *group = numbering_row(&merge->transfer.groups, candidate->shared);
        if (group != NULL && resident.shared > 0)
            group->other = resident.shared;
    } else if (stage_of(candidate->status) > stage_of(resident.status)) {
        return replace(merge, candidate, arrivals, error);
    } else if (may_differ(candidate, &resident)) {
        merge->tally->kept++;
    } else {
        return refuse(merge, candidate, &resident, error);
    }
    return true;
}

/* --- Finals ---------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The configurations of some finals, ascending; numbers of the destination. */
static bool read_finalists(struct merge *merge, struct store *store, int64_t final,
                           struct arrivals *list, struct error *error)
{
    const struct cell cells[] = {cell_integer(final)};
    sqlite3_stmt *statement = store_query(store, STATEMENT_LIST_FINALISTS, cells, 1, error);
    while (statement != NULL && store_next(store, statement, error)) {
        int64_t number = sqlite3_column_int64(statement, 0);
        add_arrival(list, store == merge->into
                              ? number
                              : numbering_find(&merge->transfer.configurations, number));
    }
    if (list->count > 0)
        qsort(list->ids, list->count, sizeof *list->ids, ascending);
    return error->kind == ERROR_NONE;
}

/* Are these finals of the source those of the same number in the destination? */
static bool same_finals(struct merge *merge, int64_t final, bool *same, struct error *error)
{
    struct arrivals here = {0}, there = {0};
    bool done = read_finalists(merge, merge->transfer.from, final, &here, error) &&
                read_finalists(merge, merge->into, final, &there, error);
    *same = done && here.count == there.count &&
            (here.count == 0 || memcmp(here.ids, there.ids, here.count * sizeof *here.ids) == 0);
    memory_free(here.ids);
    memory_free(there.ids);
    return done;
}

static bool bring_finalists(struct merge *merge, struct error *error)
{
    int64_t count = 0;
    return store_number(merge->into, "SELECT count(*) FROM finalist", &count, error) &&
           (count > 0 || transfer_table(&merge->transfer, "finalist", error));
}

/* --- Bringing them over ---------------------------------------------------------------------- */

static bool compare_all(struct merge *merge, struct arrivals *arrivals, struct error *error)
{
    struct store *from = merge->transfer.from;
    sqlite3_stmt *statement = store_query(from, STATEMENT_LIST_TRIALS, NULL, 0, error);
    bool done = statement != NULL;
    while (done && store_next(from, statement, error)) {
        struct arriving_trial candidate = read_candidate(merge, statement);
        bool wanted = true;
        merge->tally->trials++;
        if (candidate.key.final > 0)
            done = same_finals(merge, candidate.key.final, &wanted, error);
        merge->tally->left_out += !wanted;
        if (done && wanted)
            done = judge(merge, &candidate, arrivals, error);
    }
    if (statement != NULL)
        sqlite3_reset(statement);
    return done && error->kind == ERROR_NONE;
}

/* What a trial is made of: its own row first, which gives it its number. */
enum { PARTS = 5 };
static const struct {
    const char *table, *where;
} parts[PARTS] = {
    {"trial", " WHERE id = ?1"},      {"trace", " WHERE trial = ?1 ORDER BY epoch"},
    {"phase", " WHERE trial = ?1"},   {"phase_thread", " WHERE trial = ?1"},
    {"counter", " WHERE trial = ?1"},
};

static bool bring_trial(struct merge *merge, struct table_copy copies[PARTS], int64_t id,
                        struct error *error)
{
    if (!table_copy_run(&copies[0], id, error))
        return false;
    merge->transfer.trial = sqlite3_last_insert_rowid(merge->into->db);
    merge->tally->added++;
    bool done = true;
    for (int i = 1; i < PARTS && done; i++)
        done = table_copy_run(&copies[i], id, error);
    return done;
}

static bool bring_arrivals(struct merge *merge, const struct arrivals *arrivals,
                           struct error *error)
{
    struct table_copy copies[PARTS] = {0};
    bool done = true;
    for (int i = 0; i < PARTS && done; i++)
        done = table_copy_open(&copies[i], &merge->transfer, parts[i].table, parts[i].where,
                               "INSERT", error);
    for (size_t i = 0; i < arrivals->count && done; i++)
        done = bring_trial(merge, copies, arrivals->ids[i], error);
    for (int i = 0; i < PARTS; i++)
        table_copy_close(&copies[i]);
    return done;
}

bool merge_trials(struct merge *merge, struct error *error)
{
    struct arrivals arrivals = {0};
    bool done = bring_finalists(merge, error) && compare_all(merge, &arrivals, error) &&
                bring_arrivals(merge, &arrivals, error);
    memory_free(arrivals.ids);
    return done;
}
