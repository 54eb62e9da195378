/* SPDX-License-Identifier: MIT
 *
 * Reading what was recorded. One statement gives every trial with its configuration and data set,
 * so that a list is of one instant even while a sweep writes.
 */
#include "store/store_internal.h"

#include "base/memory.h"
#include "store/hyperparameter_cell.h"
#include "store/machines.h"
#include "store/rules.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Columns of schema_sql_read_trials(), in order. */
enum {
    READ_TRIAL,
    READ_CONFIGURATION,
    READ_POSITION,
    READ_REPEAT,
    READ_MODELS,
    READ_MACHINE,
    READ_DATA,
    READ_DESCRIPTION,
    READ_DATA_DIGEST,
    READ_ROWS,
    READ_FEATURES,
    READ_STATUS,
    READ_EPOCHS,
    READ_LOSS,
    READ_OBJECTIVE,
    READ_GRADIENT_NORM,
    READ_ACCURACY,
    READ_TRAIN_SECONDS,
    READ_EVALUATE_SECONDS,
    READ_RECORD_SECONDS,
    READ_DIGEST,
    READ_MESSAGE,
    READ_SHARED,
    READ_KERNEL,
    READ_HELDOUT_LOSS,
    READ_HELDOUT_ACCURACY,
    READ_RATE,
    READ_OPTIMUM,
    READ_OPTIMUM_BOUND,
    READ_FINAL,
    READ_ATTEMPT,
    READ_PROCESSORS,
    READ_DISTURBED,
    READ_RANK,
    READ_RANKS,
    READ_RANKS_PER_HOST,
    READ_HOST,
    READ_SUPERSEDED,
    READ_EVIDENCE,
    READ_HYPERPARAMETERS = READ_EVIDENCE + EVIDENCE_VALUE_COUNT,
};

/* The list while it grows. Texts move as theirs does, so rows get pointers at the end; until then
 * each has the offsets of its texts. */
struct trials_reading {
    struct stored_trials *list;
    size_t capacity;
    struct text_offsets {
        size_t data, data_digest, digest, message, kernel;
    } * offsets; /* (capacity) */
    size_t offsets_capacity;
    size_t texts_length, texts_capacity;
    struct configuration defaults; /* of what does not apply to a row */
    int64_t data; /* number of the last row's data set, whose texts are kept once */
    size_t description, data_digest; /* offsets of those */
};

static size_t keep_text(struct trials_reading *reading, const char *text)
{
    size_t length = strlen(text) + 1, offset = reading->texts_length;
    reading->list->texts =
        memory_grow(reading->list->texts, &reading->texts_capacity, offset + length, 1);
    memcpy(reading->list->texts + offset, text, length);
    reading->texts_length += length;
    return offset;
}

/* `configuration` holds the defaults at first. */
static bool read_configuration(struct store *store, sqlite3_stmt *statement,
                               struct configuration *configuration, struct error *error)
{
    char reason[1024];
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (!hyperparameter_from_cell(&hyperparameters[i], statement, READ_HYPERPARAMETERS + (int)i,
                                      configuration, reason, sizeof reason))
            return error_usage(error, "%s: recorded by another descent: %s", store->folder, reason);
    return true;
}

static void read_evidence(sqlite3_stmt *statement, struct evidence *evidence)
{
    for (int i = 0; i < EVIDENCE_VALUE_COUNT; i++)
        *evidence_value(evidence, (size_t)i) = column_real(statement, READ_EVIDENCE + i);
    snprintf(evidence->processors, EVIDENCE_TEXT, "%s", column_text(statement, READ_PROCESSORS));
    snprintf(evidence->disturbed, EVIDENCE_TEXT, "%s", column_text(statement, READ_DISTURBED));
}

static void read_seat(sqlite3_stmt *statement, struct seat *seat)
{
    seat->rank = sqlite3_column_int64(statement, READ_RANK);
    seat->ranks = sqlite3_column_int64(statement, READ_RANKS);
    seat->ranks_per_host = sqlite3_column_int64(statement, READ_RANKS_PER_HOST);
    snprintf(seat->host, sizeof seat->host, "%s", column_text(statement, READ_HOST));
}

/* What the trial has beside its configuration; a configuration without one is left at zero. */
static void read_trial(sqlite3_stmt *statement, struct stored_trial *row)
{
    row->id = sqlite3_column_int64(statement, READ_TRIAL);
    row->repeat = sqlite3_column_int64(statement, READ_REPEAT);
    row->models = sqlite3_column_int64(statement, READ_MODELS);
    row->shared = sqlite3_column_int64(statement, READ_SHARED);
    row->machine = sqlite3_column_int64(statement, READ_MACHINE);
    row->epochs = sqlite3_column_int64(statement, READ_EPOCHS);
    row->status =
        row->id != 0 ? trial_status_find(column_text(statement, READ_STATUS)) : STATUS_RUNNING;
    row->train_seconds = column_real(statement, READ_TRAIN_SECONDS);
    row->evaluate_seconds = column_real(statement, READ_EVALUATE_SECONDS);
    row->record_seconds = column_real(statement, READ_RECORD_SECONDS);
    row->last = (struct trace_point){
        .epoch = row->epochs,
        .seconds = row->train_seconds,
        .loss = column_real(statement, READ_LOSS),
        .objective = column_real(statement, READ_OBJECTIVE),
        .gradient_norm = column_real(statement, READ_GRADIENT_NORM),
        .accuracy = column_real(statement, READ_ACCURACY),
        .heldout_loss = column_real(statement, READ_HELDOUT_LOSS),
        .heldout_accuracy = column_real(statement, READ_HELDOUT_ACCURACY),
    };
    row->rate = column_real(statement, READ_RATE);
    row->optimum = column_real(statement, READ_OPTIMUM);
    row->optimum_bound = column_real(statement, READ_OPTIMUM_BOUND);
    row->refuting = NAN;
    row->final = sqlite3_column_int64(statement, READ_FINAL);
    row->attempt = sqlite3_column_int64(statement, READ_ATTEMPT);
    row->superseded = sqlite3_column_int(statement, READ_SUPERSEDED) != 0;
    read_evidence(statement, &row->evidence);
    read_seat(statement, &row->seat);
}

static bool read_row(struct store *store, sqlite3_stmt *statement, struct trials_reading *reading,
                     struct error *error)
{
    struct stored_trials *list = reading->list;
    list->rows = memory_grow(list->rows, &reading->capacity, list->count + 1, sizeof *list->rows);
    reading->offsets = memory_grow(reading->offsets, &reading->offsets_capacity, list->count + 1,
                                   sizeof *reading->offsets);
    struct stored_trial *row = &list->rows[list->count];
    *row = (struct stored_trial){
        .configuration = sqlite3_column_int64(statement, READ_CONFIGURATION),
        .position = sqlite3_column_int64(statement, READ_POSITION),
        .rows = sqlite3_column_int64(statement, READ_ROWS),
        .features = sqlite3_column_int64(statement, READ_FEATURES),
        .values = reading->defaults,
    };
    read_trial(statement, row);
    row->machine = row->id != 0 ? store_first_of_machine(store, row->machine) : 0;
    if (row->id != 0 &&
        !store_check_clock(store, row->id, row->epochs, row->train_seconds, 0.0, error))
        return false;
    if (!read_configuration(store, statement, &row->values, error))
        return false;
    if (!hyperparameter_applies(hyperparameter_find("rate"), &row->values))
        row->rate = NAN; /* what is recorded is a default that the solver did not look at */
    int64_t data = sqlite3_column_int64(statement, READ_DATA);
    if (data != reading->data) {
        reading->description = keep_text(reading, column_text(statement, READ_DESCRIPTION));
        reading->data_digest = keep_text(reading, column_text(statement, READ_DATA_DIGEST));
    }
    reading->data = data;
    reading->offsets[list->count++] = (struct text_offsets){
        .data = reading->description,
        .data_digest = reading->data_digest,
        .digest = keep_text(reading, column_text(statement, READ_DIGEST)),
        .message = keep_text(reading, column_text(statement, READ_MESSAGE)),
        .kernel = keep_text(reading, column_text(statement, READ_KERNEL)),
    };
    return true;
}

/* Texts move while they grow in number; once all are there, rows are told where they are. */
static void place_texts(struct stored_trials *list, const struct text_offsets *offsets)
{
    for (size_t i = 0; i < list->count; i++) {
        list->rows[i].data = list->texts + offsets[i].data;
        list->rows[i].data_digest = list->texts + offsets[i].data_digest;
        list->rows[i].digest = list->texts + offsets[i].digest;
        list->rows[i].message = list->texts + offsets[i].message;
        list->rows[i].kernel = list->texts + offsets[i].kernel;
    }
}

/* An earlier attempt at the last row's trial, which comes just before it, counts no longer. */
static void supersede_attempt(struct trials_reading *reading, bool keep)
{
    struct stored_trials *list = reading->list;
    if (list->count < 2)
        return;
    const size_t last = list->count - 1;
    struct stored_trial *now = &list->rows[last], *before = now - 1;
    if (before->configuration != now->configuration || before->final != now->final ||
        before->repeat != now->repeat)
        return;
    before->superseded = true;
    if (keep)
        return;
    *before = *now;
    reading->offsets[last - 1] = reading->offsets[last];
    list->count--;
}

bool store_read_trials(struct store *store, bool superseded, struct stored_trials *list,
                       struct error *error)
{
    *list = (struct stored_trials){0};
    struct trials_reading reading = {.list = list, .defaults = configuration_default()};
    sqlite3_stmt *statement = store_query(store, STATEMENT_READ_TRIALS, NULL, 0, error);
    if (statement == NULL)
        return false;
    while (store_next(store, statement, error)) {
        if (!superseded && sqlite3_column_int(statement, READ_SUPERSEDED) != 0)
            continue;
        if (!read_row(store, statement, &reading, error))
            break;
        supersede_attempt(&reading, superseded);
    }
    sqlite3_reset(statement);
    if (reading.offsets != NULL)
        place_texts(list, reading.offsets);
    memory_free(reading.offsets);
    if (error->kind == ERROR_NONE)
        store_refute_optima(list);
    else
        stored_trials_clear(list);
    return error->kind == ERROR_NONE;
}

void stored_trials_clear(struct stored_trials *list)
{
    memory_free(list->rows);
    memory_free(list->texts);
    *list = (struct stored_trials){0};
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
        sweep->repeats = sqlite3_column_int64(statement, 4);
        sweep->finals = sqlite3_column_int64(statement, 5);
        sqlite3_reset(statement);
        return true;
    }
    return error_usage(error, "%s: no sweep is recorded here yet", store->folder);
}

void stored_sweep_clear(struct stored_sweep *sweep)
{
    memory_free(sweep->name);
    memory_free(sweep->question);
    memory_free(sweep->path);
    memory_free(sweep->text);
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
