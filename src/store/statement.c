/* SPDX-License-Identifier: MIT
 *
 * The statements of the store, and what SQLite's errors mean to a user.
 *
 * A statement is prepared when it is first used and kept until the store is closed: recording a
 * trial costs binding and stepping, never parsing.
 */
#include "store/store_internal.h"

#include "base/memory.h"
#include "store/rules.h"
#include "store/trial_row.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#define NAME(name_) ", " #name_
#define MARK(name_) ",?"
#define POINT "(?,?" TRACE_VALUES(MARK) ")"
#define FOUR_POINTS POINT "," POINT "," POINT "," POINT
#define ADD_POINTS "INSERT INTO trace (trial, epoch" TRACE_VALUES(NAME) ") VALUES "

/* What is the same is not written again: a sweep with nothing to do does not wait for the disk. */
#define SWEEP_COLUMNS                                                                              \
    "name, question, path, text, by_axis, metric, digest, repeats, finals, folder, targets"
#define SWEEP_EXCLUDED                                                                             \
    "excluded.name, excluded.question, excluded.path, excluded.text, excluded.by_axis,"            \
    " excluded.metric, excluded.digest, excluded.repeats, excluded.finals, excluded.folder,"       \
    " excluded.targets"
#define RUNG_COLUMNS "epoch, criterion, value, pool, place, candidates, kept, fate"
#define RUNG_EXCLUDED                                                                              \
    "excluded.epoch, excluded.criterion, excluded.value, excluded.pool, excluded.place,"           \
    " excluded.candidates, excluded.kept, excluded.fate"

#define OF_CHECKPOINT " FROM checkpoint WHERE configuration = ? AND final = ? AND repeat = ?"

static const char *const statement_sql[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_BEGIN_READING] = "BEGIN",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_COUNT_TRIALS] = "SELECT count(*) FROM trial",
    [STATEMENT_SET_SWEEP] = "INSERT INTO sweep (id, " SWEEP_COLUMNS ")"
                            " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            " ON CONFLICT (id) DO UPDATE SET (" SWEEP_COLUMNS ") ="
                            " (" SWEEP_EXCLUDED ")"
                            " WHERE (" SWEEP_COLUMNS ") IS NOT (" SWEEP_EXCLUDED ")",
    [STATEMENT_SWEEP_DIGEST] = "SELECT digest FROM sweep",
    [STATEMENT_READ_SWEEP] =
        "SELECT name, question, path, text, by_axis, metric, repeats, finals FROM sweep",
    [STATEMENT_READ_FOLDER] = "SELECT folder FROM sweep",
    [STATEMENT_READ_TARGETS] = "SELECT targets FROM sweep",
    [STATEMENT_LIST_MACHINES] = "SELECT id, json FROM machine ORDER BY id",
    [STATEMENT_ADD_MACHINE] = "INSERT INTO machine (json) VALUES (?)",
    [STATEMENT_COMPLETE_MACHINE] = "UPDATE OR IGNORE machine SET json = ? WHERE id = ?",
    [STATEMENT_READ_MACHINE] = "SELECT json FROM machine WHERE id = ?",
    [STATEMENT_FIND_DATA] = "SELECT id FROM data WHERE description = ? AND digest = ?",
    [STATEMENT_ADD_DATA] = "INSERT INTO data"
                           " (description, digest, rows, features, class_0, class_1)"
                           " VALUES (?, ?, ?, ?, ?, ?)",
    [STATEMENT_OTHER_DATA] = "SELECT 1 FROM data WHERE description = ? AND digest <> ?",
    [STATEMENT_FIND_CONFIGURATION] = "SELECT id FROM configuration WHERE key = ?",
    [STATEMENT_ADD_CONFIGURATION] = NULL, /* names every hyper-parameter: schema.c */
    [STATEMENT_MOVE_CONFIGURATION] = "UPDATE configuration SET data = ?1"
                                     " WHERE id = ?2 AND data <> ?1",
    [STATEMENT_CLEAR_PLAN] = "DELETE FROM plan",
    [STATEMENT_ADD_PLAN] = "INSERT INTO plan (position, configuration) VALUES (?, ?)"
                           " ON CONFLICT (configuration) DO NOTHING",
    [STATEMENT_COUNT_PLAN] = "SELECT count(*) FROM plan",
    [STATEMENT_FIND_PLAN] = "SELECT position FROM plan WHERE configuration = ? AND mine = 1",
    [STATEMENT_LEAVE_PLAN] = "UPDATE plan SET mine = 0 WHERE configuration = ?",
    [STATEMENT_READ_PLAN] = "SELECT configuration FROM plan ORDER BY position",
    [STATEMENT_FIND_TRIAL] = "SELECT status, digest, machine, models, kernel, attempt,"
                             " disturbed <> '', id, epochs, train_seconds FROM trial"
                             " WHERE configuration = ? AND final = ? AND repeat = ?"
                             " ORDER BY attempt DESC LIMIT 1",
    [STATEMENT_FIND_START] = "SELECT start FROM trial"
                             " WHERE configuration = ? AND final = ? AND repeat = ?"
                             " ORDER BY attempt DESC LIMIT 1",
    [STATEMENT_READ_SOLUTION] = "SELECT weights, bias FROM trial"
                                " WHERE configuration = ? AND final = ? AND repeat = ?"
                                " ORDER BY attempt DESC LIMIT 1",
    [STATEMENT_FIND_ATTEMPT] = "SELECT id, status, digest, shared FROM trial"
                               " WHERE configuration = ? AND final = ? AND repeat = ?"
                               " AND attempt = ?",
    [STATEMENT_LIST_TRIALS] = "SELECT t.id AS id, t.configuration AS configuration,"
                              " t.final AS final, t.repeat AS repeat, t.attempt AS attempt,"
                              " t.status AS status, t.digest AS digest, t.shared AS shared,"
                              " c.solver AS 'configuration.solver',"
                              " c.threads AS 'configuration.threads'"
                              " FROM trial t JOIN configuration c ON c.id = t.configuration"
                              " ORDER BY t.id",
    [STATEMENT_FORGET_TRIAL] = "DELETE FROM trial"
                               " WHERE configuration = ? AND final = ? AND repeat = ?"
                               " AND attempt = ?",
    [STATEMENT_SET_ZOOM] = "UPDATE plan SET zoom = ?1 WHERE configuration = ?2 AND zoom <> ?1",
    [STATEMENT_READ_FINALISTS] = "SELECT final, configuration FROM finalist"
                                 " WHERE final = (SELECT max(final) FROM finalist)"
                                 " ORDER BY configuration",
    [STATEMENT_LIST_FINALISTS] = "SELECT configuration FROM finalist WHERE final = ?",
    [STATEMENT_ADD_FINALIST] = "INSERT INTO finalist (final, configuration) VALUES (?, ?)",
    [STATEMENT_ADD_TRIAL] = NULL, /* names every column: trial_row.c */
    [STATEMENT_FIND_OPTIMUM] = "SELECT status, objective, gradient_norm, bound, steps, seconds,"
                               " reason FROM optimum WHERE digest = ? AND lambda = ?",
    [STATEMENT_ADD_OPTIMUM] = "INSERT OR REPLACE INTO optimum (digest, lambda, status, objective,"
                              " gradient_norm, bound, steps, seconds, reason)"
                              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_LAST_SHARED] = "SELECT max(shared) AS shared FROM trial",
    [STATEMENT_ADD_POINTS] = ADD_POINTS FOUR_POINTS "," FOUR_POINTS "," FOUR_POINTS "," FOUR_POINTS,
    [STATEMENT_ADD_POINT] = ADD_POINTS POINT,
    [STATEMENT_FORGET_STATUS] = "DELETE FROM trial WHERE status = ?",
    [STATEMENT_READ_TRIALS] = NULL, /* names every column: trial_row.c */
    [STATEMENT_READ_TRACE] =
        "SELECT epoch" TRACE_VALUES(NAME) " FROM trace WHERE trial = ? ORDER BY epoch",
    [STATEMENT_READ_DESCENT] = "SELECT epoch, seconds, objective FROM trace WHERE trial = ?"
                               " ORDER BY epoch",
    [STATEMENT_ADD_PHASE] = "INSERT INTO phase (trial, phase, seconds, flops, bytes)"
                            " VALUES (?, ?, ?, ?, ?)",
    [STATEMENT_ADD_PHASE_THREAD] = "INSERT INTO phase_thread (trial, thread, work, wait)"
                                   " VALUES (?, ?, ?, ?)",
    [STATEMENT_ADD_COUNTER] = "INSERT INTO counter (trial, name, value) VALUES (?, ?, ?)",
    [STATEMENT_ADD_CEILING] = "INSERT INTO ceiling (machine, threads, kind, bytes, level, value)"
                              " VALUES (?, ?, ?, ?, ?, ?)",
    [STATEMENT_FORGET_CEILINGS] = "DELETE FROM ceiling WHERE machine = ? AND threads = ?",
    [STATEMENT_ADD_REMARK] = "INSERT OR REPLACE INTO remark (machine, about, text)"
                             " VALUES (?, ?, ?)",
    [STATEMENT_READ_PHASES] = "SELECT phase, seconds, flops, bytes FROM phase WHERE trial = ?",
    [STATEMENT_READ_PHASE_THREADS] = "SELECT work, wait FROM phase_thread WHERE trial = ?"
                                     " ORDER BY thread",
    [STATEMENT_READ_COUNTERS] = "SELECT name, value FROM counter WHERE trial = ?",
    [STATEMENT_READ_CEILINGS] = "SELECT threads, kind, bytes, level, value FROM ceiling"
                                " WHERE machine = ? ORDER BY threads, kind, bytes",
    [STATEMENT_READ_REMARKS] = "SELECT about, text FROM remark WHERE machine = ? ORDER BY about",
    [STATEMENT_ADD_EXCHANGE] = "INSERT OR REPLACE INTO exchange"
                               " (machine, ranks, per_host, bytes, seconds, any_seconds)"
                               " VALUES (?, ?, ?, ?, ?, ?)",
    [STATEMENT_READ_EXCHANGE] = "SELECT ranks, per_host, bytes, seconds, any_seconds FROM exchange"
                                " WHERE machine = ? ORDER BY ranks, bytes",
    [STATEMENT_CUT_TRIAL] = "UPDATE trial SET status = ? WHERE id = ?",
    [STATEMENT_ADD_RUNG] =
        "INSERT INTO rung (configuration, rung, " RUNG_COLUMNS ")"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (configuration, rung) DO UPDATE SET (" RUNG_COLUMNS ") ="
        " (" RUNG_EXCLUDED ") WHERE (" RUNG_COLUMNS ") IS NOT (" RUNG_EXCLUDED ")",
    [STATEMENT_READ_RUNGS] = "SELECT r.configuration, r.rung, r.epoch, r.criterion, r.value,"
                             " r.pool, r.place, r.candidates, r.kept, r.fate"
                             " FROM rung r JOIN plan p ON p.configuration = r.configuration"
                             " ORDER BY r.pool, r.rung, r.place, p.position",
    [STATEMENT_FORGET_RUNG] = "DELETE FROM rung WHERE configuration = ? AND rung = ?",
    [STATEMENT_FORGET_RUNGS] = "DELETE FROM rung WHERE configuration = ? AND rung >= ?",
    [STATEMENT_CLEAR_RUNGS] = "DELETE FROM rung",
    [STATEMENT_SET_PLACEMENT] = "INSERT OR REPLACE INTO placement"
                                " (machine, models, threads, side_by_side, seconds, digest)"
                                " VALUES (?, ?, ?, ?, ?, ?)",
    [STATEMENT_FIND_PLACEMENT] = "SELECT models, threads, side_by_side, seconds, digest"
                                 " FROM placement WHERE machine = ?",
    [STATEMENT_SET_CHECKPOINT] = "INSERT OR REPLACE INTO checkpoint"
                                 " (configuration, final, repeat, machine, epoch, continued,"
                                 " snapshot) VALUES (?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_FIND_CHECKPOINT] = "SELECT machine, epoch, continued" OF_CHECKPOINT,
    [STATEMENT_READ_CHECKPOINT] = "SELECT machine, epoch, continued, snapshot" OF_CHECKPOINT,
    [STATEMENT_FORGET_CHECKPOINT] = "DELETE" OF_CHECKPOINT,
};

/* The table whose columns a statement gives, where it does not name it with them: their values are
 * checked. Those that give none, or only counts, have none. */
static const char *const statement_tables[STATEMENT_COUNT] = {
    [STATEMENT_READ_SWEEP] = "sweep",
    [STATEMENT_READ_FOLDER] = "sweep",
    [STATEMENT_READ_TARGETS] = "sweep",
    [STATEMENT_SWEEP_DIGEST] = "sweep",
    [STATEMENT_LIST_MACHINES] = "machine",
    [STATEMENT_READ_MACHINE] = "machine",
    [STATEMENT_FIND_DATA] = "data",
    [STATEMENT_FIND_CONFIGURATION] = "configuration",
    [STATEMENT_READ_PLAN] = "plan",
    [STATEMENT_FIND_TRIAL] = "trial",
    [STATEMENT_FIND_START] = "trial",
    [STATEMENT_READ_SOLUTION] = "trial",
    [STATEMENT_FIND_ATTEMPT] = "trial",
    [STATEMENT_LIST_TRIALS] = "trial",
    [STATEMENT_READ_FINALISTS] = "finalist",
    [STATEMENT_LIST_FINALISTS] = "finalist",
    [STATEMENT_FIND_OPTIMUM] = "optimum",
    [STATEMENT_LAST_SHARED] = "trial",
    [STATEMENT_READ_TRACE] = "trace",
    [STATEMENT_READ_DESCENT] = "trace",
    [STATEMENT_READ_PHASES] = "phase",
    [STATEMENT_READ_PHASE_THREADS] = "phase_thread",
    [STATEMENT_READ_COUNTERS] = "counter",
    [STATEMENT_READ_CEILINGS] = "ceiling",
    [STATEMENT_READ_REMARKS] = "remark",
    [STATEMENT_READ_EXCHANGE] = "exchange",
    [STATEMENT_FIND_PLACEMENT] = "placement",
    [STATEMENT_READ_RUNGS] = "rung",
    [STATEMENT_FIND_CHECKPOINT] = "checkpoint",
    [STATEMENT_READ_CHECKPOINT] = "checkpoint",
};

/* What the system said, when SQLite could not write: nothing is left to write on, or no more may be
 * written. */
static bool disk_is_full(int code, int system_error)
{
    return (code & 0xff) == SQLITE_FULL ||
           ((code & 0xff) == SQLITE_IOERR &&
            (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG));
}

/* How many trials are recorded, after a failure: a second failure must not hide the first. */
static int64_t count_safe_trials(struct store *store)
{
    int64_t count = 0;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, statement_sql[STATEMENT_COUNT_TRIALS], -1, &statement,
                           NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return count;
}

bool store_failed(struct store *store, struct error *error)
{
    int code = sqlite3_extended_errcode(store->db);
    int system_error = sqlite3_system_errno(store->db);
    if (system_error == 0) /* SQLite does not keep it when a commit fails */
        system_error = errno;
    if ((code & 0xff) == SQLITE_NOMEM)
        memory_exhausted(1, 1);
    char *said = memory_copy_text(sqlite3_errmsg(store->db));
    store->failure = code & 0xff;
    store_rollback(store);

    if (disk_is_full(code, system_error))
        error_failed(error,
                     "%s: the disk is full (or the file-size limit is reached); %lld trials are "
                     "safe; free some space and run the same command again",
                     store->folder, (long long)count_safe_trials(store));
    else if (store->failure == SQLITE_NOTADB)
        error_usage(error, "%s/store.sqlite: not a store of descent", store->folder);
    else if (store->failure == SQLITE_CORRUPT)
        error_usage(error,
                    "%s/store.sqlite is damaged (%s); restore a copy, or use --fresh to start over",
                    store->folder, said);
    else if (store->failure == SQLITE_BUSY)
        error_failed(error, "%s/store.sqlite is locked by another program; try again when it ends",
                     store->folder);
    else if (store->failure == SQLITE_IOERR)
        error_failed(error, "%s/store.sqlite: %s: %s", store->folder, said, strerror(system_error));
    else
        error_failed(error, "%s/store.sqlite: %s", store->folder, said);
    memory_free(said);
    return false;
}

bool store_execute(struct store *store, const char *sql, struct error *error)
{
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return store_failed(store, error);
}

/* The text of a statement; `*owned` is what to free of it afterwards. NULL on error. */
static const char *compose(struct store *store, enum statement name, char **owned,
                           struct error *error)
{
    if (statement_sql[name] != NULL)
        return statement_sql[name];
    if (name == STATEMENT_ADD_CONFIGURATION)
        return *owned = schema_sql_add_configuration();
    if (name == STATEMENT_ADD_TRIAL)
        return *owned = trial_row_sql_add();
    return *owned = trial_row_sql_read(store, error);
}

static sqlite3_stmt *prepare(struct store *store, enum statement name, struct error *error)
{
    if (store->statements[name] != NULL)
        return store->statements[name];
    char *owned = NULL;
    const char *sql = compose(store, name, &owned, error);
    if (sql != NULL && sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                          &store->statements[name], NULL) != SQLITE_OK)
        store_failed(store, error);
    memory_free(owned);
    if (store->statements[name] != NULL) {
        store->rules[name] = memory_allocate(1, sizeof *store->rules[name]);
        *store->rules[name] = rules_find(store->statements[name], statement_tables[name]);
    }
    return store->statements[name];
}

void store_finalize(struct store *store)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
        if (store->rules[i] != NULL)
            memory_free(store->rules[i]->columns);
        memory_free(store->rules[i]);
        store->rules[i] = NULL;
    }
}

static int bind(sqlite3_stmt *statement, int position, const struct cell *cell)
{
    switch (cell->type) {
    case CELL_NULL:
        return sqlite3_bind_null(statement, position);
    case CELL_INTEGER:
        return sqlite3_bind_int64(statement, position, cell->integer);
    case CELL_REAL:
        return sqlite3_bind_double(statement, position, cell->real);
    case CELL_TEXT:
        return sqlite3_bind_text(statement, position, cell->data, -1, SQLITE_STATIC);
    case CELL_BLOB:
        return sqlite3_bind_blob64(statement, position, cell->data, cell->bytes, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

sqlite3_stmt *store_query(struct store *store, enum statement name, const struct cell *cells,
                          size_t count, struct error *error)
{
    sqlite3_stmt *statement = prepare(store, name, error);
    if (statement == NULL)
        return NULL;
    assert(sqlite3_bind_parameter_count(statement) == (int)count);
    for (size_t i = 0; i < count; i++)
        if (bind(statement, (int)i + 1, &cells[i]) != SQLITE_OK) {
            store_failed(store, error);
            return NULL;
        }
    return statement;
}

/* The rules of a kept statement; NULL for another. */
static const struct rules *rules_of(const struct store *store, const sqlite3_stmt *statement)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        if (store->statements[i] == statement)
            return store->rules[i];
    return NULL;
}

bool store_next(struct store *store, sqlite3_stmt *statement, struct error *error)
{
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        const struct rules *rules = rules_of(store, statement);
        if (rules == NULL || rules_check(rules, statement, store, error))
            return true;
    } else if (code != SQLITE_DONE) {
        store_failed(store, error);
    }
    sqlite3_reset(statement);
    return false;
}

bool store_run(struct store *store, enum statement name, const struct cell *cells, size_t count,
               struct error *error)
{
    sqlite3_stmt *statement = store_query(store, name, cells, count, error);
    if (statement == NULL)
        return false;
    store_next(store, statement, error);
    return error->kind == ERROR_NONE;
}

bool store_ask(struct store *store, enum statement name, const struct cell *cells, size_t count,
               int64_t *value, struct error *error)
{
    sqlite3_stmt *statement = store_query(store, name, cells, count, error);
    if (statement == NULL)
        return false;
    if (store_next(store, statement, error))
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

bool store_number(struct store *store, const char *sql, int64_t *number, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    bool done = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    if (done)
        *number = sqlite3_column_int64(statement, 0);
    else
        store_failed(store, error);
    sqlite3_finalize(statement);
    return done;
}

double column_real(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return NAN;
    return sqlite3_column_double(statement, column);
}

const char *column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text != NULL ? (const char *)text : "";
}
