/* SPDX-License-Identifier: MIT
 *
 * Rungs in the store. Where those that wait go on from is their checkpoint (checkpoint.h).
 */
#include "store/store_rungs.h"

#include "base/memory.h"
#include "store/checkpoint.h"
#include "store/criterion.h"
#include "store/store_internal.h"

#include <string.h>

#define COUNT(cells_) (sizeof(cells_) / sizeof *(cells_))

static const char *const fate_names[RUNG_FATES] = {
    [RUNG_ON] = "on",         [RUNG_CUT] = "cut",
    [RUNG_ENDED] = "ended",   [RUNG_DIVERGED] = "diverged",
    [RUNG_FAILED] = "failed",
};

const char *rung_fate_name(enum rung_fate fate)
{
    return fate_names[fate];
}

enum rung_fate rung_fate_find(const char *name)
{
    for (int fate = 0; fate < RUNG_FATES; fate++)
        if (strcmp(fate_names[fate], name) == 0)
            return (enum rung_fate)fate;
    return RUNG_FAILED;
}

/* --- Reading ------------------------------------------------------------------------------- */

static struct stored_rung read_row(sqlite3_stmt *statement)
{
    return (struct stored_rung){
        .configuration = sqlite3_column_int64(statement, 0),
        .rung = sqlite3_column_int64(statement, 1),
        .epoch = sqlite3_column_int64(statement, 2),
        .criterion = table_find(&criterion_table, column_text(statement, 3)),
        .value = column_real(statement, 4),
        .pool = sqlite3_column_int64(statement, 5),
        .place = sqlite3_column_int64(statement, 6),
        .candidates = sqlite3_column_int64(statement, 7),
        .kept = sqlite3_column_int64(statement, 8),
        .fate = rung_fate_find(column_text(statement, 9)),
    };
}

/* Stores of earlier versions have no such table. */
static bool has_rungs(struct store *store, bool *there, struct error *error)
{
    struct name_set columns = {0};
    const bool done = schema_columns(store, "rung", &columns, error);
    *there = done && name_set_has(&columns, "fate");
    name_set_clear(&columns);
    return done;
}

bool store_read_rungs(struct store *store, struct stored_rungs *list, struct error *error)
{
    bool there;
    *list = (struct stored_rungs){0};
    if (!has_rungs(store, &there, error) || !there)
        return error->kind == ERROR_NONE;
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_RUNGS, NULL, 0, error);
    if (statement == NULL)
        return false;
    while (store_next(store, statement, error)) {
        list->rows = memory_grow(list->rows, &list->capacity, list->count + 1, sizeof *list->rows);
        list->rows[list->count++] = read_row(statement);
    }
    return error->kind == ERROR_NONE;
}

void stored_rungs_clear(struct stored_rungs *list)
{
    memory_free(list->rows);
    *list = (struct stored_rungs){0};
}

/* --- Writing ------------------------------------------------------------------------------- */

bool store_set_rung(struct store *store, const struct stored_rung *row, struct error *error)
{
    const struct cell cells[] = {
        cell_integer(row->configuration),
        cell_integer(row->rung),
        cell_integer(row->epoch),
        cell_text(row->criterion->name),
        cell_real(row->value),
        cell_integer(row->pool),
        cell_integer(row->place),
        cell_integer(row->candidates),
        cell_integer(row->kept),
        cell_text(rung_fate_name(row->fate)),
    };
    return store_run(store, STATEMENT_ADD_RUNG, cells, COUNT(cells), error);
}

bool store_forget_rung(struct store *store, int64_t configuration, int64_t rung,
                       struct error *error)
{
    const struct cell cells[] = {cell_integer(configuration), cell_integer(rung)};
    return store_run(store, STATEMENT_FORGET_RUNG, cells, COUNT(cells), error);
}

bool store_forget_rungs(struct store *store, int64_t configuration, int64_t rung,
                        struct error *error)
{
    const struct cell cells[] = {cell_integer(configuration), cell_integer(rung)};
    return store_run(store, STATEMENT_FORGET_RUNGS, cells, COUNT(cells), error);
}

bool store_clear_rungs(struct store *store, struct error *error)
{
    return store_run(store, STATEMENT_CLEAR_RUNGS, NULL, 0, error);
}

bool store_cut_trial(struct store *store, struct trial_key key, int64_t trial, struct error *error)
{
    const struct cell cells[] = {cell_text(trial_status_name(STATUS_CUT)), cell_integer(trial)};
    return store_run(store, STATEMENT_CUT_TRIAL, cells, COUNT(cells), error) &&
           store_forget_checkpoint(store, key, error);
}

bool store_forget_trial(struct store *store, struct trial_key key, struct error *error)
{
    const struct cell cells[] = {cell_integer(key.configuration), cell_integer(key.final),
                                 cell_integer(key.repeat), cell_integer(1)};
    return store_run(store, STATEMENT_FORGET_TRIAL, cells, COUNT(cells), error) &&
           store_forget_checkpoint(store, key, error);
}
