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

static void write_header(FILE *out)
{
    char name[HYPERPARAMETER_TEXT];
    fputs("position,data,rows,features", out);
    for (size_t i = 0; i < hyperparameter_count; i++)
        fprintf(out, ",%s", hyperparameter_column(&hyperparameters[i], name, sizeof name));
    fputs(
        ",final,repeat,attempt,superseded,rank,job_ranks,ranks_per_host,host,disturbed,processors",
        out);
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++)
        fprintf(out, ",%s", evidence_value_names[i]);
    fputs(",status,epochs", out);
    for (size_t i = 0; i < EXPORT_MEASURES; i++)
        fprintf(out, ",%s", export_measure_names[i]);
    fputs(",models,shared,kernel_ran,kernel_evaluated,machine,data_digest,digest,message\n", out);
}

static void write_trace_header(FILE *out)
{
    fputs("position,configuration,final,repeat,attempt,epoch", out);
    for (size_t i = 0; i < TRACE_VALUE_COUNT; i++)
        fprintf(out, ",%s", trace_value_names[i]);
    fputs(",gap\n", out);
}

/* Which trial of its configuration it is, and what went on meanwhile. */
static void write_origin(FILE *out, const struct stored_trial *row, bool safe)
{
    fprintf(out, ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%d", row->final, row->repeat, row->attempt,
            row->superseded);
    fprintf(out, ",%" PRId64 ",%" PRId64 ",%" PRId64 ",", row->seat.rank, row->seat.ranks,
            row->seat.ranks_per_host);
    text_write_csv(row->seat.host, safe, out);
    fputc(',', out);
    text_write_csv(row->evidence.disturbed, safe, out);
    fputc(',', out);
    text_write_csv(row->evidence.processors, safe, out);
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++) {
        fputc(',', out);
        write_real(out, evidence_value_of(&row->evidence, i));
    }
}

static void write_trial(FILE *out, const struct stored_trial *row, bool safe)
{
    double measures[EXPORT_MEASURES];
    export_measures(row, measures);
    fprintf(out, "%" PRId64 ",", row->position);
    text_write_csv(row->data, safe, out);
    fprintf(out, ",%" PRId64 ",%" PRId64, row->rows, row->features);
    for (size_t i = 0; i < hyperparameter_count; i++) {
        fputc(',', out);
        write_hyperparameter(out, &hyperparameters[i], &row->values);
    }
    write_origin(out, row, safe);
    fprintf(out, ",%s,%" PRId64, trial_status_name(row->status), row->epochs);
    for (size_t i = 0; i < EXPORT_MEASURES; i++) {
        fputc(',', out);
        write_real(out, measures[i]);
    }
    fprintf(out, ",%" PRId64 ",", row->models);
    if (row->shared != 0)
        fprintf(out, "%" PRId64, row->shared);
    fputc(',', out);
    text_write_csv(row->kernel, safe, out);
    fputc(',', out);
    text_write_csv(export_kernel_evaluated(row), safe, out);
    fprintf(out, ",%" PRId64, row->machine);
    const char *const last[] = {row->data_digest, row->digest, row->message};
    for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
        fputc(',', out);
        text_write_csv(last[i], safe, out);
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
