/* SPDX-License-Identifier: MIT
 *
 * What sums over ranks took. The table is made when it is first written: a store of a sweep in one
 * process has none.
 */
#include "base/memory.h"
#include "store/store_internal.h"
#include "store/store_profile.h"

static const char *const create_table =
    "CREATE TABLE IF NOT EXISTS exchange ("
    " machine INTEGER NOT NULL REFERENCES machine,"
    " ranks INTEGER NOT NULL,"
    " per_host INTEGER NOT NULL," /* the most of them on one host */
    " bytes REAL NOT NULL,"       /* summed */
    " seconds REAL,"              /* in the fixed tree */
    " any_seconds REAL,"          /* by MPI_Allreduce */
    " PRIMARY KEY (machine, ranks, bytes)) WITHOUT ROWID";
static const char *const add_row = "INSERT OR REPLACE INTO exchange"
                                   " (machine, ranks, per_host, bytes, seconds, any_seconds)"
                                   " VALUES (?, ?, ?, ?, ?, ?)";
static const char *const find_table = "SELECT 1 FROM sqlite_master WHERE name = 'exchange'";
static const char *const read_rows =
    "SELECT ranks, per_host, bytes, seconds, any_seconds FROM exchange"
    " WHERE machine = ? ORDER BY ranks, bytes";

static sqlite3_stmt *prepare(struct store *store, const char *sql, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        store_failed(store, error);
    return statement;
}

static bool add_one(struct store *store, sqlite3_stmt *statement, int64_t machine,
                    const struct exchange_sample *sample, struct error *error)
{
    sqlite3_bind_int64(statement, 1, machine);
    sqlite3_bind_int64(statement, 2, sample->ranks);
    sqlite3_bind_int64(statement, 3, sample->per_host);
    sqlite3_bind_double(statement, 4, sample->bytes);
    sqlite3_bind_double(statement, 5, sample->seconds);
    sqlite3_bind_double(statement, 6, sample->any_seconds);
    store_next(store, statement, error);
    return error->kind == ERROR_NONE;
}

bool store_add_exchange(struct store *store, int64_t machine, const struct exchange_sample *samples,
                        size_t count, struct error *error)
{
    bool own = sqlite3_get_autocommit(store->db) != 0;
    bool done = (!own || store_begin(store, error)) && store_execute(store, create_table, error);
    sqlite3_stmt *statement = done ? prepare(store, add_row, error) : NULL;
    done = done && statement != NULL;
    for (size_t i = 0; i < count && done; i++)
        done = add_one(store, statement, machine, &samples[i], error);
    sqlite3_finalize(statement);
    done = done && (!own || store_commit(store, error));
    if (!done && own)
        store_rollback(store);
    return done;
}

static bool has_table(struct store *store, struct error *error)
{
    sqlite3_stmt *statement = prepare(store, find_table, error);
    bool there = statement != NULL && store_next(store, statement, error);
    sqlite3_finalize(statement);
    return there;
}

bool store_read_exchange(struct store *store, int64_t machine, struct exchange_sample **list,
                         size_t *count, struct error *error)
{
    size_t capacity = 0;
    *list = NULL;
    *count = 0;
    if (!has_table(store, error))
        return error->kind == ERROR_NONE;
    sqlite3_stmt *statement = prepare(store, read_rows, error);
    if (statement != NULL)
        sqlite3_bind_int64(statement, 1, machine);
    while (statement != NULL && store_next(store, statement, error)) {
        *list = memory_grow(*list, &capacity, *count + 1, sizeof **list);
        (*list)[(*count)++] = (struct exchange_sample){
            .ranks = sqlite3_column_int64(statement, 0),
            .per_host = sqlite3_column_int64(statement, 1),
            .bytes = column_real(statement, 2),
            .seconds = column_real(statement, 3),
            .any_seconds = column_real(statement, 4),
        };
    }
    sqlite3_finalize(statement);
    if (error->kind == ERROR_NONE)
        return true;
    memory_free(*list);
    *list = NULL;
    return false;
}
