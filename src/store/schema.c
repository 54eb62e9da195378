/* SPDX-License-Identifier: MIT
 *
 * The tables. `configuration` has one column for each row of hyperparameters[], NULL where the row
 * does not apply; these columns are always found by name, so that a store written before a
 * hyper-parameter existed can still be read and written: what is missing is the default.
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

#include <stdio.h>
#include <string.h>

/* "dsct" and the version say what file this is, to us and to file(1). */
#define IDENTITY "PRAGMA application_id = 0x64736374; PRAGMA user_version = 6;"
_Static_assert(STORE_VERSION == 6, "IDENTITY names the version");

#define COLUMN(name_) " " #name_ " REAL,"

/* Where a trial ran. */
#define RANK " rank INTEGER NOT NULL DEFAULT 0"                     /* that trained it */
#define RANKS " ranks INTEGER NOT NULL DEFAULT 1"                   /* processes in the job */
#define RANKS_PER_HOST " ranks_per_host INTEGER NOT NULL DEFAULT 1" /* the most on one host */
#define HOST " host TEXT NOT NULL DEFAULT ''"                       /* of that rank; '': unknown */
#define SEAT RANK "," RANKS "," RANKS_PER_HOST "," HOST ","

/* Is the configuration this store's to run? A shard has the whole plan and runs a part of it. */
#define MINE " mine INTEGER NOT NULL DEFAULT 1"

/* Was it found with a proof (solvers/optimum/optimum.h)? Where it was not, as in stores of an
 * earlier descent, the next sweep looks for it again. */
#define CERTIFIED " certified INTEGER NOT NULL DEFAULT 0"

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
    " reason TEXT NOT NULL," CERTIFIED ","                                                         \
    " PRIMARY KEY (digest, lambda)) WITHOUT ROWID;"

/* `seat_`: its columns for where a trial ran; version 4 had none. */
#define CREATE_TRIAL(seat_)                                                                        \
    "CREATE TABLE trial ("                                                                         \
    " id INTEGER PRIMARY KEY,"                                                                     \
    " configuration INTEGER NOT NULL REFERENCES configuration,"                                    \
    " final INTEGER NOT NULL DEFAULT 0,"   /* number of the finals; 0: of the sweep */             \
    " repeat INTEGER NOT NULL,"            /* from 1 */                                            \
    " attempt INTEGER NOT NULL DEFAULT 1," /* the last one counts */                               \
    " machine INTEGER NOT NULL REFERENCES machine,"                                                \
    " models INTEGER NOT NULL," /* in its group */                                                 \
    " shared INTEGER,"          /* number of the group whose clock it shares; NULL: solo */        \
    " kernel TEXT,"             /* that ran */                                                     \
    " status TEXT NOT NULL,"                                                                       \
    " epochs INTEGER NOT NULL,"                                                                    \
    " loss REAL,"                                                                                  \
    " objective REAL,"                                                                             \
    " gradient_norm REAL,"                                                                         \
    " accuracy REAL,"                                                                              \
    " heldout_loss REAL,"                                                                          \
    " heldout_accuracy REAL,"                                                                      \
    " rate REAL," /* learning rate at the start */                                                 \
    " train_seconds REAL,"                                                                         \
    " evaluate_seconds REAL,"                                                                      \
    " record_seconds REAL,"                                                                        \
    " digest TEXT NOT NULL,"                                                                       \
    " message TEXT NOT NULL,"                                                                      \
    " recorded TEXT NOT NULL," /* when, UTC; it began its three clocks earlier */                  \
    " weights BLOB,"                                                                               \
    " bias REAL,"                                                                                  \
    " processors TEXT NOT NULL DEFAULT '',"                                                        \
    " disturbed TEXT NOT NULL DEFAULT ''," /* limits of noise that were passed */                  \
        seat_                                                                                      \
        EVIDENCE_VALUES(COLUMN) " UNIQUE (configuration, final, repeat, attempt));"

/* What is recorded of a trial goes with it. */
#define CREATE_TRIGGER_3                                                                           \
    "CREATE TRIGGER trial_forgets_trace AFTER DELETE ON trial"                                     \
    " BEGIN DELETE FROM trace WHERE trial = old.id; END;"
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
    " flops REAL NOT NULL,"   /* declared by the kernel; 0: by nobody */                           \
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

#define CREATE_PLACEMENT                                                                           \
    "CREATE TABLE placement ("                                                                     \
    " machine INTEGER PRIMARY KEY REFERENCES machine,"                                             \
    " models INTEGER NOT NULL,"       /* most of them in a pass */                                 \
    " threads INTEGER NOT NULL,"      /* of a pass */                                              \
    " side_by_side INTEGER NOT NULL," /* passes at a time */                                       \
    " seconds REAL,"                  /* that the whole sweep is expected to take */               \
    " digest TEXT NOT NULL);"         /* of the sweep file that it was found for */

static const char *const fixed_tables =
    "CREATE TABLE sweep ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " name TEXT NOT NULL,"
    " question TEXT NOT NULL,"
    " path TEXT NOT NULL," /* as given */
    " text TEXT NOT NULL,"
    " digest TEXT NOT NULL,"
    " repeats INTEGER NOT NULL,"
    " finals INTEGER NOT NULL DEFAULT 0);"

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
    " configuration INTEGER NOT NULL UNIQUE REFERENCES configuration," MINE ");"

    "CREATE TABLE trace ("
    " trial INTEGER NOT NULL,"
    " epoch INTEGER NOT NULL," TRACE_VALUES(COLUMN) " PRIMARY KEY (trial, epoch)) WITHOUT ROWID;"

    CREATE_OPTIMUM
    CREATE_TRIAL(SEAT)
CREATE_TRIGGER CREATE_FINALIST CREATE_PROFILE CREATE_EXCHANGE CREATE_PLACEMENT;

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

/* Later finals took its place. Whether a later attempt did, the next row tells. */
#define SUPERSEDED " t.final > 0 AND t.final < (SELECT max(final) FROM finalist)"
/* Columns say which table they are of, so that their values can be checked (rules.h). */
#define T(name_) "t." #name_ " AS 'trial." #name_ "'"
#define D(name_) "d." #name_ " AS 'data." #name_ "'"
#define T_COLUMN(name_) ", " T(name_)

/* In the order of the enumeration in store_read.c. */
/* clang-format off */
#define TRIAL_COLUMNS \
    T(id) ", " "c.id AS 'configuration.id'" ", " "p.position AS 'plan.position'" ", " \
    T(repeat) ", " T(models) ", " T(machine) ", " "d.id AS 'data.id'" ", " D(description) ", " \
    D(digest) ", " D(rows) ", " D(features) ", " T(status) ", " T(epochs) ", " T(loss) ", " \
    T(objective) ", " T(gradient_norm) ", " T(accuracy) ", " T(train_seconds) ", " \
    T(evaluate_seconds) ", " T(record_seconds) ", " T(digest) ", " T(message) ", " \
    T(shared) ", " T(kernel) ", " T(heldout_loss) ", " T(heldout_accuracy) ", " T(rate) ", " \
    "o.objective AS 'optimum.objective'" ", " "o.bound AS 'optimum.bound'" ", " T(final) ", " \
    T(attempt) ", " T(processors) ", " T(disturbed) ", " T(rank) ", " T(ranks) ", " \
    T(ranks_per_host) ", " T(host)
/* clang-format on */

char *schema_sql_read_trials(const bool *present)
{
    struct memory_stream sql;
    char name[HYPERPARAMETER_TEXT];
    FILE *out = memory_stream_open(&sql);
    fputs("SELECT " TRIAL_COLUMNS "," SUPERSEDED EVIDENCE_VALUES(T_COLUMN), out);
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (present[i])
            fprintf(out, ", c.\"%s\" AS 'configuration.%s'", column_name(i, name), name);
        else
            fputs(", NULL", out);
    fputs(" FROM configuration c JOIN data d ON d.id = c.data"
          " LEFT JOIN plan p ON p.configuration = c.id AND p.mine"
          " LEFT JOIN trial t ON t.configuration = c.id"
          " LEFT JOIN optimum o ON o.digest = d.digest AND o.lambda = c.lambda"
          " AND o.status = 'found'"
          " WHERE p.position IS NOT NULL OR t.id IS NOT NULL"
          " ORDER BY p.position IS NULL, p.position, c.id, t.final, t.repeat, t.attempt",
          out);
    return memory_stream_close(&sql);
}

bool schema_create(struct store *store, struct error *error)
{
    char *configuration = sql_create_configuration();
    bool done = store_begin(store, error) && store_execute(store, configuration, error) &&
                store_execute(store, fixed_tables, error) &&
                store_execute(store, IDENTITY, error) && store_commit(store, error);
    memory_free(configuration);
    return done;
}

bool schema_columns(struct store *store, bool *present, struct error *error)
{
    static const char *const sql = "SELECT 1 FROM pragma_table_info('configuration')"
                                   " WHERE name = ?";
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return store_failed(store, error);
    for (size_t i = 0; i < hyperparameter_count && error->kind == ERROR_NONE; i++) {
        char name[HYPERPARAMETER_TEXT];
        if (sqlite3_bind_text(statement, 1, column_name(i, name), -1, SQLITE_STATIC) != SQLITE_OK) {
            store_failed(store, error);
            break;
        }
        present[i] = store_next(store, statement, error);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return error->kind == ERROR_NONE;
}

/* The column came without a new version: who does not know it does without. */
static bool add_certified(struct store *store, struct error *error)
{
    int64_t count = 0;
    return store_number(store,
                        "SELECT count(*) FROM pragma_table_info('optimum')"
                        " WHERE name = 'certified'",
                        &count, error) &&
           (count > 0 || store_execute(store, "ALTER TABLE optimum ADD COLUMN" CERTIFIED, error));
}

bool schema_add_columns(struct store *store, struct error *error)
{
    bool *present = memory_allocate(hyperparameter_count, sizeof *present);
    bool done = add_certified(store, error) && schema_columns(store, present, error);
    for (size_t i = 0; i < hyperparameter_count && done; i++) {
        char name[HYPERPARAMETER_TEXT], sql[256];
        snprintf(sql, sizeof sql, "ALTER TABLE configuration ADD COLUMN \"%s\" %s",
                 column_name(i, name), hyperparameter_sql_type(&hyperparameters[i]));
        done = present[i] || store_execute(store, sql, error);
    }
    memory_free(present);
    return done;
}

/* A trial of version 3 is a first attempt at a trial of the sweep; its table is written anew,
 * because SQLite cannot change what is UNIQUE. */
#define TRIAL_3                                                                                    \
    "id, configuration, repeat, machine, models, shared, kernel, status, epochs, loss, objective," \
    " gradient_norm, accuracy, heldout_loss, heldout_accuracy, rate, train_seconds,"               \
    " evaluate_seconds, record_seconds, digest, message, recorded, weights, bias"

/* What versions 1 to 5 did not know. */
static const char *const upgrades[STORE_VERSION - 1] = {
    "ALTER TABLE trial ADD COLUMN shared INTEGER;"
    "ALTER TABLE trial ADD COLUMN kernel TEXT",

    "ALTER TABLE trial ADD COLUMN heldout_loss REAL;"
    "ALTER TABLE trial ADD COLUMN heldout_accuracy REAL;"
    "ALTER TABLE trial ADD COLUMN rate REAL;"
    "ALTER TABLE trace ADD COLUMN heldout_loss REAL;"
    "ALTER TABLE trace ADD COLUMN heldout_accuracy REAL;" CREATE_OPTIMUM,

    "ALTER TABLE sweep ADD COLUMN finals INTEGER NOT NULL DEFAULT 0;"
    "DROP TRIGGER trial_forgets_trace;"
    "ALTER TABLE trial RENAME TO trial_3;" CREATE_TRIAL("") CREATE_TRIGGER_3 CREATE_FINALIST
    "INSERT INTO trial (" TRIAL_3 ") SELECT " TRIAL_3 " FROM trial_3;"
    "DROP TABLE trial_3;",

    "DROP TRIGGER trial_forgets_trace;" CREATE_PROFILE CREATE_TRIGGER CREATE_PLACEMENT,

    "ALTER TABLE trial ADD COLUMN" RANK ";"
    "ALTER TABLE trial ADD COLUMN" RANKS ";"
    "ALTER TABLE trial ADD COLUMN" RANKS_PER_HOST ";"
    "ALTER TABLE trial ADD COLUMN" HOST ";"
    "ALTER TABLE plan ADD COLUMN" MINE ";" CREATE_EXCHANGE,
};

bool schema_upgrade(struct store *store, int64_t version, struct error *error)
{
    bool done = store_begin(store, error);
    for (; done && version < STORE_VERSION; version++)
        done = store_execute(store, upgrades[version - 1], error);
    return done && store_execute(store, IDENTITY, error) && store_commit(store, error);
}
