/* SPDX-License-Identifier: MIT
 *
 * Each store has a connection of its own: of databases that are attached to one connection SQLite
 * allows ten. A row is read from the one and bound to a statement of the other.
 */
#include "store/transfer.h"

#include "base/memory.h"
#include "base/memory_stream.h"

#include <stdio.h>
#include <string.h>

/* --- Numbers --------------------------------------------------------------------------------- */

int64_t numbering_find(const struct numbering *numbering, int64_t number)
{
    return number > 0 && (size_t)number < numbering->count ? numbering->of[number] : 0;
}

static bool numbering_open(struct numbering *numbering, struct store *from, const char *sql,
                           struct error *error)
{
    int64_t largest = 0;
    if (!store_number(from, sql, &largest, error))
        return false;
    numbering->count = (size_t)largest + 1;
    numbering->of = memory_allocate(numbering->count, sizeof *numbering->of);
    return true;
}

/* What the column of that name holds numbers of. */
struct numbered {
    const char *column;
    size_t offset; /* of its numbering in struct transfer */
};

static const struct numbered numbered_columns[] = {
    {"machine", offsetof(struct transfer, machines)},
    {"data", offsetof(struct transfer, data)},
    {"configuration", offsetof(struct transfer, configurations)},
    {"shared", offsetof(struct transfer, groups)},
    {"trial", 0},
};
enum { NUMBERED = sizeof numbered_columns / sizeof *numbered_columns };

static const struct numbered *kind_of(const char *column)
{
    for (size_t i = 0; i < NUMBERED; i++)
        if (strcmp(numbered_columns[i].column, column) == 0)
            return &numbered_columns[i];
    return NULL;
}

/* A group that is not there yet gets the next number. */
static int64_t translate(struct transfer *transfer, const struct numbered *kind, int64_t number)
{
    if (kind->offset == 0)
        return transfer->trial;
    struct numbering *numbering = (struct numbering *)(void *)((char *)transfer + kind->offset);
    if (numbering == &transfer->groups && numbering_find(numbering, number) == 0)
        numbering->of[number] = ++transfer->last_group;
    return numbering_find(numbering, number);
}

/* --- A table --------------------------------------------------------------------------------- */

static bool prepare(struct store *store, const char *sql, sqlite3_stmt **statement,
                    struct error *error)
{
    return sqlite3_prepare_v2(store->db, sql, -1, statement, NULL) == SQLITE_OK ||
           store_failed(store, error);
}

static bool has_column(struct store *store, const char *table, const char *column, bool *has,
                       struct error *error)
{
    int64_t count = 0;
    char *sql = sqlite3_mprintf("SELECT count(*) FROM pragma_table_info(%Q) WHERE name = %Q", table,
                                column);
    if (sql == NULL)
        memory_exhausted(1, 1);
    bool done = store_number(store, sql, &count, error);
    sqlite3_free(sql);
    *has = count > 0;
    return done;
}

/* The columns that both have, but for `id`: names with commas into `names`, marks into `marks`. */
static bool list_columns(struct table_copy *copy, const char *table, FILE *names, FILE *marks,
                         struct error *error)
{
    struct transfer *transfer = copy->transfer;
    sqlite3_stmt *statement = NULL;
    size_t capacity = 0;
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s') WHERE name <> 'id'", table);
    bool done = prepare(transfer->into, sql, &statement, error);
    while (done && store_next(transfer->into, statement, error)) {
        const char *name = column_text(statement, 0);
        bool has = false;
        done = has_column(transfer->from, table, name, &has, error);
        if (!has)
            continue;
        fprintf(names, "%s\"%s\"", copy->count > 0 ? ", " : "", name);
        fprintf(marks, "%s?", copy->count > 0 ? ", " : "");
        copy->kinds =
            memory_grow(copy->kinds, &capacity, (size_t)copy->count + 1, sizeof *copy->kinds);
        copy->kinds[copy->count++] = kind_of(name);
    }
    sqlite3_finalize(statement);
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
    memory_free(copy->kinds);
    *copy = (struct table_copy){0};
}

/* A row is bound and written. */
static bool write_row(struct table_copy *copy, struct error *error)
{
    bool bound = true;
    for (int i = 0; i < copy->count && bound; i++) {
        bool is_null = sqlite3_column_type(copy->read, i) == SQLITE_NULL;
        if (copy->kinds[i] == NULL || is_null)
            bound = sqlite3_bind_value(copy->write, i + 1, sqlite3_column_value(copy->read, i)) ==
                    SQLITE_OK;
        else
            bound = sqlite3_bind_int64(copy->write, i + 1,
                                       translate(copy->transfer, copy->kinds[i],
                                                 sqlite3_column_int64(copy->read, i))) == SQLITE_OK;
    }
    if (!bound)
        return store_failed(copy->transfer->into, error);
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

bool transfer_table(struct transfer *transfer, const char *table, struct error *error)
{
    struct table_copy copy;
    bool done = table_copy_open(&copy, transfer, table, "", "INSERT OR IGNORE", error) &&
                table_copy_run(&copy, 0, error);
    table_copy_close(&copy);
    return done;
}

/* --- What trials refer to -------------------------------------------------------------------- */

/* Numbers the rows of a table: `read` gives each with its key, in one or two texts, and `find`
 * looks for that in the destination. */
static bool number_rows(struct transfer *transfer, const char *read, const char *find,
                        struct numbering *numbering, struct error *error)
{
    sqlite3_stmt *here = NULL, *there = NULL;
    bool done =
        prepare(transfer->from, read, &here, error) && prepare(transfer->into, find, &there, error);
    while (done && store_next(transfer->from, here, error)) {
        int keys = sqlite3_bind_parameter_count(there);
        for (int i = 1; i <= keys && done; i++)
            done = sqlite3_bind_value(there, i, sqlite3_column_value(here, i)) == SQLITE_OK ||
                   store_failed(transfer->into, error);
        if (done && store_next(transfer->into, there, error))
            numbering->of[sqlite3_column_int64(here, 0)] = sqlite3_column_int64(there, 0);
        sqlite3_reset(there);
        done = done && error->kind == ERROR_NONE;
    }
    sqlite3_finalize(here);
    sqlite3_finalize(there);
    return done && error->kind == ERROR_NONE;
}

static bool open_numberings(struct transfer *transfer, struct error *error)
{
    return numbering_open(&transfer->machines, transfer->from,
                          "SELECT coalesce(max(id), 0) FROM machine", error) &&
           numbering_open(&transfer->data, transfer->from, "SELECT coalesce(max(id), 0) FROM data",
                          error) &&
           numbering_open(&transfer->configurations, transfer->from,
                          "SELECT coalesce(max(id), 0) FROM configuration", error) &&
           numbering_open(&transfer->groups, transfer->from,
                          "SELECT coalesce(max(shared), 0) FROM trial", error) &&
           store_number(transfer->into, "SELECT coalesce(max(shared), 0) FROM trial",
                        &transfer->last_group, error);
}

bool transfer_open(struct transfer *transfer, struct store *from, struct store *into,
                   struct error *error)
{
    *transfer = (struct transfer){.from = from, .into = into};
    return open_numberings(transfer, error) && transfer_table(transfer, "machine", error) &&
           number_rows(transfer, "SELECT id, json FROM machine",
                       "SELECT id FROM machine WHERE json = ?", &transfer->machines, error) &&
           transfer_table(transfer, "data", error) &&
           number_rows(transfer, "SELECT id, description, digest FROM data",
                       "SELECT id FROM data WHERE description = ? AND digest = ?", &transfer->data,
                       error) &&
           transfer_table(transfer, "configuration", error) &&
           number_rows(transfer, "SELECT id, key FROM configuration",
                       "SELECT id FROM configuration WHERE key = ?", &transfer->configurations,
                       error);
}

void transfer_clear(struct transfer *transfer)
{
    memory_free(transfer->machines.of);
    memory_free(transfer->data.of);
    memory_free(transfer->configurations.of);
    memory_free(transfer->groups.of);
    *transfer = (struct transfer){0};
}
