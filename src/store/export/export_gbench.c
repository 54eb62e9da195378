/* SPDX-License-Identifier: MIT
 *
 * The JSON of Google Benchmark, for its compare.py and whatever else reads that: a context and a
 * row per trial. It is streamed as export_json.c does, and strict: a number that is not finite is
 * null, where the library itself would write NaN.
 *
 * A row is one trial that was timed alone, one iteration, with real_time = train_seconds. Trials
 * trained side by side share a clock, and a shared time must not stand where a trial's own is
 * expected: they are left out. cpu_time is that of all threads; compare.py cannot do without a
 * number, so where it is not recorded it repeats real_time, and "cpu_time_recorded" is false.
 *
 * A trial that diverged or failed is an error (error_occurred), whose times are 0 as the library
 * writes them. compare.py 1.7.1 does not look at error_occurred: it shows the zeros, and gives no
 * overall mean then. A trial that met its time limit keeps its time; its label says how it ended.
 * Aggregates are left out: compare.py tests the repetitions themselves.
 *
 * The context is that of the machine of the first row; every row names its own in
 * `descent_machine`, so that a mixture is seen.
 *
 * Reference: google/benchmark 1.7.1, src/json_reporter.cc and tools/gbench/report.py.
 */
#include "store/export/export_gbench.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/export/export.h"
#include "store/export/trial_json.h"
#include "store/json_value.h"

#include <math.h>

static const char *const time_unit = "us"; /* compare.py rounds to whole ones */
enum { UNITS_A_SECOND = 1000000 };

static bool is_solo(const struct stored_trial *row)
{
    return row->id != 0 && stored_trial_is_solo(row);
}

/* The trials of one configuration. */
struct family {
    char *name;
    int64_t index, repetitions;
};

/* Processor time of all threads during the trial; NaN: not recorded. */
static double cpu_seconds_of(const struct stored_trial *row)
{
    return row->evidence.cpu_seconds;
}

/* Why the time of a trial is none; false if it is one. */
static bool has_no_time(const struct stored_trial *row, char *reason, size_t size)
{
    if (row->status == STATUS_DIVERGED || row->status == STATUS_FAILED ||
        row->status == STATUS_CUT || row->status == STATUS_WAITING ||
        row->status == STATUS_NEEDLESS)
        snprintf(reason, size, "%s%s%s", trial_status_name(row->status),
                 *row->message != '\0' ? ": " : "", row->message);
    else if (!isfinite(row->train_seconds))
        snprintf(reason, size, "no time was recorded");
    else
        return false;
    return true;
}

static void set_times(json_t *object, const struct stored_trial *row)
{
    char reason[512];
    bool failed = has_no_time(row, reason, sizeof reason);
    double real = failed ? 0.0 : row->train_seconds, cpu = cpu_seconds_of(row);
    bool recorded = isfinite(cpu);
    if (failed) {
        json_value_set(object, "error_occurred", json_true());
        json_value_set(object, "error_message", json_value_text(reason));
    }
    json_value_set(object, "iterations", json_value_integer(1));
    json_value_set(object, "real_time", json_value_real((double)UNITS_A_SECOND * real));
    json_value_set(object, "cpu_time",
                   json_value_real((double)UNITS_A_SECOND * (recorded && !failed ? cpu : real)));
    json_value_set(object, "time_unit", json_value_text(time_unit));
    if (!recorded)
        json_value_set(object, "cpu_time_recorded", json_false());
}

static void set_columns(json_t *object, const struct stored_trial *row, enum column_counter counter)
{
    for (size_t i = 0; i < trial_column_count; i++)
        if (trial_columns[i].counter == counter)
            json_value_set(object, trial_columns[i].exported,
                           column_to_json(&trial_columns[i], row));
}

static void set_counters(json_t *object, const struct stored_trial *row)
{
    json_value_set(object, "epochs", json_value_integer(row->epochs));
    json_value_set(object, "seconds_per_epoch",
                   json_value_real(row->train_seconds / (double)row->epochs));
    set_columns(object, row, COUNTER_TRAINED);
    set_columns(object, row, COUNTER_HELD_OUT);
}

static json_t *row_to_json(const struct stored_trial *row, const struct family *family,
                           int64_t repetition)
{
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(family->name));
    json_value_set(object, "family_index", json_value_integer(family->index));
    json_value_set(object, "per_family_instance_index", json_value_integer(0));
    json_value_set(object, "run_name", json_value_text(family->name));
    json_value_set(object, "run_type", json_value_text("iteration"));
    json_value_set(object, "repetitions", json_value_integer(family->repetitions));
    json_value_set(object, "repetition_index", json_value_integer(repetition));
    json_value_set(object, "threads", json_value_integer(configuration_threads(&row->values)));
    set_times(object, row);
    set_counters(object, row);
    json_value_set(object, "label", json_value_text(trial_status_name(row->status)));
    json_value_set(object, "descent_machine", json_value_integer(row->machine));
    return object;
}

/* The trials of one configuration, from `rows` on: those that have a time of their own. */
static const char *write_family(const struct stored_trial *rows, const struct family *family,
                                const char *separator, FILE *out)
{
    for (int64_t repetition = 0; repetition < family->repetitions; rows++) {
        if (!is_solo(rows))
            continue;
        fputs(separator, out);
        json_value_write(out, row_to_json(rows, family, repetition++));
        separator = ",\n";
    }
    return separator;
}

static void write_rows(const struct stored_trials *list, FILE *out)
{
    struct gbench_data_names names;
    struct family family = {0};
    const char *separator = "";
    gbench_data_names_read(&names, list);
    for (size_t begin = 0, end = 0; begin < list->count; begin = end, family.index++) {
        const struct stored_trial *rows = list->rows + begin;
        family.repetitions = 0;
        for (; end < list->count && list->rows[end].configuration == rows->configuration; end++)
            family.repetitions += is_solo(&list->rows[end]);
        family.name = gbench_configuration_name(&names, rows);
        separator = write_family(rows, &family, separator, out);
        memory_free(family.name);
    }
    gbench_data_names_clear(&names);
}

static const struct stored_trial *first_solo(const struct stored_trials *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_solo(&list->rows[i]))
            return &list->rows[i];
    return NULL;
}

static bool any_recorded(const struct stored_trials *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].id != 0)
            return true;
    return false;
}

/* Says why no trial has a time of its own, and how it would have one. */
static bool refuse_untimed(const struct stored_sweep *sweep, const struct stored_trials *list,
                           struct error *error)
{
    char *operand = text_operand(sweep->path);
    bool in_parts = true;
    for (size_t i = 0; i < list->count; i++)
        in_parts = in_parts && (list->rows[i].id == 0 || stored_trial_is_in_parts(&list->rows[i]));
    if (in_parts)
        error_usage(error,
                    "gbench shows a trial's own time, and all trials recorded here went on from a "
                    "checkpoint, so that theirs are in parts; time them in one go, in another "
                    "folder: descent sweep %s --results FOLDER",
                    operand);
    else
        error_usage(error,
                    "gbench shows a trial's own time, and all trials recorded here shared theirs "
                    "(batched); time them alone, in another folder: "
                    "descent sweep %s --execution solo --results FOLDER",
                    operand);
    memory_free(operand);
    return false;
}

/* Asked for before anything is written. */
static bool can_be_written(const struct stored_sweep *sweep, const struct stored_trials *list,
                           bool traces, struct error *error)
{
    if (traces)
        return error_usage(error, "--traces: gbench has one row per trial and no room for the "
                                  "points of a trace; use --format csv or json");
    if (first_solo(list) != NULL || !any_recorded(list))
        return true;
    return refuse_untimed(sweep, list, error);
}

static bool write_object(struct store *store, const struct stored_sweep *sweep,
                         const struct stored_trials *list, FILE *out, struct error *error)
{
    json_t *context;
    if (!gbench_context(store, sweep, first_solo(list), &context, error))
        return false;
    fputs("{\"context\":", out);
    json_value_write(out, context);
    fputs(",\n\"benchmarks\":[\n", out);
    write_rows(list, out);
    fputs("]}\n", out);
    return true;
}

static bool export_gbench(struct store *store, const struct stored_trials *list,
                          struct export_options options, FILE *out, struct error *error)
{
    struct stored_sweep sweep;
    if (!store_read_sweep(store, &sweep, error))
        return false;
    bool done = can_be_written(&sweep, list, options.traces, error) &&
                write_object(store, &sweep, list, out, error);
    stored_sweep_clear(&sweep);
    return done;
}

const struct export_format export_format_gbench = {
    .entry = {"gbench", "Google Benchmark's JSON, a row per trial timed alone: for its compare.py"},
    .write = export_gbench,
};
