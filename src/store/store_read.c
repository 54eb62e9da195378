/* SPDX-License-Identifier: MIT
 *
 * Reading what was recorded. One statement gives every trial with its configuration and data set,
 * so that a list is of one instant even while a sweep writes.
 */
#include "store/store_internal.h"

#include "base/memory.h"
#include "base/name_set.h"
#include "store/machines.h"
#include "store/trial_row.h"

#include <math.h>

/* Takes the row at hand to the end of the list, which does not count it yet. */
static bool read_row(struct store *store, sqlite3_stmt *statement, struct stored_trials *list,
                     size_t *capacity, const struct configuration *defaults, struct error *error)
{
    list->rows = memory_grow(list->rows, capacity, list->count + 1, sizeof *list->rows);
    struct stored_trial *row = &list->rows[list->count];
    *row = (struct stored_trial){.values = *defaults, .refuting = NAN};
    return trial_row_read(store, statement, list->count > 0 ? row - 1 : NULL, list, row, error);
}

/* Rows without a fold are others than those of the data set: so is their digest, and F*. */
static bool complete_fold(struct store *store, struct stored_trials *list, struct stored_trial *row,
                          struct error *error)
{
    char digest[DIGEST_TEXT];
    struct optimum optimum;
    row->set_digest = row->data_digest;
    if (row->values.fold == 0)
        return true;
    configuration_data_digest(&row->values, row->data_digest, digest);
    row->data_digest = stored_trials_keep(list, digest);
    if (!store_find_optimum(store, digest, row->values.lambda, &optimum, error))
        return false;
    const bool found = optimum.status == OPTIMUM_FOUND;
    row->optimum = found ? optimum.objective : NAN;
    row->optimum_bound = found ? optimum.bound : NAN;
    return true;
}

/* What follows from the columns. */
static bool complete_row(struct store *store, struct stored_trials *list, struct stored_trial *row,
                         struct error *error)
{
    if (!complete_fold(store, list, row, error))
        return false;
    row->last.epoch = row->epochs;
    row->last.seconds = row->train_seconds;
    row->machine = row->id != 0 ? store_first_of_machine(store, row->machine) : 0;
    if (!hyperparameter_applies(hyperparameter_find("rate"), &row->values))
        row->rate = NAN; /* what is recorded is a default that the solver did not look at */
    return row->id == 0 ||
           store_check_clock(store, row->id, row->epochs, row->train_seconds, 0.0, error);
}

/* An earlier attempt at the last row's trial, which comes just before it, counts no longer. */
static void supersede_attempt(struct stored_trials *list, bool keep)
{
    if (list->count < 2)
        return;
    struct stored_trial *now = &list->rows[list->count - 1], *before = now - 1;
    if (before->configuration != now->configuration || before->final != now->final ||
        before->repeat != now->repeat)
        return;
    before->superseded = true;
    if (keep)
        return;
    *before = *now;
    list->count--;
}

bool store_read_trials(struct store *store, bool superseded, struct stored_trials *list,
                       struct error *error)
{
    *list = (struct stored_trials){0};
    const struct configuration defaults = configuration_default();
    size_t capacity = 0;
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_TRIALS, NULL, 0, error);
    if (statement == NULL)
        return false;
    while (store_next(store, statement, error) &&
           read_row(store, statement, list, &capacity, &defaults, error)) {
        struct stored_trial *row = &list->rows[list->count];
        if (row->superseded && !superseded)
            continue;
        if (!complete_row(store, list, row, error))
            break;
        list->count++;
        supersede_attempt(list, superseded);
    }
    sqlite3_reset(statement);
    if (error->kind == ERROR_NONE)
        store_refute_optima(list);
    else
        stored_trials_clear(list);
    return error->kind == ERROR_NONE;
}

/* A text of the sweep, where the store has a column for it; else "". */
static char *read_later(struct store *store, const struct name_set *columns, const char *column,
                        enum statement number, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    bool there = false;
    if (name_set_has(columns, column)) {
        statement = store_query(store, number, NULL, 0, error);
        there = statement != NULL && store_next(store, statement, error);
    }
    char *text = memory_copy_text(there ? column_text(statement, 0) : "");
    if (statement != NULL)
        sqlite3_reset(statement);
    return text;
}

/* What earlier versions did not record. */
static bool read_later_columns(struct store *store, struct stored_sweep *sweep, struct error *error)
{
    struct name_set columns = {0};
    schema_columns(store, "sweep", &columns, error);
    sweep->folder = read_later(store, &columns, "folder", STATEMENT_READ_FOLDER, error);
    sweep->targets = read_later(store, &columns, "targets", STATEMENT_READ_TARGETS, error);
    name_set_clear(&columns);
    return error->kind == ERROR_NONE;
}

bool store_read_sweep(struct store *store, struct stored_sweep *sweep, struct error *error)
{
    *sweep = (struct stored_sweep){0};
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_SWEEP, NULL, 0, error);
    if (statement == NULL)
        return false;
    if (store_next(store, statement, error)) {
        sweep->name = memory_copy_text(column_text(statement, 0));
        sweep->question = memory_copy_text(column_text(statement, 1));
        sweep->path = memory_copy_text(column_text(statement, 2));
        sweep->text = memory_copy_text(column_text(statement, 3));
        sweep->by = memory_copy_text(column_text(statement, 4));
        sweep->metric = memory_copy_text(column_text(statement, 5));
        sweep->repeats = sqlite3_column_int64(statement, 6);
        sweep->finals = sqlite3_column_int64(statement, 7);
        sqlite3_reset(statement);
        if (read_later_columns(store, sweep, error))
            return true;
        stored_sweep_clear(sweep);
        return false;
    }
    return error_usage(error, "%s: no sweep is recorded here yet", store->folder);
}

void stored_sweep_clear(struct stored_sweep *sweep)
{
    memory_free(sweep->name);
    memory_free(sweep->question);
    memory_free(sweep->path);
    memory_free(sweep->text);
    memory_free(sweep->by);
    memory_free(sweep->metric);
    memory_free(sweep->folder);
    memory_free(sweep->targets);
    *sweep = (struct stored_sweep){0};
}

char *store_read_machine(struct store *store, int64_t machine, struct error *error)
{
    const struct cell cells[] = {cell_integer(machine)};
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_MACHINE, cells, 1, error);
    if (statement == NULL)
        return NULL;
    char *json = NULL;
    if (store_next(store, statement, error))
        json = memory_copy_text(column_text(statement, 0));
    else
        error_failed(error, "%s: there is no machine %lld", store->folder, (long long)machine);
    sqlite3_reset(statement);
    return json;
}

bool store_read_finalists(struct store *store, int64_t *final, int64_t **configurations,
                          size_t *count, struct error *error)
{
    size_t capacity = 0;
    *final = 0;
    *configurations = NULL;
    *count = 0;
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_FINALISTS, NULL, 0, error);
    if (statement == NULL)
        return false;
    while (store_next(store, statement, error)) {
        *configurations =
            memory_grow(*configurations, &capacity, *count + 1, sizeof **configurations);
        *final = sqlite3_column_int64(statement, 0);
        (*configurations)[(*count)++] = sqlite3_column_int64(statement, 1);
    }
    if (error->kind == ERROR_NONE)
        return true;
    memory_free(*configurations);
    *configurations = NULL;
    return false;
}
