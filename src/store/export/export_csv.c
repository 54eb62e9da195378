/* SPDX-License-Identifier: MIT
 *
 * CSV after RFC 4180, except that lines end in LF: a line per trial, or (traces) a line per point.
 * A number that is not finite, does not apply, or is "never" is an empty field. Numbers are the
 * shortest that read back to the same bits.
 *
 * What may hold a comma, and so quotes, stands on the left, but for the message of a trial that
 * failed, which is last: counted from the end of the line, columns are where any tool finds them.
 */
#include "store/export/export.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/trial_columns.h"

#include <inttypes.h>
#include <math.h>

static void write_real(FILE *out, double value)
{
    char text[TEXT_NUMBER];
    if (isfinite(value))
        fputs(text_from_real(text, value), out);
}

static void write_hyperparameter(FILE *out, const struct hyperparameter *row,
                                 const struct configuration *configuration)
{
    if (!hyperparameter_applies(row, configuration))
        return;
    char number[TEXT_NUMBER];
    struct value value = hyperparameter_get(row, configuration);
    bool keyword = setting_is_keyword(&row->setting, value);
    if (row->type == TYPE_REAL && !keyword)
        write_real(out, value.real);
    else if (!keyword || row->section == NULL) /* "auto"; a limit that is "never" stays empty */
        fputs(setting_text(&row->setting, value, number), out);
}

static void write_choice_names(FILE *out)
{
    char name[HYPERPARAMETER_TEXT];
    for (size_t i = 0; i < hyperparameter_count; i++)
        fprintf(out, "%s%s", i > 0 ? "," : "",
                hyperparameter_column(&hyperparameters[i], name, sizeof name));
}

static void write_choices(const struct configuration *configuration, FILE *out)
{
    for (size_t i = 0; i < hyperparameter_count; i++) {
        if (i > 0)
            fputc(',', out);
        write_hyperparameter(out, &hyperparameters[i], configuration);
    }
}

static void write_header(FILE *out)
{
    const char *separator = "";
    for (size_t i = 0; i < trial_column_count; i++) {
        const struct trial_column *column = &trial_columns[i];
        if (column->exported == NULL)
            continue;
        fputs(separator, out);
        if (column->kind == COLUMN_CHOICES)
            write_choice_names(out);
        else
            fputs(column->exported, out);
        separator = ",";
    }
    fputc('\n', out);
}

static void write_trace_header(FILE *out)
{
    fputs("position,configuration,final,repeat,attempt,epoch", out);
    for (size_t i = 0; i < TRACE_VALUE_COUNT; i++)
        fprintf(out, ",%s", trace_value_names[i]);
    fputs(",gap\n", out);
}

static void write_cell(const struct trial_column *column, const struct stored_trial *row, bool safe,
                       FILE *out)
{
    switch (column->kind) {
    case COLUMN_INTEGER:
    case COLUMN_BOOLEAN:
        if (!trial_column_is_missing(column, row))
            fprintf(out, "%" PRId64, trial_column_integer(column, row));
        break;
    case COLUMN_REAL:
        write_real(out, trial_column_real(column, row));
        break;
    case COLUMN_STATUS:
    case COLUMN_TEXT:
    case COLUMN_CHARACTERS:
        text_write_csv(trial_column_text(column, row), safe, out);
        break;
    case COLUMN_CHOICES:
        write_choices(&row->values, out);
        break;
    case COLUMN_WEIGHTS:
    case COLUMN_MOMENT:
        break;
    }
}

static void write_trial(FILE *out, const struct stored_trial *row, bool safe)
{
    const char *separator = "";
    for (size_t i = 0; i < trial_column_count; i++) {
        if (trial_columns[i].exported == NULL)
            continue;
        fputs(separator, out);
        write_cell(&trial_columns[i], row, safe, out);
        separator = ",";
    }
    fputc('\n', out);
}

static void write_point(FILE *out, const struct stored_trial *row, const struct trace_point *point)
{
    fprintf(out, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64,
            row->position, row->configuration, row->final, row->repeat, row->attempt, point->epoch);
    for (size_t i = 0; i < TRACE_VALUE_COUNT; i++) {
        fputc(',', out);
        write_real(out, trace_value_of(point, i));
    }
    fputc(',', out);
    write_real(out, point->objective - row->optimum);
    fputc('\n', out);
}

static bool write_trace(struct store *store, const struct stored_trial *row, FILE *out,
                        struct error *error)
{
    struct trace trace;
    if (!store_read_trace(store, row->id, &trace, error))
        return false;
    for (size_t i = 0; i < trace.count; i++)
        write_point(out, row, &trace.points[i]);
    memory_free(trace.points);
    return true;
}

static bool export_csv(struct store *store, const struct stored_trials *list,
                       struct export_options options, FILE *out, struct error *error)
{
    if (options.traces)
        write_trace_header(out);
    else
        write_header(out);
    for (size_t i = 0; i < list->count; i++) {
        const struct stored_trial *row = &list->rows[i];
        if (row->id == 0)
            continue;
        if (!options.traces)
            write_trial(out, row, options.safe_cells);
        else if (!write_trace(store, row, out, error))
            return false;
    }
    return true;
}

const struct export_format export_format_csv = {
    .entry = {"csv", "one line per trial; with --traces one line per point"},
    .write = export_csv,
};
