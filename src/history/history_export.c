/* SPDX-License-Identifier: MIT
 *
 * bencher                  Bencher Metric Format: {SERIES: {MEASURE: {value, lower_value,
 *                          upper_value}}}. Its measure `latency` is in nanoseconds, and is what
 *                          times are; others are called by their unit.
 * github-action-benchmark  customSmallerIsBetter: [{name, unit, value, range, extra}]. Its reader
 *                          takes a range as a number only where it is written with a plus-minus
 *                          sign, and an interval need not be symmetric, so that half its length is
 *                          given there and both ends in `extra`.
 * openmetrics              Text: a gauge a unit, its ends in two more, with series and commit as
 *                          labels and the date as the timestamp.
 * google-benchmark         JSON: a row a run, in nanoseconds; only times.
 *
 * References: bencher.dev, "Bencher Metric Format (BMF)"; benchmark-action/github-action-benchmark,
 * README and src/extractRangeInfo.ts; OpenMetrics 1.0, prometheus.io/docs/specs/om;
 * google/benchmark 1.7.1, tools/gbench/report.py.
 */
#include "history/history_export.h"

#include "base/memory.h"
#include "base/text.h"
#include "history/moment.h"
#include "store/export/export_gbench.h"
#include "store/json_value.h"

#include <math.h>
#include <string.h>

static const double nanoseconds = 1e9;

/* --- What is exported ----------------------------------------------------------------------- */

/* The commit of that name; if there is none, the only one that begins so. */
static bool find_commit(const struct history_content *content, const char *name, size_t *commit,
                        struct error *error)
{
    size_t found = 0;
    for (size_t i = 0; i < content->commit_count; i++) {
        const bool whole = strcmp(content->commits[i], name) == 0;
        if (!whole && strncmp(content->commits[i], name, strlen(name)) != 0)
            continue;
        *commit = i;
        found++;
        if (whole)
            return true;
    }
    if (found > 1)
        return error_usage(error, "--commit %s: %zu commits begin so; give more of its name",
                           text_shown(name), found);
    const char *nearest =
        text_nearest(name, (const char *const *)content->commits, content->commit_count);
    return found == 1 ||
           error_usage(error,
                       "--commit %s: no such commit is recorded here; the last one is %s%s%s",
                       text_shown(name), text_shown(content->commits[content->commit_count - 1]),
                       nearest != NULL ? "; did you mean " : "",
                       nearest != NULL ? text_shown(nearest) : "");
}

/* The last run of a commit, or of all. */
static const struct history_entry *last_run(const struct history_content *content,
                                            const char *commit, size_t number)
{
    size_t run = content->run_count - 1;
    while (commit != NULL && run > 0 && content->runs[run].commit != number)
        run--;
    return &content->runs[run];
}

/* The points of a line that are of the commit; they lie side by side. */
static bool find_sample(const struct commit_values *snapshot, const struct history_line *line,
                        struct commit_value *sample)
{
    const struct history_lines *lines = snapshot->lines;
    *sample = (struct commit_value){.line = line, .first = line->count};
    for (size_t i = 0; i < line->count; i++) {
        if (line_run(lines, line, i)->commit != snapshot->commit)
            continue;
        sample->first = sample->first < i ? sample->first : i;
        sample->last = i;
    }
    return sample->first < line->count;
}

bool commit_values_take(struct commit_values *snapshot, const struct history_lines *lines,
                        const char *commit, struct error *error)
{
    size_t number = 0;
    *snapshot = (struct commit_values){.lines = lines};
    if (commit != NULL && !find_commit(&lines->content, commit, &number, error))
        return false;
    const struct history_entry *run = last_run(&lines->content, commit, number);
    snapshot->commit = run->commit;
    snapshot->machine = run->machine;
    snapshot->group = lines->group[run->machine];
    snapshot->samples = memory_allocate(lines->count, sizeof *snapshot->samples);
    for (size_t i = 0; i < lines->count; i++) {
        struct commit_value sample;
        if (!find_sample(snapshot, &lines->list[i], &sample))
            continue;
        if (lines->list[i].group == snapshot->group)
            snapshot->samples[snapshot->count++] = sample;
        else
            snapshot->elsewhere++;
    }
    return snapshot->count > 0 ||
           error_usage(error,
                       "commit %s has no values of these series on the machine of its last "
                       "run; leave --series out",
                       text_shown(lines->content.commits[snapshot->commit]));
}

void commit_values_clear(struct commit_values *snapshot)
{
    memory_free(snapshot->samples);
    *snapshot = (struct commit_values){0};
}

static const struct history_value *value_of(const struct commit_value *sample)
{
    return sample->line->points[sample->last];
}

static const struct history_series *series_of(const struct commit_values *snapshot,
                                              const struct commit_value *sample)
{
    return line_series(snapshot->lines, sample->line);
}

static const char *commit_of(const struct commit_values *snapshot)
{
    return snapshot->lines->content.commits[snapshot->commit];
}

static bool is_time(const char *unit)
{
    return strcmp(unit, "s") == 0;
}

/* --- Bencher Metric Format ------------------------------------------------------------------ */

static void write_bencher(const struct commit_values *snapshot, FILE *out)
{
    json_t *all = json_value_object();
    for (size_t i = 0; i < snapshot->count; i++) {
        const struct history_value *value = value_of(&snapshot->samples[i]);
        const struct history_series *series = series_of(snapshot, &snapshot->samples[i]);
        const double scale = is_time(series->unit) ? nanoseconds : 1.0;
        json_t *metric = json_value_object(), *measures = json_value_object();
        json_value_set(metric, "value", json_value_real(scale * value->value));
        if (!isnan(value->low)) {
            json_value_set(metric, "lower_value", json_value_real(scale * value->low));
            json_value_set(metric, "upper_value", json_value_real(scale * value->high));
        }
        json_value_set(measures, is_time(series->unit) ? "latency" : series->unit, metric);
        json_value_set(all, series->name, measures);
    }
    json_text_write(all, JSON_VALUE_FLAGS | JSON_INDENT(2), out);
    fputc('\n', out);
    json_decref(all);
}

static const struct history_format format_bencher = {
    .entry = {"bencher", "Bencher Metric Format, for `bencher run --adapter json`"},
    .write = write_bencher};

/* --- github-action-benchmark ---------------------------------------------------------------- */

static void set_range(json_t *object, const struct history_value *value, const char *unit)
{
    char range[64], low[LINE_VALUE], high[LINE_VALUE], extra[3 * LINE_VALUE];
    snprintf(range, sizeof range, "± %.6g", (value->high - value->low) / 2.0);
    snprintf(extra, sizeof extra, "95 %% interval [%s, %s] of %lld values",
             line_value(low, value->low, unit), line_value(high, value->high, unit),
             (long long)value->n);
    json_value_set(object, "range", json_value_text(range));
    json_value_set(object, "extra", json_value_text(extra));
}

static void write_github(const struct commit_values *snapshot, FILE *out)
{
    json_t *all = json_value_array();
    for (size_t i = 0; i < snapshot->count; i++) {
        const struct history_value *value = value_of(&snapshot->samples[i]);
        const struct history_series *series = series_of(snapshot, &snapshot->samples[i]);
        json_t *object = json_value_object();
        json_value_set(object, "name", json_value_text(series->name));
        json_value_set(object, "unit", json_value_text(series->unit));
        json_value_set(object, "value", json_value_real(value->value));
        if (!isnan(value->low))
            set_range(object, value, series->unit);
        json_value_append(all, object);
    }
    json_text_write(all, JSON_VALUE_FLAGS | JSON_INDENT(2), out);
    fputc('\n', out);
    json_decref(all);
}

static const struct history_format format_github = {
    .entry = {"github-action-benchmark", "its JSON, for `tool: customSmallerIsBetter`"},
    .write = write_github};

/* --- OpenMetrics ---------------------------------------------------------------------------- */

static void write_label(const char *name, const char *text, FILE *out)
{
    char *plain = text_escape(text); /* one line of UTF-8 */
    fprintf(out, "%s=\"", name);
    for (const char *byte = plain; *byte != '\0'; byte++) {
        if (*byte == '"' || *byte == '\\')
            fputc('\\', out);
        fputc(*byte, out);
    }
    fputc('"', out);
    memory_free(plain);
}

/* Which of the three numbers of a value. */
enum figure { FIGURE_VALUE, FIGURE_LOW, FIGURE_HIGH };
static const struct {
    const char *name, *help;
} figures[] = {
    {"", "median of a run"},
    {"_low", "lower end of its 95 % interval"},
    {"_high", "upper end of its 95 % interval"},
};

static double figure_of(const struct history_value *value, enum figure figure)
{
    return figure == FIGURE_VALUE ? value->value : figure == FIGURE_LOW ? value->low : value->high;
}

/* Units that OpenMetrics has a word for; the last is for all others. */
static const struct {
    const char *unit, *word;
} words[] = {{"s", "seconds"}, {"bytes", "bytes"}, {NULL, ""}};

static bool is_word_of(size_t word, const char *unit)
{
    if (words[word].unit != NULL)
        return strcmp(words[word].unit, unit) == 0;
    for (size_t i = 0; i < word; i++)
        if (strcmp(words[i].unit, unit) == 0)
            return false;
    return true;
}

static void write_sample(const struct commit_values *snapshot, const struct commit_value *sample,
                         const char *family, double value, FILE *out)
{
    const struct history_series *series = series_of(snapshot, sample);
    const struct history_entry *run = line_run(snapshot->lines, sample->line, sample->last);
    char number[TEXT_NUMBER];
    fprintf(out, "%s{", family);
    write_label("series", series->name, out);
    fputc(',', out);
    write_label("commit", commit_of(snapshot), out);
    fputc(',', out);
    write_label("unit", series->unit, out);
    fprintf(out, "} %s %lld\n", text_from_real(number, value),
            (long long)moment_seconds(run->date));
}

static void write_family(const struct commit_values *snapshot, size_t word, enum figure figure,
                         FILE *out)
{
    char family[64];
    bool begun = false;
    snprintf(family, sizeof family, "descent%s%s%s", figures[figure].name,
             *words[word].word != '\0' ? "_" : "", words[word].word);
    for (size_t i = 0; i < snapshot->count; i++) {
        const struct commit_value *sample = &snapshot->samples[i];
        const double value = figure_of(value_of(sample), figure);
        if (isnan(value) || !is_word_of(word, series_of(snapshot, sample)->unit))
            continue;
        if (!begun) {
            fprintf(out, "# TYPE %s gauge\n", family);
            if (*words[word].word != '\0')
                fprintf(out, "# UNIT %s %s\n", family, words[word].word);
            fprintf(out, "# HELP %s What descent measured: %s.\n", family, figures[figure].help);
        }
        begun = true;
        write_sample(snapshot, sample, family, value, out);
    }
}

static void write_openmetrics(const struct commit_values *snapshot, FILE *out)
{
    for (size_t word = 0; word < sizeof words / sizeof *words; word++)
        for (enum figure figure = FIGURE_VALUE; figure <= FIGURE_HIGH; figure++)
            write_family(snapshot, word, figure, out);
    fputs("# EOF\n", out);
}

static const struct history_format format_openmetrics = {
    .entry = {"openmetrics", "OpenMetrics text: gauges, with series and commit as labels"},
    .write = write_openmetrics};

/* --- Google Benchmark ----------------------------------------------------------------------- */

static json_t *row_json(const struct commit_values *snapshot, const struct commit_value *sample,
                        size_t family, size_t point)
{
    const struct history_series *series = series_of(snapshot, sample);
    const double time = nanoseconds * sample->line->points[point]->value;
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(series->name));
    json_value_set(object, "family_index", json_value_integer((int64_t)family));
    json_value_set(object, "per_family_instance_index", json_value_integer(0));
    json_value_set(object, "run_name", json_value_text(series->name));
    json_value_set(object, "run_type", json_value_text("iteration"));
    json_value_set(object, "repetitions",
                   json_value_integer((int64_t)(sample->last - sample->first + 1)));
    json_value_set(object, "repetition_index",
                   json_value_integer((int64_t)(point - sample->first)));
    json_value_set(object, "threads", json_value_integer(1));
    json_value_set(object, "iterations", json_value_integer(1));
    json_value_set(object, "real_time", json_value_real(time));
    json_value_set(object, "cpu_time", json_value_real(time));
    json_value_set(object, "time_unit", json_value_text("ns"));
    json_value_set(object, "cpu_time_recorded", json_boolean(false));
    return object;
}

static void write_gbench(const struct commit_values *snapshot, FILE *out)
{
    const struct history_lines *lines = snapshot->lines;
    json_t *context = gbench_machine_context(lines->content.machines[snapshot->machine]);
    json_t *all = json_value_object(), *rows = json_value_array();
    json_value_set(context, "descent_history_commit", json_value_text(commit_of(snapshot)));
    for (size_t i = 0; i < snapshot->count; i++) {
        const struct commit_value *sample = &snapshot->samples[i];
        for (size_t p = sample->first; p <= sample->last; p++)
            if (is_time(series_of(snapshot, sample)->unit))
                json_value_append(rows, row_json(snapshot, sample, i, p));
    }
    json_value_set(all, "context", context);
    json_value_set(all, "benchmarks", rows);
    json_text_write(all, JSON_VALUE_FLAGS | JSON_INDENT(2), out);
    fputc('\n', out);
    json_decref(all);
}

static const struct history_format format_gbench = {
    .entry = {"google-benchmark", "Google Benchmark's JSON, a row a run: for its compare.py"},
    .write = write_gbench};

/* --- The table ------------------------------------------------------------------------------ */

static const struct history_format format_text = {.entry = {"text", "show: for people"}};
const struct history_format history_format_json = {.entry = {"json", "show: one JSON object"}};

static const struct entry *const formats[] = {&format_text.entry,        &history_format_json.entry,
                                              &format_bencher.entry,     &format_github.entry,
                                              &format_openmetrics.entry, &format_gbench.entry};
const struct table history_format_table = TABLE("format", formats);
