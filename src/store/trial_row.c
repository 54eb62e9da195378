/* SPDX-License-Identifier: MIT
 *
 * Statements are composed from the columns, and values are bound and read in the order of the
 * columns: no place in a statement is written down twice.
 */
#include "store/trial_row.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "store/hyperparameter_cell.h"

#include <stdio.h>
#include <string.h>

/* --- Statements ------------------------------------------------------------------------------ */

char *trial_row_sql_create(void)
{
    struct memory_stream sql;
    FILE *out = memory_stream_open(&sql);
    fputs("CREATE TABLE trial (", out);
    for (size_t i = 0; i < trial_column_count; i++) {
        const struct trial_column *column = &trial_columns[i];
        if (!trial_column_is_recorded(column))
            continue;
        fprintf(out, "\n  %s %s,", column->name, column->sql);
        if (column->help != NULL)
            fprintf(out, " /* %s%s%s */", column->unit != NULL ? column->unit : "",
                    column->unit != NULL ? "; " : "", column->help);
    }
    fputs("\n  UNIQUE (configuration, final, repeat, attempt))", out);
    return memory_stream_close(&sql);
}

/* Names, or marks for the values that are bound; the moment is not. */
static void write_recorded(bool marks, FILE *out)
{
    const char *separator = "", *now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
    for (size_t i = 0; i < trial_column_count; i++) {
        const struct trial_column *column = &trial_columns[i];
        if (!trial_column_is_recorded(column))
            continue;
        const char *mark = column->kind == COLUMN_MOMENT ? now : "?";
        fprintf(out, "%s%s", separator, marks ? mark : column->name);
        separator = ", ";
    }
}

char *trial_row_sql_add(void)
{
    struct memory_stream sql;
    FILE *out = memory_stream_open(&sql);
    fputs("INSERT INTO trial (", out);
    write_recorded(false, out);
    fputs(") VALUES (", out);
    write_recorded(true, out);
    fputs(")", out);
    return memory_stream_close(&sql);
}

/* Columns say which table they are of, so that their values can be checked (rules.h). */
static void write_choices(const struct name_set *present, FILE *out)
{
    char name[HYPERPARAMETER_TEXT];
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const char *separator = i > 0 ? ", " : "";
        hyperparameter_column(&hyperparameters[i], name, sizeof name);
        if (name_set_has(present, name))
            fprintf(out, "%sc.\"%s\" AS 'configuration.%s'", separator, name, name);
        else
            fprintf(out, "%sNULL", separator);
    }
}

static void write_selected(const struct trial_column *column, const struct name_set *present,
                           const struct name_set *plan, FILE *out)
{
    if (column->needs != NULL && !name_set_has(plan, column->needs))
        fputs("0", out);
    else if (column->selected != NULL)
        fputs(column->selected, out);
    else if (name_set_has(present, column->name))
        fprintf(out, "t.%s AS 'trial.%s'", column->name, column->name);
    else
        fputs("NULL", out);
}

char *trial_row_sql_read(struct store *store, struct error *error)
{
    struct name_set choices = {0}, present = {0}, plan = {0};
    struct memory_stream sql;
    bool done = schema_columns(store, "configuration", &choices, error) &&
                schema_columns(store, "trial", &present, error) &&
                schema_columns(store, "plan", &plan, error);
    FILE *out = memory_stream_open(&sql);
    const char *separator = "SELECT ";
    for (size_t i = 0; i < trial_column_count; i++) {
        const struct trial_column *column = &trial_columns[i];
        if (!trial_column_is_read(column))
            continue;
        fputs(separator, out);
        if (column->kind == COLUMN_CHOICES)
            write_choices(&choices, out);
        else
            write_selected(column, &present, &plan, out);
        separator = ", ";
    }
    fputs(" FROM configuration c JOIN data d ON d.id = c.data"
          " LEFT JOIN plan p ON p.configuration = c.id AND p.mine"
          " LEFT JOIN trial t ON t.configuration = c.id"
          " LEFT JOIN optimum o ON o.digest = d.digest AND o.lambda = c.lambda"
          " AND o.status = 'found'"
          " WHERE p.position IS NOT NULL OR t.id IS NOT NULL"
          " ORDER BY p.position IS NULL, p.position, c.id, t.final, t.repeat, t.attempt",
          out);
    char *text = memory_stream_close(&sql);
    name_set_clear(&choices);
    name_set_clear(&present);
    name_set_clear(&plan);
    if (done)
        return text;
    memory_free(text);
    return NULL;
}

/* --- Writing --------------------------------------------------------------------------------- */

static struct cell cell_of(const struct trial_column *column, const struct stored_trial *row)
{
    switch (column->kind) {
    case COLUMN_REAL:
        return cell_real(trial_column_real(column, row));
    case COLUMN_INTEGER:
        if (!trial_column_is_missing(column, row))
            return cell_integer(trial_column_integer(column, row));
        break;
    case COLUMN_STATUS:
    case COLUMN_TEXT:
    case COLUMN_CHARACTERS:
        return cell_text(trial_column_text(column, row));
    case COLUMN_WEIGHTS:
        return (struct cell){.type = CELL_BLOB,
                             .data = row->weights,
                             .bytes = (size_t)row->features * sizeof *row->weights};
    case COLUMN_BOOLEAN:
    case COLUMN_MOMENT:
    case COLUMN_CHOICES:
        break;
    }
    return (struct cell){.type = CELL_NULL};
}

bool trial_row_add(struct store *store, const struct stored_trial *row, int64_t *id,
                   struct error *error)
{
    struct cell *cells = memory_allocate(trial_column_count, sizeof *cells);
    size_t count = 0;
    for (size_t i = 0; i < trial_column_count; i++)
        if (trial_column_is_recorded(&trial_columns[i]) && trial_columns[i].kind != COLUMN_MOMENT)
            cells[count++] = cell_of(&trial_columns[i], row);
    bool done = store_run(store, STATEMENT_ADD_TRIAL, cells, count, error);
    memory_free(cells);
    *id = sqlite3_last_insert_rowid(store->db);
    return done;
}

/* --- Reading --------------------------------------------------------------------------------- */

static bool read_choices(struct store *store, sqlite3_stmt *statement, int *at,
                         struct configuration *configuration, struct error *error)
{
    char reason[1024];
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (!hyperparameter_from_cell(&hyperparameters[i], statement, (*at)++, configuration,
                                      reason, sizeof reason))
            return error_usage(error, "%s: recorded by another descent: %s", store->folder, reason);
    return true;
}

/* Texts are kept in blocks, and stay where they are. */
enum { BLOCK_BYTES = 65536 };
struct text_block {
    struct text_block *next;
    size_t used, size;
    char text[];
};

const char *stored_trials_keep(struct stored_trials *list, const char *text)
{
    const size_t size = strlen(text) + 1;
    struct text_block *block = list->texts;
    if (block == NULL || size > block->size - block->used) {
        const size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        block = memory_resize(NULL, sizeof *block + room, 1);
        *block = (struct text_block){.next = list->texts, .size = room};
        list->texts = block;
    }
    char *kept = memcpy(block->text + block->used, text, size);
    block->used += size;
    return kept;
}

void stored_trials_clear(struct stored_trials *list)
{
    while (list->texts != NULL) {
        struct text_block *next = list->texts->next;
        memory_free(list->texts);
        list->texts = next;
    }
    memory_free(list->rows);
    *list = (struct stored_trials){0};
}

/* Most rows have the data set and the kernel of the one before. */
static const char *share_text(struct stored_trials *list, const struct trial_column *column,
                              const struct stored_trial *before, const char *text)
{
    const char *same = before != NULL ? trial_column_text(column, before) : "";
    return strcmp(same, text) == 0 ? same : stored_trials_keep(list, text);
}

static void read_field(sqlite3_stmt *statement, int at, const struct trial_column *column,
                       const struct stored_trial *before, struct stored_trials *list,
                       struct stored_trial *row)
{
    void *field = (char *)row + column->offset;
    switch (column->kind) {
    case COLUMN_INTEGER:
        *(int64_t *)field = sqlite3_column_int64(statement, at);
        break;
    case COLUMN_REAL:
        *(double *)field = column_real(statement, at);
        break;
    case COLUMN_BOOLEAN:
        *(bool *)field = sqlite3_column_int(statement, at) != 0;
        break;
    case COLUMN_STATUS:
        *(enum trial_status *)field = trial_status_find(column_text(statement, at));
        break;
    case COLUMN_TEXT:
        *(const char **)field = share_text(list, column, before, column_text(statement, at));
        break;
    case COLUMN_CHARACTERS:
        snprintf(field, column->size, "%s", column_text(statement, at));
        break;
    case COLUMN_WEIGHTS:
    case COLUMN_MOMENT:
    case COLUMN_CHOICES:
        break;
    }
}

bool trial_row_read(struct store *store, sqlite3_stmt *statement, const struct stored_trial *before,
                    struct stored_trials *list, struct stored_trial *row, struct error *error)
{
    bool done = true;
    int at = 0;
    for (size_t i = 0; i < trial_column_count && done; i++) {
        const struct trial_column *column = &trial_columns[i];
        if (column->kind == COLUMN_CHOICES)
            done = read_choices(store, statement, &at, &row->values, error);
        else if (trial_column_is_read(column))
            read_field(statement, at++, column, before, list, row);
    }
    return done;
}
