/* SPDX-License-Identifier: MIT
 *
 * Reading traces: the points of one trial, which lie side by side in the file.
 */
#include "base/memory.h"
#include "store/rules.h"
#include "store/store_internal.h"

#include <inttypes.h>

bool store_check_clock(const struct store *store, int64_t trial, int64_t epoch, double seconds,
                       double before, struct error *error)
{
    return (seconds >= before && (seconds > 0.0 || epoch == 0)) ||
           store_damaged(store, error,
                         "trial %" PRId64 " has used %g seconds at epoch %" PRId64
                         ", where %s was expected; its clock stood still, or was changed",
                         trial, seconds, epoch,
                         before > 0.0 ? "no less than before" : "a time > 0");
}

/* A row of STATEMENT_READ_TRACE. */
static struct trace_point read_point(sqlite3_stmt *statement)
{
    struct trace_point point = {.epoch = sqlite3_column_int64(statement, 0)};
    for (int v = 0; v < TRACE_VALUE_COUNT; v++)
        *trace_value(&point, (size_t)v) = column_real(statement, 1 + v);
    return point;
}

/* A row of STATEMENT_READ_DESCENT. */
static struct trace_point read_objective(sqlite3_stmt *statement)
{
    return (struct trace_point){
        .epoch = sqlite3_column_int64(statement, 0),
        .seconds = column_real(statement, 1),
        .objective = column_real(statement, 2),
    };
}

static bool read_points(struct store *store, enum statement name,
                        struct trace_point (*read)(sqlite3_stmt *), int64_t trial,
                        struct trace *trace, struct error *error)
{
    *trace = (struct trace){0};
    const struct cell cells[] = {cell_integer(trial)};
    sqlite3_stmt *statement = store_query(store, name, cells, 1, error);
    double before = 0.0; /* the time of the last point */
    if (statement == NULL)
        return false;
    while (store_next(store, statement, error)) {
        struct trace_point point = read(statement);
        if (!store_check_clock(store, trial, point.epoch, point.seconds, before, error))
            break;
        before = point.seconds;
        trace_append(trace, point);
    }
    sqlite3_reset(statement);
    if (error->kind == ERROR_NONE)
        return true;
    memory_free(trace->points);
    *trace = (struct trace){0};
    return false;
}

bool store_read_trace(struct store *store, int64_t trial, struct trace *trace, struct error *error)
{
    return read_points(store, STATEMENT_READ_TRACE, read_point, trial, trace, error);
}

bool store_read_descent(struct store *store, int64_t trial, struct trace *trace,
                        struct error *error)
{
    return read_points(store, STATEMENT_READ_DESCENT, read_objective, trial, trace, error);
}
