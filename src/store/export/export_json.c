/* SPDX-License-Identifier: MIT
 *
 * One strict JSON object: the sweep, the machines, the optima, and every trial with its
 * configuration and its trace as arrays. The frame is written by hand and each trial by jansson, so
 * that one trial is in memory at a time. A number that is not finite is null.
 */
#include "store/export/export.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "store/export/profile_json.h"
#include "store/export/trial_json.h"
#include "store/json_value.h"

#include <string.h>

static bool write_sweep(struct store *store, FILE *out, struct error *error)
{
    struct stored_sweep sweep;
    if (!store_read_sweep(store, &sweep, error))
        return false;
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(sweep.name));
    json_value_set(object, "question", json_value_text(sweep.question));
    json_value_set(object, "by", json_value_text(*sweep.by != '\0' ? sweep.by : NULL));
    json_value_set(object, "metric", json_value_text(sweep.metric));
    json_value_set(object, "path", json_value_text(sweep.path));
    json_value_set(object, "text", json_value_text(sweep.text));
    json_value_set(object, "repeats", json_value_integer(sweep.repeats));
    json_value_set(object, "finals", json_value_integer(sweep.finals));
    json_value_write(out, object);
    stored_sweep_clear(&sweep);
    return true;
}

/* What was recorded as JSON goes out as JSON; a text that is not, as a text. */
static bool write_machine(struct store *store, int64_t number, FILE *out, struct error *error)
{
    char *text = store_read_machine(store, number, error);
    if (text == NULL)
        return false;
    json_t *facts = json_loads(text, 0, NULL);
    json_t *object = json_value_object();
    json_value_set(object, "machine", json_value_integer(number));
    json_value_set(object, "facts", facts != NULL ? facts : json_value_text(text));
    memory_free(text);
    bool done = profile_machine_to_json(store, number, object, error);
    json_value_write(out, object);
    return done;
}

static bool write_machines(struct store *store, const struct stored_trials *list, FILE *out,
                           struct error *error)
{
    const char *separator = "";
    struct lookup seen = {0};
    bool done = true;
    for (size_t i = 0; i < list->count && done; i++) {
        const struct stored_trial *row = &list->rows[i];
        size_t known = seen.count;
        if (row->id == 0 || lookup_number(&seen, &row->machine, sizeof row->machine) < known)
            continue;
        fputs(separator, out);
        done = write_machine(store, row->machine, out, error);
        separator = ",\n";
    }
    lookup_clear(&seen);
    return done;
}

static json_t *optimum_to_json(const struct stored_trial *row, const struct optimum *optimum)
{
    json_t *object = json_value_object();
    json_value_set(object, "data", json_value_text(row->data));
    json_value_set(object, "data_digest", json_value_text(row->data_digest));
    json_value_set(object, "lambda", json_value_real(optimum->lambda));
    json_value_set(object, "status", json_value_text(optimum_status_name(optimum->status)));
    json_value_set(object, "objective", json_value_real(optimum->objective));
    json_value_set(object, "gradient_norm", json_value_real(optimum->gradient_norm));
    json_value_set(object, "bound", json_value_real(optimum->bound));
    json_value_set(object, "steps", json_value_integer(optimum->steps));
    json_value_set(object, "seconds", json_value_real(optimum->seconds));
    json_value_set(object, "reason", json_value_text(optimum->reason));
    return object;
}

/* Each data set and lambda once, in the order of the trials. */
static bool write_optima(struct store *store, const struct stored_trials *list, FILE *out,
                         struct error *error)
{
    const char *separator = "";
    struct lookup seen = {0};
    bool done = true;
    for (size_t i = 0; i < list->count && done; i++) {
        const struct stored_trial *row = &list->rows[i];
        struct optimum optimum;
        size_t known = seen.count;
        if (stored_trial_problem(row, &seen) < known)
            continue;
        done = store_find_optimum_of(store, row, row->values.lambda, &optimum, error);
        if (!done || (optimum.status == OPTIMUM_UNKNOWN && *optimum.reason == '\0'))
            continue;
        fputs(separator, out);
        json_value_write(out, optimum_to_json(row, &optimum));
        separator = ",\n";
    }
    lookup_clear(&seen);
    return done;
}

/* The object that a column stands in, which is made when it is first asked for. */
static json_t *object_of(const struct trial_column *column, json_t *trial)
{
    if (column->object == NULL)
        return trial;
    json_t *object = json_object_get(trial, column->object);
    if (object == NULL)
        json_value_set(trial, column->object, object = json_value_object());
    return object;
}

static json_t *trial_to_json(const struct stored_trial *row, const struct trace *trace)
{
    json_t *trial = json_value_object();
    for (size_t i = 0; i < trial_column_count; i++)
        if (trial_columns[i].exported != NULL)
            json_value_set(object_of(&trial_columns[i], trial), trial_columns[i].exported,
                           column_to_json(&trial_columns[i], row));
    json_value_set(trial, "trace", trace_to_json(trace, row->optimum));
    return trial;
}

static bool write_trials(struct store *store, const struct stored_trials *list, FILE *out,
                         struct error *error)
{
    const char *separator = "";
    for (size_t i = 0; i < list->count; i++) {
        struct trace trace;
        if (list->rows[i].id == 0)
            continue;
        if (!store_read_trace(store, list->rows[i].id, &trace, error))
            return false;
        json_t *object = trial_to_json(&list->rows[i], &trace);
        memory_free(trace.points);
        bool done = profile_trial_to_json(store, list->rows[i].id, object, error);
        fputs(separator, out);
        json_value_write(out, object);
        if (!done)
            return false;
        separator = ",\n";
    }
    return true;
}

static bool export_json(struct store *store, const struct stored_trials *list,
                        struct export_options options, FILE *out, struct error *error)
{
    (void)options; /* traces are always in */
    fputs("{\"sweep\":", out);
    if (!write_sweep(store, out, error))
        return false;
    fputs(",\n\"machines\":[", out);
    if (!write_machines(store, list, out, error))
        return false;
    fputs("],\n\"optima\":[", out);
    if (!write_optima(store, list, out, error))
        return false;
    fputs("],\n\"trials\":[\n", out);
    if (!write_trials(store, list, out, error))
        return false;
    fputs("]}\n", out);
    return true;
}

const struct export_format export_format_json = {
    .entry = {"json", "one object with the sweep, the machines, and every trial with its trace"},
    .write = export_json,
};
