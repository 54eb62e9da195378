/* SPDX-License-Identifier: MIT
 *
 * Each store has a connection of its own: of databases that are attached to one connection SQLite
 * allows ten. A row is read from the one and bound to a statement of the other.
 */
#include "store/merge/transfer.h"

#include "base/memory.h"
#include "base/memory_stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- Numbers --------------------------------------------------------------------------------- */

/* What the column of that name holds numbers of. */
struct reference {
    const char *column;
    size_t offset; /* of its numbering in struct transfer */
};

static const struct reference references[] = {
    {"machine", offsetof(struct transfer, machines)},
    {"data", offsetof(struct transfer, data)},
    {"configuration", offsetof(struct transfer, configurations)},
    {"shared", offsetof(struct transfer, groups)},
    {"trial", 0},
};
enum { REFERENCES = sizeof references / sizeof *references };

static const struct reference *reference_of(const char *column)
{
    for (size_t i = 0; i < REFERENCES; i++)
        if (strcmp(references[i].column, column) == 0)
            return &references[i];
    return NULL;
}

/* A group that is not there yet gets the next number. */
static bool translate(struct transfer *transfer, const struct reference *reference, int64_t number,
                      int64_t *translated, struct error *error)
{
    *translated = transfer->trial;
    if (reference->offset == 0)
        return true;
    struct numbering *numbering =
        (struct numbering *)(void *)((char *)transfer + reference->offset);
    struct numbered *row = numbering_row(numbering, number);
    if (row != NULL && row->other == 0 && numbering == &transfer->groups)
        row->other = ++transfer->last_group;
    if (row == NULL || row->other == 0)
        return store_damaged(transfer->from, error, "there is no %s %" PRId64, reference->column,
                             number);
    *translated = row->other;
    return true;
}

/* --- A table --------------------------------------------------------------------------------- */

static bool prepare(struct store *store, const char *sql, sqlite3_stmt **statement,
                    struct error *error)
{
    return sqlite3_prepare_v2(store->db, sql, -1, statement, NULL) == SQLITE_OK ||
           store_failed(store, error);
}

/* The columns that both have, but for `id`: names with commas into `names`, marks into `marks`. */
static bool list_columns(struct table_copy *copy, const char *table, FILE *names, FILE *marks,
                         struct error *error)
{
    struct transfer *transfer = copy->transfer;
    struct name_set there = {0};
    sqlite3_stmt *statement = NULL;
    size_t capacity = 0;
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s') WHERE name <> 'id'", table);
    bool done = schema_columns(transfer->from, table, &there, error) &&
                prepare(transfer->into, sql, &statement, error);
    while (done && store_next(transfer->into, statement, error)) {
        const char *name = column_text(statement, 0);
        if (!name_set_has(&there, name))
            continue;
        fprintf(names, "%s\"%s\"", copy->count > 0 ? ", " : "", name);
        fprintf(marks, "%s?", copy->count > 0 ? ", " : "");
        copy->references = memory_grow(copy->references, &capacity, (size_t)copy->count + 1,
                                       sizeof *copy->references);
        copy->references[copy->count++] = reference_of(name);
    }
    sqlite3_finalize(statement);
    name_set_clear(&there);
    return done && error->kind == ERROR_NONE;
}

static bool prepare_copy(struct table_copy *copy, const char *table, const char *where,
                         const char *verb, const char *names, const char *marks,
                         struct error *error)
{
    char *read = NULL, *write = NULL;
    if (asprintf(&read, "SELECT %s FROM %s%s", names, table, where) < 0 ||
        asprintf(&write, "%s INTO %s (%s) VALUES (%s)", verb, table, names, marks) < 0)
        memory_exhausted(1, strlen(names));
    bool done = prepare(copy->transfer->from, read, &copy->read, error) &&
                prepare(copy->transfer->into, write, &copy->write, error);
    if (done)
        copy->rules = rules_find(copy->read, table);
    memory_free(read);
    memory_free(write);
    return done;
}

bool table_copy_open(struct table_copy *copy, struct transfer *transfer, const char *table,
                     const char *where, const char *verb, struct error *error)
{
    *copy = (struct table_copy){.transfer = transfer};
    struct memory_stream names_stream, marks_stream;
    FILE *names_out = memory_stream_open(&names_stream);
    FILE *marks_out = memory_stream_open(&marks_stream);
    bool done = list_columns(copy, table, names_out, marks_out, error);
    char *names = memory_stream_close(&names_stream), *marks = memory_stream_close(&marks_stream);
    done = done && prepare_copy(copy, table, where, verb, names, marks, error);
    memory_free(names);
    memory_free(marks);
    return done;
}

void table_copy_close(struct table_copy *copy)
{
    sqlite3_finalize(copy->read);
    sqlite3_finalize(copy->write);
    memory_free(copy->references);
    memory_free(copy->rules.columns);
    *copy = (struct table_copy){0};
}

/* A column of the row at hand, with the number that the other store has for what it refers to. */
static bool bind_column(struct table_copy *copy, int column, struct error *error)
{
    const struct reference *reference = copy->references[column];
    int64_t number = 0;
    int code;
    if (reference == NULL || sqlite3_column_type(copy->read, column) == SQLITE_NULL) {
        code =
            sqlite3_bind_value(copy->write, column + 1, sqlite3_column_value(copy->read, column));
    } else {
        if (!translate(copy->transfer, reference, sqlite3_column_int64(copy->read, column), &number,
                       error))
            return false;
        code = sqlite3_bind_int64(copy->write, column + 1, number);
    }
    return code == SQLITE_OK || store_failed(copy->transfer->into, error);
}

/* A row is checked, bound and written. */
static bool write_row(struct table_copy *copy, struct error *error)
{
    bool bound = rules_check(&copy->rules, copy->read, copy->transfer->from, error);
    for (int i = 0; i < copy->count && bound; i++)
        bound = bind_column(copy, i, error);
    if (!bound)
        return false;
    store_next(copy->transfer->into, copy->write, error);
    return error->kind == ERROR_NONE;
}

bool table_copy_run(struct table_copy *copy, int64_t key, struct error *error)
{
    if (sqlite3_bind_parameter_count(copy->read) > 0 &&
        sqlite3_bind_int64(copy->read, 1, key) != SQLITE_OK)
        return store_failed(copy->transfer->from, error);
    bool done = true;
    while (done && store_next(copy->transfer->from, copy->read, error))
        done = write_row(copy, error);
    sqlite3_reset(copy->read);
    return done && error->kind == ERROR_NONE;
}

/* Stores of earlier versions have fewer tables. */
static bool has_table(const struct transfer *transfer, const char *table, bool *has,
                      struct error *error)
{
    struct name_set columns = {0};
    const bool done = schema_columns(transfer->from, table, &columns, error);
    *has = columns.tree != NULL;
    name_set_clear(&columns);
    return done;
}

bool transfer_table(struct transfer *transfer, const char *table, struct error *error)
{
    struct table_copy copy;
    bool has = false;
    if (!has_table(transfer, table, &has, error) || !has)
        return error->kind == ERROR_NONE;
    bool done = table_copy_open(&copy, transfer, table, "", "INSERT OR IGNORE", error) &&
                table_copy_run(&copy, 0, error);
    table_copy_close(&copy);
    return done;
}

/* --- What trials refer to -------------------------------------------------------------------- */

/* Numbers the rows of a table, or what it holds numbers of: `read` gives each with its key, in one
 * or two texts, by ascending number, and `find`, where it is not NULL, looks for the key in the
 * destination. */
static bool number_rows(struct transfer *transfer, const char *table, const char *read,
                        const char *find, struct numbering *numbering, struct error *error)
{
    sqlite3_stmt *here = NULL, *there = NULL;
    bool done = prepare(transfer->from, read, &here, error) &&
                (find == NULL || prepare(transfer->into, find, &there, error));
    struct rules rules = done ? rules_find(here, table) : (struct rules){0};
    while (done && store_next(transfer->from, here, error)) {
        int64_t other = 0;
        done = rules_check(&rules, here, transfer->from, error);
        for (int i = 1; find != NULL && i <= sqlite3_bind_parameter_count(there) && done; i++)
            done = sqlite3_bind_value(there, i, sqlite3_column_value(here, i)) == SQLITE_OK ||
                   store_failed(transfer->into, error);
        if (done && find != NULL && store_next(transfer->into, there, error))
            other = sqlite3_column_int64(there, 0);
        sqlite3_reset(there);
        done = done && error->kind == ERROR_NONE;
        if (done && !numbering_add(numbering, sqlite3_column_int64(here, 0), other))
            done = store_damaged(transfer->from, error, "numbers of %s are out of order", table);
    }
    sqlite3_finalize(here);
    sqlite3_finalize(there);
    memory_free(rules.columns);
    return done && error->kind == ERROR_NONE;
}

/* A machine is known by some of what is recorded of it (measure/machine/machine.h). */
static bool number_machines(struct transfer *transfer, struct error *error)
{
    sqlite3_stmt *statement = store_query(transfer->from, STATEMENT_LIST_MACHINES, NULL, 0, error);
    while (statement != NULL && store_next(transfer->from, statement, error)) {
        int64_t number = sqlite3_column_int64(statement, 0), other;
        if (!store_add_machine(transfer->into, column_text(statement, 1), &other, error))
            break;
        numbering_add(&transfer->machines, number, other);
    }
    if (statement != NULL)
        sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

bool transfer_open(struct transfer *transfer, struct store *from, struct store *into,
                   struct error *error)
{
    *transfer = (struct transfer){.from = from, .into = into};
    return number_rows(transfer, "trial",
                       "SELECT DISTINCT shared FROM trial WHERE shared IS NOT NULL"
                       " ORDER BY shared",
                       NULL, &transfer->groups, error) &&
           store_ask(into, STATEMENT_LAST_SHARED, NULL, 0, &transfer->last_group, error) &&
           number_machines(transfer, error) && transfer_table(transfer, "data", error) &&
           number_rows(transfer, "data", "SELECT id, description, digest FROM data ORDER BY id",
                       "SELECT id FROM data WHERE description = ? AND digest = ?", &transfer->data,
                       error) &&
           transfer_table(transfer, "configuration", error) &&
           number_rows(transfer, "configuration", "SELECT id, key FROM configuration ORDER BY id",
                       "SELECT id FROM configuration WHERE key = ?", &transfer->configurations,
                       error);
}

void transfer_clear(struct transfer *transfer)
{
    numbering_clear(&transfer->machines);
    numbering_clear(&transfer->data);
    numbering_clear(&transfer->configurations);
    numbering_clear(&transfer->groups);
    *transfer = (struct transfer){0};
}
