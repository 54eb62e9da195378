/* SPDX-License-Identifier: MIT
 *
 * The tables. `configuration` has one column for each row of hyperparameters[], NULL where the row
 * does not apply, and `trial` one for each that trial_columns[] gives it. These columns are always
 * found by name, so that a store written before one of them existed can still be read and written:
 * what is missing is the default, or was not measured.
 *
 * `trace` is kept in the order of its key (WITHOUT ROWID), so that the points of a trial lie side
 * by side and are appended at the end of the tree. Real numbers: infinity is stored as such, NaN as
 * NULL, because SQLite has no other way. The final weights are a blob of doubles of this machine's
 * byte order.
 */
#include "store/store_internal.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "store/hyperparameter_cell.h"
#include "store/place.h"
#include "store/trial_row.h"

#include <stdio.h>
#include <string.h>

/* "dsct" and the version say what file this is, to us and to file(1). Versions are counted from
 * VERSION_BASE: development before 0.1 wrote smaller ones. */
#define IDENTITY "PRAGMA application_id = 0x64736374; PRAGMA user_version = 102;"
enum { VERSION_BASE = 101 };
_Static_assert(VERSION_BASE + STORE_VERSION == 102, "IDENTITY names the version");

#define COLUMN(name_) " " #name_ " REAL,"

#define CREATE_OPTIMUM                                                                             \
    "CREATE TABLE optimum ("                                                                       \
    " digest TEXT NOT NULL," /* of the data */                                                     \
    " lambda REAL NOT NULL,"                                                                       \
    " status TEXT NOT NULL,"                                                                       \
    " objective REAL,"                                                                             \
    " gradient_norm REAL,"                                                                         \
    " bound REAL," /* on objective - F* */                                                         \
    " steps INTEGER NOT NULL,"                                                                     \
    " seconds REAL,"                                                                               \
    " reason TEXT NOT NULL,"                                                                       \
    " PRIMARY KEY (digest, lambda)) WITHOUT ROWID;"

/* What is recorded of a trial goes with it. */
#define CREATE_TRIGGER                                                                             \
    "CREATE TRIGGER trial_forgets_trace AFTER DELETE ON trial BEGIN"                               \
    " DELETE FROM trace WHERE trial = old.id;"                                                     \
    " DELETE FROM phase WHERE trial = old.id;"                                                     \
    " DELETE FROM phase_thread WHERE trial = old.id;"                                              \
    " DELETE FROM counter WHERE trial = old.id; END;"

#define CREATE_PROFILE                                                                             \
    "CREATE TABLE phase ("                                                                         \
    " trial INTEGER NOT NULL,"                                                                     \
    " phase TEXT NOT NULL,"                                                                        \
    " seconds REAL NOT NULL," /* on the wall */                                                    \
    " flops REAL NOT NULL,"   /* declared by the kernel; 0: not declared */                        \
    " bytes REAL NOT NULL,"                                                                        \
    " PRIMARY KEY (trial, phase)) WITHOUT ROWID;"                                                  \
    "CREATE TABLE phase_thread ("                                                                  \
    " trial INTEGER NOT NULL,"                                                                     \
    " thread INTEGER NOT NULL," /* from 0 */                                                       \
    " work REAL NOT NULL,"      /* seconds in parallel regions */                                  \
    " wait REAL NOT NULL,"                                                                         \
    " PRIMARY KEY (trial, thread)) WITHOUT ROWID;"                                                 \
    "CREATE TABLE counter ("                                                                       \
    " trial INTEGER NOT NULL,"                                                                     \
    " name TEXT NOT NULL,"                                                                         \
    " value REAL NOT NULL,"                                                                        \
    " PRIMARY KEY (trial, name)) WITHOUT ROWID;"                                                   \
    "CREATE TABLE ceiling ("                                                                       \
    " machine INTEGER NOT NULL REFERENCES machine,"                                                \
    " threads INTEGER NOT NULL,"                                                                   \
    " kind TEXT NOT NULL,"     /* read, gemm, fork-join, barrier */                                \
    " bytes REAL NOT NULL,"    /* working set of read, else 0 */                                   \
    " level INTEGER NOT NULL," /* of the cache that holds it; 0: memory, or no read */             \
    " value REAL NOT NULL,"    /* bytes or operations per second, or seconds */                    \
    " PRIMARY KEY (machine, threads, kind, bytes)) WITHOUT ROWID;"                                 \
    "CREATE TABLE remark ("                                                                        \
    " machine INTEGER NOT NULL REFERENCES machine,"                                                \
    " about TEXT NOT NULL,"                                                                        \
    " text TEXT NOT NULL,"                                                                         \
    " PRIMARY KEY (machine, about)) WITHOUT ROWID;"

#define CREATE_EXCHANGE                                                                            \
    "CREATE TABLE exchange ("                                                                      \
    " machine INTEGER NOT NULL REFERENCES machine,"                                                \
    " ranks INTEGER NOT NULL,"                                                                     \
    " per_host INTEGER NOT NULL," /* the most of them on one host */                               \
    " bytes REAL NOT NULL,"       /* summed */                                                     \
    " seconds REAL,"              /* in the fixed tree */                                          \
    " any_seconds REAL,"          /* by MPI_Allreduce */                                           \
    " PRIMARY KEY (machine, ranks, bytes)) WITHOUT ROWID;"

#define CREATE_FINALIST                                                                            \
    "CREATE TABLE finalist ("                                                                      \
    " final INTEGER NOT NULL,"                                                                     \
    " configuration INTEGER NOT NULL REFERENCES configuration,"                                    \
    " PRIMARY KEY (final, configuration)) WITHOUT ROWID;"

#define CREATE_RUNG                                                                                \
    "CREATE TABLE IF NOT EXISTS rung ("                                                            \
    " configuration INTEGER NOT NULL REFERENCES configuration,"                                    \
    " rung INTEGER NOT NULL,"       /* from 1 */                                                   \
    " epoch INTEGER NOT NULL,"      /* after which it was looked at */                             \
    " criterion TEXT NOT NULL,"     /* by which */                                                 \
    " value REAL,"                  /* of it; NULL: it has none */                                 \
    " pool INTEGER NOT NULL,"       /* those of one pool were compared with each other; from 1 */  \
    " place INTEGER NOT NULL,"      /* from 1: the best */                                         \
    " candidates INTEGER NOT NULL," /* that were compared */                                       \
    " kept INTEGER NOT NULL,"       /* places from which they went on */                           \
    " fate TEXT NOT NULL,"          /* on, cut, ended, diverged, failed */                         \
    " PRIMARY KEY (configuration, rung)) WITHOUT ROWID;"

#define CREATE_PLACEMENT                                                                           \
    "CREATE TABLE placement ("                                                                     \
    " machine INTEGER PRIMARY KEY REFERENCES machine,"                                             \
    " models INTEGER NOT NULL,"       /* most of them in a pass */                                 \
    " threads INTEGER NOT NULL,"      /* of a pass */                                              \
    " side_by_side INTEGER NOT NULL," /* passes at a time */                                       \
    " seconds REAL,"                  /* that the whole sweep is expected to take */               \
    " digest TEXT NOT NULL);"         /* of the sweep file that it was found for */

/* Trials in flight; earlier versions had none. */
#define CREATE_CHECKPOINT                                                                          \
    "CREATE TABLE IF NOT EXISTS checkpoint ("                                                      \
    " configuration INTEGER NOT NULL REFERENCES configuration,"                                    \
    " final INTEGER NOT NULL,"                                                                     \
    " repeat INTEGER NOT NULL,"                                                                    \
    " machine INTEGER NOT NULL REFERENCES machine," /* that wrote it */                            \
    " epoch INTEGER NOT NULL,"                      /* done */                                     \
    " continued INTEGER NOT NULL,"                  /* how often it went on from one */            \
    " snapshot BLOB NOT NULL,"                      /* solvers/snapshot.h */                       \
    " PRIMARY KEY (configuration, final, repeat));"

/* That the sweep file lay in, absolute; '': not known. */
#define SWEEP_FOLDER "folder"
#define SWEEP_FOLDER_TYPE "TEXT NOT NULL DEFAULT ''"

/* Gaps that its answer is about, "0.001 1e-06"; '': all. */
#define SWEEP_TARGETS "targets"
#define SWEEP_TARGETS_TYPE "TEXT NOT NULL DEFAULT ''"

/* Which grid around the best a configuration is of; 0: of the first. */
#define PLAN_ZOOM "zoom"
#define PLAN_ZOOM_TYPE "INTEGER NOT NULL DEFAULT 0"

static const char *const fixed_tables =
    "CREATE TABLE sweep ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " name TEXT NOT NULL,"
    " question TEXT NOT NULL,"
    " path TEXT NOT NULL," /* as given */
    " text TEXT NOT NULL,"
    " by_axis TEXT NOT NULL," /* that its answer compares; '': it does not say */
    " metric TEXT NOT NULL,"  /* that configurations are ranked by */
    " digest TEXT NOT NULL,"
    " repeats INTEGER NOT NULL,"
    " finals INTEGER NOT NULL DEFAULT 0,"
    " " SWEEP_FOLDER " " SWEEP_FOLDER_TYPE ","
    " " SWEEP_TARGETS " " SWEEP_TARGETS_TYPE ");"

    "CREATE TABLE machine ("
    " id INTEGER PRIMARY KEY,"
    " json TEXT NOT NULL UNIQUE);"

    "CREATE TABLE data ("
    " id INTEGER PRIMARY KEY,"
    " description TEXT NOT NULL,"
    " digest TEXT NOT NULL,"
    " rows INTEGER NOT NULL,"
    " features INTEGER NOT NULL,"
    " class_0 TEXT,"
    " class_1 TEXT,"
    " UNIQUE (description, digest));"

    "CREATE TABLE plan ("
    " position INTEGER PRIMARY KEY," /* from 1, in the order of the sweep file */
    " configuration INTEGER NOT NULL UNIQUE REFERENCES configuration,"
    /* Is it this store's to run? A shard has the whole plan and runs a part of it. */
    " mine INTEGER NOT NULL DEFAULT 1,"
    " " PLAN_ZOOM " " PLAN_ZOOM_TYPE ");"

    "CREATE TABLE trace ("
    " trial INTEGER NOT NULL,"
    " epoch INTEGER NOT NULL," TRACE_VALUES(COLUMN) " PRIMARY KEY (trial, epoch)) WITHOUT ROWID;"

    CREATE_OPTIMUM CREATE_TRIGGER CREATE_FINALIST CREATE_PROFILE CREATE_EXCHANGE CREATE_PLACEMENT
        CREATE_CHECKPOINT CREATE_RUNG;

/* Names of columns come from hyperparameters[] and need no escaping; they are quoted because one
 * may be a word of SQL. */
static char *column_name(size_t index, char name[static HYPERPARAMETER_TEXT])
{
    return hyperparameter_column(&hyperparameters[index], name, HYPERPARAMETER_TEXT);
}

static char *sql_create_configuration(void)
{
    struct memory_stream sql;
    char name[HYPERPARAMETER_TEXT];
    FILE *out = memory_stream_open(&sql);
    fputs("CREATE TABLE configuration (id INTEGER PRIMARY KEY,"
          " data INTEGER NOT NULL REFERENCES data, key TEXT NOT NULL UNIQUE",
          out);
    for (size_t i = 0; i < hyperparameter_count; i++)
        fprintf(out, ", \"%s\" %s", column_name(i, name),
                hyperparameter_sql_type(&hyperparameters[i]));
    fputs(")", out);
    return memory_stream_close(&sql);
}

char *schema_sql_add_configuration(void)
{
    struct memory_stream sql;
    char name[HYPERPARAMETER_TEXT];
    FILE *out = memory_stream_open(&sql);
    fputs("INSERT INTO configuration (data, key", out);
    for (size_t i = 0; i < hyperparameter_count; i++)
        fprintf(out, ", \"%s\"", column_name(i, name));
    fputs(") VALUES (?, ?", out);
    for (size_t i = 0; i < hyperparameter_count; i++)
        fputs(", ?", out);
    fputs(")", out);
    return memory_stream_close(&sql);
}

bool schema_create(struct store *store, struct error *error)
{
    char *configuration = sql_create_configuration(), *trial = trial_row_sql_create();
    bool done = store_begin(store, error) && store_execute(store, configuration, error) &&
                store_execute(store, trial, error) && store_execute(store, fixed_tables, error) &&
                store_execute(store, IDENTITY, error) && store_commit(store, error);
    memory_free(configuration);
    memory_free(trial);
    return done;
}

bool schema_check(struct store *store, bool *empty, struct error *error)
{
    int64_t application = 0, version = 0, tables = 0;
    if (!store_number(store, "PRAGMA application_id", &application, error) ||
        !store_number(store, "PRAGMA user_version", &version, error) ||
        !store_number(store, "SELECT count(*) FROM sqlite_master", &tables, error))
        return false;
    *empty = application == 0 && version == 0 && tables == 0;
    if (*empty)
        return true;
    if (application != APPLICATION_ID || version < 1)
        return error_usage(error, "%s/" STORE_FILE ": not a store of descent", store->folder);
    if (version <= VERSION_BASE)
        return error_usage(error,
                           "%s: written by a development version of descent, before 0.1, and not "
                           "readable by this one; run the sweep again into another folder "
                           "(--results), or use --fresh to start over",
                           store->folder);
    if (version > VERSION_BASE + STORE_VERSION)
        return error_usage(error,
                           "%s: written by a newer descent (store version %lld, this program reads "
                           "up to %d); use a newer program, or --fresh to start over",
                           store->folder, (long long)version - VERSION_BASE, STORE_VERSION);
    return true;
}

/* --- Columns, and a table, that a store does not have
 * ------------------------------------------------------ */

bool schema_columns(struct store *store, const char *table, struct name_set *names,
                    struct error *error)
{
    sqlite3_stmt *statement = NULL;
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s')", table);
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return store_failed(store, error);
    while (store_next(store, statement, error))
        name_set_add(names, column_text(statement, 0));
    sqlite3_finalize(statement);
    return error->kind == ERROR_NONE;
}

static bool add_column(struct store *store, const struct name_set *present, const char *table,
                       const char *name, const char *type, struct error *error)
{
    char sql[256];
    snprintf(sql, sizeof sql, "ALTER TABLE %s ADD COLUMN \"%s\" %s", table, name, type);
    return name_set_has(present, name) || store_execute(store, sql, error);
}

bool schema_add_columns(struct store *store, struct error *error)
{
    struct name_set sweep = {0}, plan = {0}, choices = {0}, trial = {0};
    char name[HYPERPARAMETER_TEXT];
    bool done = schema_columns(store, "sweep", &sweep, error) &&
                schema_columns(store, "plan", &plan, error) &&
                schema_columns(store, "configuration", &choices, error) &&
                schema_columns(store, "trial", &trial, error) &&
                store_execute(store, CREATE_CHECKPOINT CREATE_RUNG, error) &&
                add_column(store, &sweep, "sweep", SWEEP_FOLDER, SWEEP_FOLDER_TYPE, error) &&
                add_column(store, &sweep, "sweep", SWEEP_TARGETS, SWEEP_TARGETS_TYPE, error) &&
                add_column(store, &plan, "plan", PLAN_ZOOM, PLAN_ZOOM_TYPE, error);
    for (size_t i = 0; i < hyperparameter_count && done; i++)
        done = add_column(store, &choices, "configuration", column_name(i, name),
                          hyperparameter_sql_type(&hyperparameters[i]), error);
    for (size_t i = 0; i < trial_column_count && done; i++)
        if (trial_column_is_recorded(&trial_columns[i]))
            done = add_column(store, &trial, "trial", trial_columns[i].name, trial_columns[i].sql,
                              error);
    name_set_clear(&sweep);
    name_set_clear(&plan);
    name_set_clear(&choices);
    name_set_clear(&trial);
    return done;
}
