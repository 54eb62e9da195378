/* SPDX-License-Identifier: MIT
 *
 * Runs are added in the transaction that was begun when the file was opened to write.
 */
#include "base/memory.h"
#include "store/history/history_internal.h"

#include <math.h>
#include <string.h>

void history_run_clear(struct history_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        memory_free(run->points[i].series);
        memory_free(run->points[i].unit);
    }
    memory_free(run->points);
    memory_free(run->commit);
    memory_free(run->date);
    memory_free(run->machine);
    memory_free(run->origin);
    memory_free(run->side);
    *run = (struct history_run){0};
}

/* The number of the row with these texts (count), which is added where it is not there: `insert`
 * leaves one alone that is, `select` finds it. 0: an error. */
static int64_t number_of(struct history_file *history, const char *insert, const char *select,
                         const char *const *texts, int count, struct error *error)
{
    int64_t number = 0;
    const char *const statements[] = {insert, select};
    for (size_t s = 0; s < 2 && error->kind == ERROR_NONE; s++) {
        sqlite3_stmt *statement = history_prepare(history, statements[s], error);
        for (int i = 0; i < count && statement != NULL; i++)
            sqlite3_bind_text(statement, i + 1, texts[i], -1, SQLITE_STATIC);
        if (statement != NULL && history_next(history, statement, error))
            number = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
    }
    return number;
}

/* Binds what a run is known by. */
static void bind_identity(sqlite3_stmt *statement, const struct history_run *run, int64_t revision,
                          int64_t machine)
{
    sqlite3_bind_text(statement, 1, run->origin, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, revision);
    sqlite3_bind_int64(statement, 3, machine);
    sqlite3_bind_text(statement, 4, run->side, -1, SQLITE_STATIC);
}

/* The number of the run; *known: it was there. */
static int64_t run_number(struct history_file *history, const struct history_run *run, bool *known,
                          struct error *error)
{
    int64_t number = 0;
    const char *const commit = run->commit, *const machine = run->machine;
    const int64_t revision = number_of(history, "INSERT OR IGNORE INTO revision (name) VALUES (?)",
                                       "SELECT id FROM revision WHERE name = ?", &commit, 1, error);
    const int64_t of = error->kind != ERROR_NONE
                           ? 0
                           : number_of(history, "INSERT OR IGNORE INTO machine (json) VALUES (?)",
                                       "SELECT id FROM machine WHERE json = ?", &machine, 1, error);
    static const char *const statements[] = {
        "SELECT id FROM run WHERE origin = ? AND revision = ? AND machine = ? AND side = ?",
        "INSERT INTO run (origin, revision, machine, side, date) VALUES (?, ?, ?, ?, ?)"};
    for (size_t s = 0; s < 2 && number == 0 && error->kind == ERROR_NONE; s++) {
        sqlite3_stmt *statement = history_prepare(history, statements[s], error);
        if (statement == NULL)
            break;
        bind_identity(statement, run, revision, of);
        if (s == 1)
            sqlite3_bind_text(statement, 5, run->date, -1, SQLITE_STATIC);
        *known = history_next(history, statement, error);
        if (*known)
            number = sqlite3_column_int64(statement, 0);
        else if (s == 1)
            number = sqlite3_last_insert_rowid(history->db);
        sqlite3_finalize(statement);
    }
    return number;
}

static const char *const add_series = "INSERT OR IGNORE INTO series (name, unit) VALUES (?1, ?2)";

static const char *const add_point =
    "INSERT INTO point (series, run, value, low, high, n)"
    " SELECT id, ?3, ?4, ?5, ?6, ?7 FROM series WHERE name = ?1 AND unit = ?2"
    " ON CONFLICT DO UPDATE SET (value, low, high, n) ="
    " (excluded.value, excluded.low, excluded.high, excluded.n)"
    " WHERE (value, low, high, n) IS NOT"
    " (excluded.value, excluded.low, excluded.high, excluded.n)";

static void bind_series(sqlite3_stmt *statement, const struct history_point *point)
{
    sqlite3_reset(statement);
    sqlite3_bind_text(statement, 1, point->series, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, point->unit, -1, SQLITE_STATIC);
}

static void bind_real(sqlite3_stmt *statement, int at, double value)
{
    if (isnan(value))
        sqlite3_bind_null(statement, at);
    else
        sqlite3_bind_double(statement, at, value);
}

/* Writes the points of a run; *changed counts those that were not there as they are. */
static bool add_points(struct history_file *history, const struct history_run *run, int64_t number,
                       int64_t *changed, struct error *error)
{
    sqlite3_stmt *series = history_prepare(history, add_series, error);
    sqlite3_stmt *statement = series != NULL ? history_prepare(history, add_point, error) : NULL;
    *changed = 0;
    for (size_t i = 0; i < run->count && error->kind == ERROR_NONE; i++) {
        const struct history_point *point = &run->points[i];
        bind_series(series, point);
        bind_series(statement, point);
        sqlite3_bind_int64(statement, 3, number);
        bind_real(statement, 4, point->value);
        bind_real(statement, 5, point->low);
        bind_real(statement, 6, point->high);
        sqlite3_bind_int64(statement, 7, point->n);
        history_next(history, series, error);
        if (error->kind == ERROR_NONE)
            history_next(history, statement, error);
        *changed += sqlite3_changes(history->db);
    }
    sqlite3_finalize(series);
    sqlite3_finalize(statement);
    return error->kind == ERROR_NONE;
}

static bool add_run(struct history_file *history, const struct history_run *run,
                    enum history_outcome *outcome, struct error *error)
{
    bool known = false;
    int64_t changed = 0;
    const int64_t number = run_number(history, run, &known, error);
    if (error->kind != ERROR_NONE || !add_points(history, run, number, &changed, error))
        return false;
    *outcome = !known ? HISTORY_ADDED : changed > 0 ? HISTORY_REPLACED : HISTORY_KNOWN;
    return true;
}

bool history_add(struct history_file *history, const struct history_run *runs, size_t count,
                 enum history_outcome *outcomes, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!add_run(history, &runs[i], &outcomes[i], error))
            return false;
    return history_execute(history, "COMMIT", error);
}
