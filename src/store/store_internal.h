/* SPDX-License-Identifier: MIT
 *
 * What the files of the store share: statements that are prepared once, values to bind, and one
 * translation of SQLite's errors. Included by nothing outside this folder.
 */
#ifndef DESCENT_STORE_STORE_INTERNAL_H
#define DESCENT_STORE_STORE_INTERNAL_H

#include "base/name_set.h"
#include "measure/counters/counters.h"
#include "store/numbering.h"
#include "store/store.h"

#include <sqlite3.h>

/* Every statement that runs more than once; their texts are in statement.c. */
enum statement {
    STATEMENT_BEGIN,
    STATEMENT_BEGIN_READING,
    STATEMENT_COMMIT,
    STATEMENT_COUNT_TRIALS,
    STATEMENT_SET_SWEEP,
    STATEMENT_SWEEP_DIGEST,
    STATEMENT_READ_SWEEP,
    STATEMENT_READ_FOLDER,
    STATEMENT_READ_TARGETS,
    STATEMENT_LIST_MACHINES,
    STATEMENT_ADD_MACHINE,
    STATEMENT_COMPLETE_MACHINE,
    STATEMENT_READ_MACHINE,
    STATEMENT_FIND_DATA,
    STATEMENT_ADD_DATA,
    STATEMENT_OTHER_DATA,
    STATEMENT_FIND_CONFIGURATION,
    STATEMENT_ADD_CONFIGURATION,
    STATEMENT_MOVE_CONFIGURATION,
    STATEMENT_CLEAR_PLAN,
    STATEMENT_ADD_PLAN,
    STATEMENT_COUNT_PLAN,
    STATEMENT_FIND_PLAN,
    STATEMENT_LEAVE_PLAN,
    STATEMENT_READ_PLAN,
    STATEMENT_FIND_TRIAL,
    STATEMENT_FIND_START,
    STATEMENT_READ_SOLUTION,
    STATEMENT_FIND_ATTEMPT,
    STATEMENT_LIST_TRIALS,
    STATEMENT_FORGET_TRIAL,
    STATEMENT_SET_ZOOM,
    STATEMENT_READ_FINALISTS,
    STATEMENT_LIST_FINALISTS,
    STATEMENT_ADD_FINALIST,
    STATEMENT_ADD_TRIAL,
    STATEMENT_FIND_OPTIMUM,
    STATEMENT_ADD_OPTIMUM,
    STATEMENT_LAST_SHARED,
    STATEMENT_ADD_POINTS,
    STATEMENT_ADD_POINT,
    STATEMENT_FORGET_STATUS,
    STATEMENT_READ_TRIALS,
    STATEMENT_READ_TRACE,
    STATEMENT_READ_DESCENT,
    STATEMENT_ADD_PHASE,
    STATEMENT_ADD_PHASE_THREAD,
    STATEMENT_ADD_COUNTER,
    STATEMENT_ADD_CEILING,
    STATEMENT_FORGET_CEILINGS,
    STATEMENT_ADD_REMARK,
    STATEMENT_READ_PHASES,
    STATEMENT_READ_PHASE_THREADS,
    STATEMENT_READ_COUNTERS,
    STATEMENT_READ_CEILINGS,
    STATEMENT_READ_REMARKS,
    STATEMENT_ADD_EXCHANGE,
    STATEMENT_READ_EXCHANGE,
    STATEMENT_CUT_TRIAL,
    STATEMENT_ADD_RUNG,
    STATEMENT_READ_RUNGS,
    STATEMENT_FORGET_RUNG,
    STATEMENT_FORGET_RUNGS,
    STATEMENT_CLEAR_RUNGS,
    STATEMENT_SET_PLACEMENT,
    STATEMENT_FIND_PLACEMENT,
    STATEMENT_SET_CHECKPOINT,
    STATEMENT_FIND_CHECKPOINT,
    STATEMENT_READ_CHECKPOINT,
    STATEMENT_FORGET_CHECKPOINT,
    STATEMENT_COUNT,
};

enum {
    POINT_CELLS = 2 + TRACE_VALUE_COUNT, /* columns of the table `trace` */
    POINTS_A_STATEMENT = 16              /* rows that STATEMENT_ADD_POINTS adds at once */
};

struct rules; /* rules.h */

enum { PLACE_FILES = 3 }; /* the store, its log, and what readers share with the writer */

/* A file by what it is, not by its name. */
struct file_identity {
    bool known;
    uint64_t device, inode;
    int64_t size; /* bytes, when it was last looked at */
};

struct store {
    sqlite3 *db;
    char *folder;
    bool writable;
    int lock;                                  /* descriptor of the locked file, or -1 */
    struct file_identity files[PLACE_FILES];   /* that are open to write (place.h) */
    double next_checkpoint;                    /* when the log may be copied into the file again */
    int failure;                               /* SQLite's code of the last failure */
    sqlite3_stmt *statements[STATEMENT_COUNT]; /* NULL until first used */
    struct rules *rules[STATEMENT_COUNT];      /* for the rows that they give; likewise */
    struct numbering machines;                 /* the first row of the same machine (machines.h) */
    int64_t last_group;                        /* that was numbered here; 0: none was */
};

/* A value to bind. Texts and blobs must outlive the statement's run. */
struct cell {
    enum { CELL_NULL, CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BLOB } type;
    union {
        int64_t integer;
        double real;      /* NaN becomes NULL */
        const void *data; /* text or blob; a NULL pointer becomes NULL */
    };
    size_t bytes; /* of a blob */
};

static inline struct cell cell_integer(int64_t integer)
{
    return (struct cell){.type = CELL_INTEGER, .integer = integer};
}

static inline struct cell cell_real(double real)
{
    return (struct cell){.type = CELL_REAL, .real = real};
}

static inline struct cell cell_text(const char *text)
{
    return (struct cell){.type = CELL_TEXT, .data = text};
}

/* --- store_open.c -------------------------------------------------------------------------- */

/* Begins a transaction, unless the caller has one open. `*own` says so, for store_finish(), which
 * commits or, where it is not `done`, rolls back. */
bool store_begin_or_join(struct store *store, bool *own, struct error *error);
bool store_finish(struct store *store, bool own, bool done, struct error *error);

/* --- statement.c --------------------------------------------------------------------------- */

/* Runs any SQL that gives no rows. */
bool store_execute(struct store *store, const char *sql, struct error *error);

/* Binds cells (count) to a kept statement, for a loop with store_next(). NULL on error. */
sqlite3_stmt *store_query(struct store *store, enum statement name, const struct cell *cells,
                          size_t count, struct error *error);

/* True: the next row is there, and what it says is allowed (rules.h) if the statement is a kept
 * one. False: there is none, or error->kind says so; the statement is reset then and can be used
 * again. */
bool store_next(struct store *store, sqlite3_stmt *statement, struct error *error);

/* Lets go of all kept statements. */
void store_finalize(struct store *store);

/* Runs a statement that gives no rows. */
bool store_run(struct store *store, enum statement name, const struct cell *cells, size_t count,
               struct error *error);

/* Runs a statement that gives one row with one integer; without a row *value stays as it is. */
bool store_ask(struct store *store, enum statement name, const struct cell *cells, size_t count,
               int64_t *value, struct error *error);

/* The same for any SQL, prepared for this once. */
bool store_number(struct store *store, const char *sql, int64_t *number, struct error *error);

/* A column of the current row: NULL reads as NaN, and as "". */
double column_real(sqlite3_stmt *statement, int column);
const char *column_text(sqlite3_stmt *statement, int column);

/* Translates the last error of SQLite into words, after rolling back what was open, and returns
 * false. Ends the program when SQLite ran out of memory. */
bool store_failed(struct store *store, struct error *error);

/* --- store_trace.c ------------------------------------------------------------------------- */

/* An epoch takes time, and later ones come later: what follows divides by times and compares them.
 * `before`: the time of the last point, or 0. */
bool store_check_clock(const struct store *store, int64_t trial, int64_t epoch, double seconds,
                       double before, struct error *error);

/* --- store_profile.c -----------------------------------------------------------------------------
 */

/* Is it a kind of ceiling? */
bool store_is_ceiling(const char *kind);

/* What was measured beside the clocks of a trial. */
bool store_add_profile(struct store *store, int64_t trial, const struct phase_totals *phases,
                       const struct counters *counters, struct error *error);

/* --- schema.c ------------------------------------------------------------------------------ */

/* Creates all tables in an empty file. */
bool schema_create(struct store *store, struct error *error);

/* Is this file a store, and one that this program reads? `*empty`: nothing was ever written to it.
 */
bool schema_check(struct store *store, bool *empty, struct error *error);

/* Adds the names of the columns of a table. Clear with name_set_clear() in any case. */
bool schema_columns(struct store *store, const char *table, struct name_set *names,
                    struct error *error);

/* Adds columns for hyper-parameters, and for what is recorded of trials, that did not exist when
 * the store was written. */
bool schema_add_columns(struct store *store, struct error *error);

/* The statement that names every hyper-parameter. Free with memory_free(). */
char *schema_sql_add_configuration(void);

/* Takes F* from the trials of problems where a trial ended below it. */
void store_refute_optima(struct stored_trials *list);

#endif
