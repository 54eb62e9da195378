/* SPDX-License-Identifier: MIT
 *
 * Recording. Adding a trial is the hot path of a sweep of thousands of small trials: its statements
 * stay prepared, a trial and its trace are one transaction, and the points of a trace are added
 * sixteen at a time.
 */
#include "store/store_internal.h"

#include "base/memory.h"
#include "store/checkpoint.h"
#include "store/hyperparameter_cell.h"
#include "store/machines.h"
#include "store/rules.h"
#include "store/trial_row.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(cells_) (sizeof(cells_) / sizeof *(cells_))

bool store_sweep_changed(struct store *store, const char *text, bool *changed, struct error *error)
{
    char digest[DIGEST_TEXT];
    digest_of_text(text, digest);
    sqlite3_stmt *statement = store_query(store, STATEMENT_SWEEP_DIGEST, NULL, 0, error);
    if (statement == NULL)
        return false;
    *changed =
        store_next(store, statement, error) && strcmp(column_text(statement, 0), digest) != 0;
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

bool store_set_sweep(struct store *store, const struct sweep_facts *facts, bool *changed,
                     struct error *error)
{
    char digest[DIGEST_TEXT];
    digest_of_text(facts->text, digest);
    const struct cell cells[] = {cell_text(facts->name),
                                 cell_text(facts->question),
                                 cell_text(facts->path),
                                 cell_text(facts->text),
                                 cell_text(facts->by),
                                 cell_text(facts->metric),
                                 cell_text(digest),
                                 cell_integer(facts->repeats),
                                 cell_integer(facts->finals),
                                 cell_text(facts->folder != NULL ? facts->folder : ""),
                                 cell_text(facts->targets != NULL ? facts->targets : "")};
    return store_sweep_changed(store, facts->text, changed, error) &&
           store_run(store, STATEMENT_SET_SWEEP, cells, COUNT(cells), error);
}

/* Finds a row by its first `key` cells, or adds it with all of them. */
static bool find_or_add(struct store *store, enum statement find, enum statement add,
                        const struct cell *cells, size_t key, size_t count, int64_t *id,
                        struct error *error)
{
    *id = 0;
    if (!store_ask(store, find, cells, key, id, error))
        return false;
    if (*id != 0)
        return true;
    if (!store_run(store, add, cells, count, error))
        return false;
    *id = sqlite3_last_insert_rowid(store->db);
    return true;
}

bool store_add_data(struct store *store, const struct dataset *data, const char *description,
                    int64_t *id, struct error *error)
{
    const struct cell cells[] = {cell_text(description),
                                 cell_text(data->digest),
                                 cell_integer((int64_t)dataset_samples(data)),
                                 cell_integer((int64_t)data->features),
                                 cell_text(data->class_names[0]),
                                 cell_text(data->class_names[1])};
    return find_or_add(store, STATEMENT_FIND_DATA, STATEMENT_ADD_DATA, cells, 2, COUNT(cells), id,
                       error);
}

bool store_data_changed(struct store *store, const char *description, const char *digest,
                        bool *found, struct error *error)
{
    const struct cell cells[] = {cell_text(description), cell_text(digest)};
    int64_t other = 0;
    bool done = store_ask(store, STATEMENT_OTHER_DATA, cells, COUNT(cells), &other, error);
    *found = other != 0;
    return done;
}

bool store_find_configuration(struct store *store, const char *key, int64_t *id,
                              struct error *error)
{
    const struct cell cells[] = {cell_text(key)};
    *id = 0;
    return store_ask(store, STATEMENT_FIND_CONFIGURATION, cells, 1, id, error);
}

bool store_add_configuration(struct store *store, int64_t data, const char *data_digest,
                             const struct configuration *configuration, int64_t *id,
                             struct error *error)
{
    char key[DIGEST_TEXT];
    configuration_key(configuration, data_digest, key);
    if (!store_find_configuration(store, key, id, error))
        return false;
    if (*id != 0) { /* the same data may have another name by now */
        const struct cell move[] = {cell_integer(data), cell_integer(*id)};
        return store_run(store, STATEMENT_MOVE_CONFIGURATION, move, COUNT(move), error);
    }
    size_t count = 2 + hyperparameter_count;
    struct cell *cells = memory_allocate(count, sizeof *cells);
    cells[0] = cell_integer(data);
    cells[1] = cell_text(key);
    for (size_t i = 0; i < hyperparameter_count; i++)
        cells[2 + i] = hyperparameter_cell(&hyperparameters[i], configuration);
    bool done = store_run(store, STATEMENT_ADD_CONFIGURATION, cells, count, error);
    if (done)
        *id = sqlite3_last_insert_rowid(store->db);
    memory_free(cells);
    return done;
}

/* Is this the plan already? A configuration that is named twice has its first position. */
static bool has_plan(struct store *store, const int64_t *configurations, size_t count, bool *same,
                     struct error *error)
{
    int64_t planned = 0, found = 0;
    if (!store_ask(store, STATEMENT_COUNT_PLAN, NULL, 0, &planned, error))
        return false;
    *same = true;
    for (size_t i = 0; i < count && *same; i++) {
        const struct cell cells[] = {cell_integer(configurations[i])};
        int64_t position = 0;
        if (!store_ask(store, STATEMENT_FIND_PLAN, cells, COUNT(cells), &position, error))
            return false;
        *same = position > 0 && position <= (int64_t)i + 1 &&
                configurations[position - 1] == configurations[i];
        found += position == (int64_t)i + 1;
    }
    *same = *same && found == planned;
    return true;
}

bool store_set_plan(struct store *store, const int64_t *configurations, size_t count,
                    struct error *error)
{
    bool own, same = false;
    if (!store_begin_or_join(store, &own, error))
        return false;
    bool done = has_plan(store, configurations, count, &same, error);
    if (done && same)
        return store_finish(store, own, true, error);
    done = done && store_run(store, STATEMENT_CLEAR_PLAN, NULL, 0, error);
    for (size_t i = 0; i < count && done; i++) {
        const struct cell cells[] = {cell_integer((int64_t)i + 1), cell_integer(configurations[i])};
        done = store_run(store, STATEMENT_ADD_PLAN, cells, COUNT(cells), error);
    }
    return store_finish(store, own, done, error);
}

bool store_set_zoom(struct store *store, int64_t configuration, int64_t zoom, struct error *error)
{
    const struct cell cells[] = {cell_integer(zoom), cell_integer(configuration)};
    return store_run(store, STATEMENT_SET_ZOOM, cells, COUNT(cells), error);
}

bool store_leave_to_others(struct store *store, int64_t configuration, struct error *error)
{
    const struct cell cells[] = {cell_integer(configuration)};
    return store_run(store, STATEMENT_LEAVE_PLAN, cells, COUNT(cells), error);
}

bool store_find_trial(struct store *store, struct trial_key key, struct trial_record *record,
                      struct error *error)
{
    *record = (struct trial_record){.status = STATUS_RUNNING};
    const struct cell cells[] = {cell_integer(key.configuration), cell_integer(key.final),
                                 cell_integer(key.repeat)};
    sqlite3_stmt *statement = store_query(store, STATEMENT_FIND_TRIAL, cells, COUNT(cells), error);
    if (statement == NULL)
        return false;
    if (store_next(store, statement, error)) {
        record->status = trial_status_find(column_text(statement, 0));
        snprintf(record->digest, sizeof record->digest, "%s", column_text(statement, 1));
        record->machine = store_first_of_machine(store, sqlite3_column_int64(statement, 2));
        record->models = sqlite3_column_int64(statement, 3);
        snprintf(record->kernel, sizeof record->kernel, "%s", column_text(statement, 4));
        record->attempt = sqlite3_column_int64(statement, 5);
        record->disturbed = sqlite3_column_int(statement, 6) != 0;
        record->id = sqlite3_column_int64(statement, 7);
        record->epochs = sqlite3_column_int64(statement, 8);
        record->train_seconds = sqlite3_column_double(statement, 9);
    }
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

bool store_find_start(struct store *store, struct trial_key key, char start[static START_TEXT],
                      struct error *error)
{
    const struct cell cells[] = {cell_integer(key.configuration), cell_integer(key.final),
                                 cell_integer(key.repeat)};
    *start = '\0';
    sqlite3_stmt *statement = store_query(store, STATEMENT_FIND_START, cells, COUNT(cells), error);
    if (statement == NULL)
        return false;
    if (store_next(store, statement, error))
        snprintf(start, START_TEXT, "%s", column_text(statement, 0));
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

bool store_read_solution(struct store *store, struct trial_key key, size_t features,
                         double *weights, double *bias, bool *found, struct error *error)
{
    const struct cell cells[] = {cell_integer(key.configuration), cell_integer(key.final),
                                 cell_integer(key.repeat)};
    const size_t bytes = features * sizeof *weights;
    *found = false;
    sqlite3_stmt *statement =
        store_query(store, STATEMENT_READ_SOLUTION, cells, COUNT(cells), error);
    if (statement == NULL)
        return false;
    if (store_next(store, statement, error) &&
        (size_t)sqlite3_column_bytes(statement, 0) == bytes) {
        memcpy(weights, sqlite3_column_blob(statement, 0), bytes);
        *bias = column_real(statement, 1);
        *found = isfinite(*bias);
        for (size_t i = 0; i < features && *found; i++)
            *found = isfinite(weights[i]);
    }
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

static int64_t at_least_one(int64_t count)
{
    return count > 0 ? count : 1;
}

/* The row of a trial; its texts and weights are those of `trial`. */
static struct stored_trial row_of(const struct trial_origin *origin, const struct trial *trial)
{
    static const struct trace_point nothing = {.loss = NAN,
                                               .objective = NAN,
                                               .gradient_norm = NAN,
                                               .accuracy = NAN,
                                               .heldout_loss = NAN,
                                               .heldout_accuracy = NAN};
    struct stored_trial row = {
        .configuration = origin->key.configuration,
        .final = origin->key.final,
        .repeat = origin->key.repeat,
        .attempt = origin->attempt,
        .machine = origin->machine,
        .models = origin->models,
        .shared = trial->shared,
        .continued = trial->continued,
        .start = *trial->start != '\0' ? trial->start : NULL,
        .kernel = trial->kernel,
        .variant = trial->variant,
        .status = trial->status,
        .epochs = trial->epochs,
        .last = trial->trace.count > 0 ? *trial_last(trial) : nothing,
#define COPY(name_) .name_ = trial->name_,
        TRIAL_VALUES(COPY)
#undef COPY
            .digest = trial->digest,
        .message = trial->message,
        .evidence = origin->evidence != NULL ? *origin->evidence : evidence_unknown(),
        .seat = origin->seat,
        .bias = trial->b,
        .weights = trial->w,
        .features = (int64_t)trial->features,
    };
    row.seat.ranks = at_least_one(row.seat.ranks);
    row.seat.ranks_per_host = at_least_one(row.seat.ranks_per_host);
    return row;
}

static bool add_row(struct store *store, const struct trial_origin *origin,
                    const struct trial *trial, int64_t *id, struct error *error)
{
    const struct stored_trial row = row_of(origin, trial);
    const struct cell key[] = {cell_integer(row.configuration), cell_integer(row.final),
                               cell_integer(row.repeat), cell_integer(row.attempt)};
    return store_run(store, STATEMENT_FORGET_TRIAL, key, COUNT(key), error) &&
           trial_row_add(store, &row, id, error);
}

static bool add_points(struct store *store, enum statement name, int64_t trial,
                       const struct trace_point *points, size_t count, struct error *error)
{
    struct cell cells[POINTS_A_STATEMENT * POINT_CELLS];
    for (size_t i = 0; i < count; i++) {
        struct cell *row = cells + i * POINT_CELLS;
        row[0] = cell_integer(trial);
        row[1] = cell_integer(points[i].epoch);
        for (size_t v = 0; v < TRACE_VALUE_COUNT; v++)
            row[2 + v] = cell_real(trace_value_of(&points[i], v));
    }
    return store_run(store, name, cells, count * POINT_CELLS, error);
}

static bool add_trace(struct store *store, int64_t trial, const struct trace *trace,
                      struct error *error)
{
    size_t i = 0;
    bool done = true;
    for (; done && i + POINTS_A_STATEMENT <= trace->count; i += POINTS_A_STATEMENT)
        done = add_points(store, STATEMENT_ADD_POINTS, trial, trace->points + i, POINTS_A_STATEMENT,
                          error);
    for (; done && i < trace->count; i++)
        done = add_points(store, STATEMENT_ADD_POINT, trial, trace->points + i, 1, error);
    return done;
}

bool store_add_optimum(struct store *store, const char *digest, const struct optimum *optimum,
                       struct error *error)
{
    const struct cell cells[] = {
        cell_text(digest),
        cell_real(optimum->lambda),
        cell_text(optimum_status_name(optimum->status)),
        cell_real(optimum->objective),
        cell_real(optimum->gradient_norm),
        cell_real(optimum->bound),
        cell_integer(optimum->steps),
        cell_real(optimum->seconds),
        cell_text(optimum->reason),
    };
    return store_run(store, STATEMENT_ADD_OPTIMUM, cells, COUNT(cells), error);
}

bool store_find_optimum(struct store *store, const char *digest, double lambda,
                        struct optimum *optimum, struct error *error)
{
    *optimum = (struct optimum){.lambda = lambda};
    const struct cell cells[] = {cell_text(digest), cell_real(lambda)};
    sqlite3_stmt *statement =
        store_query(store, STATEMENT_FIND_OPTIMUM, cells, COUNT(cells), error);
    if (statement == NULL)
        return false;
    if (store_next(store, statement, error)) {
        optimum->status = optimum_status_find(column_text(statement, 0));
        optimum->objective = column_real(statement, 1);
        optimum->gradient_norm = column_real(statement, 2);
        optimum->bound = column_real(statement, 3);
        optimum->steps = sqlite3_column_int64(statement, 4);
        optimum->seconds = column_real(statement, 5);
        snprintf(optimum->reason, sizeof optimum->reason, "%s", column_text(statement, 6));
        if (optimum->status == OPTIMUM_FOUND &&
            (!isfinite(optimum->objective) || isnan(optimum->gradient_norm) ||
             !isfinite(optimum->bound)))
            store_damaged(store, error, "the optimum of lambda %g is found, but has no value",
                          lambda);
    }
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

bool store_new_group(struct store *store, int64_t *number, struct error *error)
{
    /* A look at all trials, and so at the first group only: no other process may write. */
    if (store->last_group == 0 &&
        !store_ask(store, STATEMENT_LAST_SHARED, NULL, 0, &store->last_group, error))
        return false;
    *number = ++store->last_group;
    return true;
}

bool store_add_trial(struct store *store, const struct trial_origin *origin,
                     const struct trial *trial, struct error *error)
{
    assert(trial_status_is_end(trial->status));
    bool own;
    int64_t row;
    if (!store_begin_or_join(store, &own, error))
        return false;
    bool done = add_row(store, origin, trial, &row, error) &&
                add_trace(store, row, &trial->trace, error) &&
                store_add_profile(store, row, trial->phases, origin->counters, error) &&
                store_forget_checkpoint(store, origin->key, error);
    return store_finish(store, own, done, error);
}

bool store_forget(struct store *store, enum trial_status status, int64_t *count,
                  struct error *error)
{
    const struct cell cells[] = {cell_text(trial_status_name(status))};
    if (!store_run(store, STATEMENT_FORGET_STATUS, cells, 1, error))
        return false;
    *count = sqlite3_changes64(store->db);
    return true;
}

bool store_add_finalists(struct store *store, const int64_t *configurations, size_t count,
                         int64_t *final, struct error *error)
{
    bool own;
    int64_t last = 0;
    if (!store_begin_or_join(store, &own, error))
        return false;
    bool done = store_ask(store, STATEMENT_READ_FINALISTS, NULL, 0, &last, error);
    *final = last + 1;
    for (size_t i = 0; i < count && done; i++) {
        const struct cell cells[] = {cell_integer(*final), cell_integer(configurations[i])};
        done = store_run(store, STATEMENT_ADD_FINALIST, cells, COUNT(cells), error);
    }
    return store_finish(store, own, done, error);
}
