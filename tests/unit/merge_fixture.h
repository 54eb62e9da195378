/* SPDX-License-Identifier: MIT
 *
 * What tests of merging start from: stores made by hand, a and b of one sweep, and what is in them.
 */
#ifndef DESCENT_TESTS_MERGE_FIXTURE_H
#define DESCENT_TESTS_MERGE_FIXTURE_H

#include "store/merge/merge.h"
#include "store_fixture.h"

#include <sqlite3.h>

/* Folders in the folder of the test. */
struct place_to_merge {
    char into[512], a[512], b[512];
};

static inline struct place_to_merge places(const char *folder)
{
    struct place_to_merge place;
    snprintf(place.into, sizeof place.into, "%s/into", folder);
    snprintf(place.a, sizeof place.a, "%s/a", folder);
    snprintf(place.b, sizeof place.b, "%s/b", folder);
    return place;
}

struct made_run {
    int64_t configuration, final, repeat, attempt, shared;
    enum trial_status status;
    int64_t epochs; /* other epochs are other bits */
};

static inline void add(struct store *store, struct made_run run)
{
    struct error error = {0};
    struct trial trial = made_trial(run.status, run.epochs);
    const struct trial_origin origin = {
        .key = {run.configuration, run.final, run.repeat},
        .attempt = run.attempt,
        .machine = 1,
        .models = run.shared > 0 ? 2 : 1,
        .seat = {1, 2, 2, "node"},
    };
    trial.shared = run.shared;
    assert_done(store_add_trial(store, &origin, &trial, &error), &error);
    trial_clear(&trial);
}

/* A store with three planned configurations, whose numbers are 1, 2, 3. */
static inline struct store *planned(const char *folder)
{
    int64_t ids[3];
    struct store *store = opened_to_write(folder);
    record_plan(store, ids, 3);
    return store;
}

static inline void make(const char *folder, const struct made_run *runs, size_t count)
{
    struct store *store = planned(folder);
    for (size_t i = 0; i < count; i++)
        add(store, runs[i]);
    store_close(store);
}

static inline bool merged(const char *into, const char *const *sources, size_t count,
                          struct merge_tally *tallies, struct error *error)
{
    struct merge_facts facts;
    bool done = merge_check(into, sources, count, &facts, error) &&
                merge_stores(into, sources, count, tallies, &facts, error);
    merge_facts_clear(&facts);
    return done;
}

static inline void merge_both(const struct place_to_merge *place, struct merge_tally tallies[2])
{
    struct error error = {0};
    const char *sources[] = {place->a, place->b};
    assert_done(merged(place->into, sources, 2, tallies, &error), &error);
}

static inline void refuse_both(const struct place_to_merge *place, enum error_kind kind,
                               const char *text)
{
    struct error error = {0};
    struct merge_tally tallies[2];
    const char *sources[] = {place->a, place->b};
    assert_false(merged(place->into, sources, 2, tallies, &error));
    if (strstr(error.message, text) == NULL)
        fail_msg("'%s' is not in: %s", text, error.message);
    assert_int_equal(error.kind, kind);
    assert_false(store_exists(place->into));
}

static inline void tamper(const char *folder, const char *sql)
{
    char path[1024];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/store.sqlite", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static inline int64_t ask(const char *folder, const char *sql)
{
    char path[1024];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    snprintf(path, sizeof path, "%s/store.sqlite", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

static const struct made_run first = {1, 0, 1, 1, 0, STATUS_EPOCHS, 5};
static const struct made_run second = {2, 0, 1, 1, 0, STATUS_DIVERGED, 20};

#endif
