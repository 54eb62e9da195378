/* SPDX-License-Identifier: MIT
 *
 * What `history show` prints: of each line how many runs it has, its last value, the level that it
 * has reached, and its last change; then all changes.
 */
#include "history/history_text.h"

#include "base/memory.h"
#include "base/text.h"
#include "history/moment.h"
#include "report/quantity.h"
#include "report/text_table.h"

#include <math.h>
#include <string.h>

static const struct text_column columns[] = {
    {.header = "runs", .type = COLUMN_NUMBER},
    {.header = "last", .type = COLUMN_NUMBER},
    {.header = "95 % interval", .type = COLUMN_TEXT},
    {.header = "level", .type = COLUMN_NUMBER},
    {.header = "scatter", .type = COLUMN_NUMBER},
    {.header = "last change", .type = COLUMN_TEXT},
    {.header = "series", .type = COLUMN_TEXT}, /* names are long */
};

/* "[1.20 ms, 1.27 ms]"; "-" where there is none. */
static void write_interval(struct text_table *table, double low, double high, const char *unit)
{
    char from[LINE_VALUE], to[LINE_VALUE];
    if (isnan(low))
        text_table_cell(table, "-");
    else
        text_table_cell(table, "[%s, %s]", line_value(from, low, unit), line_value(to, high, unit));
}

static void write_last_change(struct text_table *table, const struct history_lines *lines,
                              const struct history_line *line)
{
    const struct change_points *changes = &line->changes;
    char change[LINE_VALUE];
    if (line->count < CHANGE_RUNS_LEAST) {
        text_table_cell(table, "(from %d runs on)", CHANGE_RUNS_LEAST);
        return;
    }
    if (changes->count == 0) {
        text_table_cell(table, "none");
        return;
    }
    const struct change_point *point = &changes->points[changes->count - 1];
    text_table_cell(table, "%s since %s",
                    line_change(change, point->ratio, line_series(lines, line)->unit),
                    text_shown(line_commit(lines, line, point->first)));
}

static void write_line(struct text_table *table, const struct history_lines *lines,
                       const struct history_line *line)
{
    const struct history_value *last = line->points[line->count - 1];
    const struct history_series *series = line_series(lines, line);
    char value[LINE_VALUE], share[QUANTITY_TEXT];
    text_table_cell(table, "%zu", line->count);
    text_table_cell(table, "%s", line_value(value, last->value, series->unit));
    write_interval(table, last->low, last->high, series->unit);
    text_table_cell(table, "%s", line_value(value, line->changes.level, series->unit));
    text_table_cell(table, "%s", quantity_share(share, line->changes.scatter, 1));
    write_last_change(table, lines, line);
    text_table_cell(table, "%s", text_shown(series->name));
}

static void print_table(const struct history_lines *lines, size_t group, FILE *out)
{
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < lines->count; i++)
        if (lines->list[i].group == group)
            write_line(table, lines, &lines->list[i]);
    text_table_print(table, 0, out);
    text_table_free(table);
}

/* Where else it may have begun. */
static void print_place(const struct history_lines *lines, const struct history_line *line,
                        const struct change_point *point, FILE *out)
{
    const char *from = line_commit(lines, line, point->earliest);
    const char *to = line_commit(lines, line, point->latest);
    if (strcmp(from, to) != 0)
        fprintf(out, ", at the earliest %s, at the latest %s", text_shown(from), text_shown(to));
}

static void print_change(const struct history_lines *lines, const struct history_line *line,
                         const struct change_point *point, FILE *out)
{
    const struct history_series *series = line_series(lines, line);
    const bool more = point->ratio > 1.0; /* the interval is told in the same direction */
    char change[LINE_VALUE], low[QUANTITY_TEXT], high[QUANTITY_TEXT];
    fprintf(out, "  %s  %.*s  %s [%s, %s]", text_shown(line_commit(lines, line, point->first)),
            MOMENT_DAY, text_shown(line_run(lines, line, point->first)->date),
            line_change(change, point->ratio, series->unit),
            quantity_share(low, more ? point->low - 1.0 : 1.0 - point->high, 1),
            quantity_share(high, more ? point->high - 1.0 : 1.0 - point->low, 1));
    print_place(lines, line, point, out);
    fprintf(out, ": %s\n", text_shown(series->name));
}

static void print_changes(const struct history_lines *lines, size_t group, FILE *out)
{
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++)
        for (size_t c = 0; lines->list[i].group == group && c < lines->list[i].changes.count; c++) {
            fputs(count++ == 0 ? "\nChanges\n" : "", out);
            print_change(lines, &lines->list[i], &lines->list[i].changes.points[c], out);
        }
}

static bool has_lines(const struct history_lines *lines, size_t group)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->list[i].group == group)
            return true;
    return false;
}

/* What tells the groups apart; what only some of their records know is said, too. */
static void print_groups(const struct history_lines *lines, FILE *out)
{
    char *words = comparability_differences(lines->groups.keys, lines->groups.count);
    if (lines->groups.count > 1) {
        fprintf(out, "Machines  %zu, whose times are not compared with each other: %s\n",
                lines->groups.count, words);
    }
    memory_free(words);
}

void history_print(const struct history_lines *lines, const char *path, FILE *out)
{
    const struct history_content *content = &lines->content;
    char runs[QUANTITY_TEXT], commits[QUANTITY_TEXT];
    fprintf(out, "%s: %s of %s\n", text_shown(path),
            quantity_count(runs, content->run_count, "run"),
            quantity_count(commits, content->commit_count, "commit"));
    print_groups(lines, out);
    for (size_t group = 0; group < lines->groups.count; group++) {
        if (!has_lines(lines, group))
            continue;
        fputc('\n', out);
        if (lines->groups.count > 1)
            fprintf(out, "Machine %zu\n", group + 1);
        print_table(lines, group, out);
        print_changes(lines, group, out);
    }
}
