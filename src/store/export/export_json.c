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

/* Is it the first trial of its data and its lambda? */
static bool is_first_of_problem(struct lookup *seen, const struct stored_trial *row)
{
    struct {
        char digest[DIGEST_TEXT + 7]; /* so that there are no gaps */
        double lambda;
    } key = {.lambda = row->values.lambda + 0.0}; /* -0.0 is 0.0 */
    size_t known = seen->count;
    snprintf(key.digest, sizeof key.digest, "%s", row->data_digest);
    return lookup_number(seen, &key, sizeof key) == known;
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
        if (!is_first_of_problem(&seen, row))
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

static json_t *evidence_to_json(const struct evidence *evidence)
{
    json_t *object = json_value_object();
    json_value_set(object, "disturbed", json_value_text(evidence->disturbed));
    json_value_set(object, "processors", json_value_text(evidence->processors));
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++)
        json_value_set(object, evidence_value_names[i],
                       json_value_real(evidence_value_of(evidence, i)));
    return object;
}

static json_t *trial_to_json(const struct stored_trial *row, const struct trace *trace)
{
    double measures[EXPORT_MEASURES];
    export_measures(row, measures);
    json_t *object = json_value_object();
    json_value_set(object, "position", json_value_integer(row->position));
    json_value_set(object, "data", json_value_text(row->data));
    json_value_set(object, "rows", json_value_integer(row->rows));
    json_value_set(object, "features", json_value_integer(row->features));
    json_value_set(object, "configuration", configuration_to_json(&row->values));
    json_value_set(object, "final", json_value_integer(row->final));
    json_value_set(object, "repeat", json_value_integer(row->repeat));
    json_value_set(object, "attempt", json_value_integer(row->attempt));
    json_value_set(object, "superseded", json_boolean(row->superseded));
    json_value_set(object, "rank", json_value_integer(row->seat.rank));
    json_value_set(object, "job_ranks", json_value_integer(row->seat.ranks));
    json_value_set(object, "ranks_per_host", json_value_integer(row->seat.ranks_per_host));
    json_value_set(object, "host", json_value_text(row->seat.host));
    json_value_set(object, "evidence", evidence_to_json(&row->evidence));
    json_value_set(object, "status", json_value_text(trial_status_name(row->status)));
    json_value_set(object, "epochs", json_value_integer(row->epochs));
    for (size_t i = 0; i < EXPORT_MEASURES; i++)
        json_value_set(object, export_measure_names[i], json_value_real(measures[i]));
    json_value_set(object, "models", json_value_integer(row->models));
    json_value_set(object, "shared",
                   row->shared != 0 ? json_value_integer(row->shared) : json_value_text(NULL));
    json_value_set(object, "kernel_ran",
                   json_value_text(*row->kernel != '\0' ? row->kernel : NULL));
    json_value_set(object, "kernel_evaluated",
                   json_value_text(*row->kernel != '\0' ? export_kernel_evaluated(row) : NULL));
    json_value_set(object, "machine", json_value_integer(row->machine));
    json_value_set(object, "data_digest", json_value_text(row->data_digest));
    json_value_set(object, "digest", json_value_text(row->digest));
    json_value_set(object, "message", json_value_text(row->message));
    json_value_set(object, "trace", trace_to_json(trace, row->optimum));
    return object;
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
