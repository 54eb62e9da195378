/* SPDX-License-Identifier: MIT
 *
 * Reading all of a history, and checking it: every text is one, every number is in its range, and
 * what a row refers to is there, so that what comes out can be used as an index and divided by.
 */
#include "base/memory.h"
#include "measure/machine/machine_identity.h"
#include "store/history/history_internal.h"

#include <math.h>
#include <string.h>

/* Where the rows of a table have gone: row number `id` is in place `at` of its list. */
struct places {
    size_t count, capacity;
    int64_t *ids; /* (count), ascending */
};

static bool find_place(const struct places *places, int64_t id, size_t *at)
{
    size_t low = 0, high = places->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (places->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    *at = low;
    return low < places->count && places->ids[low] == id;
}

static void add_place(struct places *places, int64_t id)
{
    places->ids =
        memory_grow(places->ids, &places->capacity, places->count + 1, sizeof *places->ids);
    places->ids[places->count++] = id;
}

/* A reading of the file: what is read, and which rows are where. */
struct history_reading {
    struct history_file *history;
    struct history_content *content;
    struct places machines, commits, series, runs;
    size_t capacity; /* of the list at hand */
    struct error *error;
};

static bool damaged(const struct history_reading *reading, const char *what)
{
    return history_damaged(reading->history, what, reading->error);
}

/* The text of a column; NULL, with an error, where it is none. */
static char *take_text(const struct history_reading *reading, sqlite3_stmt *statement, int column,
                       const char *what)
{
    const void *text = NULL;
    if (sqlite3_column_type(statement, column) == SQLITE_TEXT)
        text = sqlite3_column_text(statement, column);
    if (text == NULL || strlen(text) != (size_t)sqlite3_column_bytes(statement, column)) {
        damaged(reading, what);
        return NULL;
    }
    return memory_copy_text(text);
}

static bool take_list(struct history_reading *reading, sqlite3_stmt *statement, char ***list,
                      size_t *count, const char *what)
{
    char *text = take_text(reading, statement, 1, what);
    if (text == NULL)
        return false;
    *list = memory_grow(*list, &reading->capacity, *count + 1, sizeof **list);
    (*list)[(*count)++] = text;
    return true;
}

static bool take_machine(struct history_reading *reading, sqlite3_stmt *statement)
{
    struct history_content *content = reading->content;
    add_place(&reading->machines, sqlite3_column_int64(statement, 0));
    return take_list(reading, statement, &content->machines, &content->machine_count,
                     "a machine is not told in words") &&
           (machine_is_sound(content->machines[content->machine_count - 1]) ||
            damaged(reading, "what is recorded of a machine is no JSON object"));
}

static bool take_commit(struct history_reading *reading, sqlite3_stmt *statement)
{
    struct history_content *content = reading->content;
    add_place(&reading->commits, sqlite3_column_int64(statement, 0));
    return take_list(reading, statement, &content->commits, &content->commit_count,
                     "a commit has no name");
}

static bool take_series(struct history_reading *reading, sqlite3_stmt *statement)
{
    struct history_content *content = reading->content;
    struct history_series series = {.name =
                                        take_text(reading, statement, 1, "a series has no name")};
    if (series.name != NULL)
        series.unit = take_text(reading, statement, 2, "a series has no unit");
    add_place(&reading->series, sqlite3_column_int64(statement, 0));
    content->series = memory_grow(content->series, &reading->capacity, content->series_count + 1,
                                  sizeof *content->series);
    content->series[content->series_count++] = series;
    return reading->error->kind == ERROR_NONE;
}

static bool take_run(struct history_reading *reading, sqlite3_stmt *statement)
{
    struct history_content *content = reading->content;
    struct history_entry run = {0};
    if (!find_place(&reading->commits, sqlite3_column_int64(statement, 1), &run.commit) ||
        !find_place(&reading->machines, sqlite3_column_int64(statement, 2), &run.machine))
        return damaged(reading, "a run is of no commit or machine that is recorded");
    add_place(&reading->runs, sqlite3_column_int64(statement, 0));
    run.date = take_text(reading, statement, 3, "a run has no date");
    if (run.date != NULL)
        run.side = take_text(reading, statement, 4, "the side of a run is not told in words");
    content->runs = memory_grow(content->runs, &reading->capacity, content->run_count + 1,
                                sizeof *content->runs);
    content->runs[content->run_count++] = run;
    return reading->error->kind == ERROR_NONE;
}

/* NULL reads as NaN; so does what is no number. */
static double take_real(sqlite3_stmt *statement, int column)
{
    const int type = sqlite3_column_type(statement, column);
    return type == SQLITE_FLOAT || type == SQLITE_INTEGER ? sqlite3_column_double(statement, column)
                                                          : (double)NAN;
}

/* A time or an amount, which has a logarithm. */
static bool is_amount(double value)
{
    return value > 1e-100 && value < 1e100;
}

static bool take_point(struct history_reading *reading, sqlite3_stmt *statement)
{
    struct history_content *content = reading->content;
    struct history_value point = {.value = take_real(statement, 2),
                                  .low = take_real(statement, 3),
                                  .high = take_real(statement, 4),
                                  .n = sqlite3_column_int64(statement, 5)};
    if (!find_place(&reading->series, sqlite3_column_int64(statement, 0), &point.series) ||
        !find_place(&reading->runs, sqlite3_column_int64(statement, 1), &point.run))
        return damaged(reading, "a value is of no series or run that is recorded");
    const bool bounded = is_amount(point.low) && is_amount(point.high) && point.low <= point.high;
    const bool unbounded = isnan(point.low) && isnan(point.high);
    if (!is_amount(point.value) || !(bounded || unbounded) || point.n < 1)
        return damaged(reading, "a value, its interval or the number that it is of cannot be");
    content->points = memory_grow(content->points, &reading->capacity, content->point_count + 1,
                                  sizeof *content->points);
    content->points[content->point_count++] = point;
    return true;
}

static const struct {
    const char *sql;
    bool (*take)(struct history_reading *reading, sqlite3_stmt *statement);
} tables[] = {
    {"SELECT id, json FROM machine ORDER BY id", take_machine},
    {"SELECT id, name FROM revision ORDER BY id", take_commit},
    {"SELECT id, name, unit FROM series ORDER BY id", take_series},
    {"SELECT id, revision, machine, date, side FROM run ORDER BY id", take_run},
    {"SELECT series, run, value, low, high, n FROM point ORDER BY series, run", take_point},
};

bool history_read(struct history_file *history, struct history_content *content,
                  struct error *error)
{
    struct history_reading reading = {.history = history, .content = content, .error = error};
    *content = (struct history_content){0};
    for (size_t t = 0; t < sizeof tables / sizeof *tables && error->kind == ERROR_NONE; t++) {
        sqlite3_stmt *statement = history_prepare(history, tables[t].sql, error);
        reading.capacity = 0;
        while (statement != NULL && error->kind == ERROR_NONE &&
               history_next(history, statement, error))
            tables[t].take(&reading, statement);
        sqlite3_finalize(statement);
    }
    memory_free(reading.machines.ids);
    memory_free(reading.commits.ids);
    memory_free(reading.series.ids);
    memory_free(reading.runs.ids);
    return error->kind == ERROR_NONE;
}

static void clear_list(char **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memory_free(list[i]);
    memory_free(list);
}

void history_content_clear(struct history_content *content)
{
    clear_list(content->machines, content->machine_count);
    clear_list(content->commits, content->commit_count);
    for (size_t i = 0; i < content->series_count; i++) {
        memory_free(content->series[i].name);
        memory_free(content->series[i].unit);
    }
    for (size_t i = 0; i < content->run_count; i++) {
        memory_free(content->runs[i].date);
        memory_free(content->runs[i].side);
    }
    memory_free(content->series);
    memory_free(content->runs);
    memory_free(content->points);
    *content = (struct history_content){0};
}
