/* SPDX-License-Identifier: MIT
 *
 * Opening and closing. The journal is SQLite's oldest, a file that is gone after each transaction:
 * there is one transaction a command, and nothing is to be left beside the file.
 */
#include "base/memory.h"
#include "base/output_guard.h"
#include "store/history/history_internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum {
    APPLICATION_HISTORY = 0x64736368, /* "dsch" */
    APPLICATION_STORE = 0x64736374,   /* "dsct": a sweep's */
    BUSY_MILLISECONDS = 10000,        /* another command adds */
};

static const char *const create_tables =
    "PRAGMA application_id = 0x64736368; PRAGMA user_version = 1;"
    "CREATE TABLE machine (id INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);"
    "CREATE TABLE revision (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE series ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " unit TEXT NOT NULL,"
    " UNIQUE (name, unit));"
    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY,"
    " revision INTEGER NOT NULL REFERENCES revision,"
    " machine INTEGER NOT NULL REFERENCES machine,"
    " date TEXT NOT NULL,"   /* UTC */
    " origin TEXT NOT NULL," /* what tells its source from any other */
    " side TEXT NOT NULL,"   /* of a race; '': none */
    " UNIQUE (origin, revision, machine, side));"
    "CREATE TABLE point ("
    " series INTEGER NOT NULL REFERENCES series,"
    " run INTEGER NOT NULL REFERENCES run,"
    " value REAL NOT NULL,"
    " low REAL," /* of its 95 % interval; NULL: it has none */
    " high REAL,"
    " n INTEGER NOT NULL," /* values that it is of */
    " PRIMARY KEY (series, run)) WITHOUT ROWID;";
_Static_assert(HISTORY_VERSION == 1, "create_tables names the version");

/* --- Errors and statements ------------------------------------------------------------------ */

bool history_damaged(const struct history_file *history, const char *what, struct error *error)
{
    return error_usage(error,
                       "%s is damaged: %s; restore a copy, or begin another history from the "
                       "results and races that it was made of",
                       history->path, what);
}

static bool refuse_foreign(const struct history_file *history, struct error *error)
{
    return error_usage(error,
                       "%s: not a history of descent, and left as it is; name another file: "
                       "`descent history add FILE RESULTS` begins one",
                       history->path);
}

bool history_failed(struct history_file *history, struct error *error)
{
    const int code = sqlite3_errcode(history->db), fault = sqlite3_system_errno(history->db);
    const char *said = sqlite3_errmsg(history->db);
    if (code == SQLITE_NOMEM)
        memory_exhausted(1, 1);
    if (code == SQLITE_NOTADB)
        return refuse_foreign(history, error);
    if (code == SQLITE_CORRUPT)
        return history_damaged(history, said, error);
    if (code == SQLITE_BUSY)
        return error_failed(error, "%s is locked by another program; try again when it ends",
                            history->path);
    if (code == SQLITE_CANTOPEN)
        return error_usage(
            error,
            "%s cannot be opened (%s); name a file in a folder that is there and may "
            "be written to",
            history->path, strerror(fault));
    if (code == SQLITE_FULL || (code == SQLITE_IOERR && (fault == ENOSPC || fault == EDQUOT)))
        return error_failed(error,
                            "%s: the disk is full, and nothing was added; free some space and run "
                            "the same command again",
                            history->path);
    return error_failed(error, "%s: %s%s%s", history->path, said, fault != 0 ? ": " : "",
                        fault != 0 ? strerror(fault) : "");
}

bool history_execute(struct history_file *history, const char *sql, struct error *error)
{
    return sqlite3_exec(history->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           history_failed(history, error);
}

sqlite3_stmt *history_prepare(struct history_file *history, const char *sql, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(history->db, sql, -1, &statement, NULL) != SQLITE_OK)
        history_failed(history, error);
    return statement;
}

bool history_next(struct history_file *history, sqlite3_stmt *statement, struct error *error)
{
    const int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        history_failed(history, error);
    return code == SQLITE_ROW;
}

static bool read_number(struct history_file *history, const char *sql, int64_t *number,
                        struct error *error)
{
    sqlite3_stmt *statement = history_prepare(history, sql, error);
    const bool found = statement != NULL && history_next(history, statement, error);
    if (found)
        *number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return found;
}

/* --- Opening -------------------------------------------------------------------------------- */

/* Is it a history that this program reads? `*empty`: nothing was ever written to the file. */
static bool check_file(struct history_file *history, bool *empty, struct error *error)
{
    int64_t application = 0, version = 0, tables = 0;
    if (!read_number(history, "PRAGMA application_id", &application, error) ||
        !read_number(history, "PRAGMA user_version", &version, error) ||
        !read_number(history, "SELECT count(*) FROM sqlite_master", &tables, error))
        return false;
    *empty = application == 0 && version == 0 && tables == 0;
    if (*empty)
        return true;
    if (application == APPLICATION_STORE)
        return error_usage(error,
                           "%s: the store of a sweep, not a history; `descent history add HISTORY "
                           "RESULTS` adds what is in it to one",
                           history->path);
    if (application != APPLICATION_HISTORY || version < 1)
        return refuse_foreign(history, error);
    return version <= HISTORY_VERSION ||
           error_usage(error,
                       "%s: written by a newer descent (version %lld of histories; this one reads "
                       "up to %d); update descent",
                       history->path, (long long)version, HISTORY_VERSION);
}

/* What SQLite would wait for or could not open. */
static bool check_path(const char *path, bool *there, struct error *error)
{
    struct stat facts;
    *there = stat(path, &facts) == 0;
    if (!*there && errno != ENOENT)
        return error_usage(error, "%s: %s", path, strerror(errno));
    return !*there || S_ISREG(facts.st_mode) ||
           error_usage(error, "%s is %s, not a history; name a file, such as history.sqlite", path,
                       S_ISDIR(facts.st_mode) ? "a folder" : "no regular file");
}

static struct history_file *open_file(const char *path, int flags, struct error *error)
{
    struct history_file *history = memory_allocate(1, sizeof *history);
    history->path = memory_copy_text(path);
    output_protect(path);
    if (sqlite3_open_v2(path, &history->db, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(history->db, BUSY_MILLISECONDS) == SQLITE_OK)
        return history;
    if (history->db == NULL)
        memory_exhausted(1, sizeof *history);
    history_failed(history, error);
    history_close(history);
    return NULL;
}

struct history_file *history_open(const char *path, struct error *error)
{
    bool there, empty = false;
    struct history_file *history = NULL;
    if (!check_path(path, &there, error))
        return NULL;
    if (there)
        history = open_file(path, SQLITE_OPEN_READWRITE, error); /* a journal may be waiting */
    else
        error_usage(error, "%s: no history here; `descent history add %s RESULTS` begins one", path,
                    path);
    if (history != NULL && check_file(history, &empty, error) && !empty)
        return history;
    if (history != NULL && empty)
        error_usage(error, "%s: nothing is recorded here yet", path);
    history_close(history);
    return NULL;
}

struct history_file *history_open_to_write(const char *path, struct error *error)
{
    bool there, empty = false;
    if (!check_path(path, &there, error))
        return NULL;
    struct history_file *history =
        open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (history == NULL)
        return NULL;
    if (check_file(history, &empty, error) &&
        history_execute(history, "PRAGMA foreign_keys = ON; BEGIN IMMEDIATE", error) &&
        check_file(history, &empty, error) && /* another command may have been first */
        (!empty || history_execute(history, create_tables, error)))
        return history;
    history_close(history);
    return NULL;
}

void history_close(struct history_file *history)
{
    if (history == NULL)
        return;
    sqlite3_close(history->db); /* rolls back */
    memory_free(history->path);
    memory_free(history);
}
