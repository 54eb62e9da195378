/* SPDX-License-Identifier: MIT
 *
 * What is said of columns that cannot be used: of one, its cell with a caret; of several, a line
 * each, and last the option that leaves them all out.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"

#include <string.h>

enum {
    FAULTS_SHOWN = 6,   /* of columns, in a message */
    FAULT_LENGTH = 220, /* of what is said of each of several */
    OPERANDS_LENGTH = 300
};

/* --- What is said ------------------------------------------------------------------------------
 */

/* Has another column the same name, so that it would name both? */
static bool is_twice(const struct csv_layout *layout, size_t c)
{
    const struct csv_field *field = &layout->fields[c];
    for (size_t other = 0; other < layout->columns; other++)
        if (other != c && layout->fields[other].length == field->length &&
            memcmp(layout->fields[other].text, field->text, field->length) == 0)
            return true;
    return false;
}

void csv_column_operand(const struct csv_layout *layout, size_t c, FILE *out)
{
    const struct csv_field *field = &layout->fields[c];
    bool plain = layout->header && field->length > 0;
    for (size_t i = 0; i < field->length && plain; i++) {
        char byte = field->text[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
                      ((unsigned char)byte & 0x80) != 0;
        bool other = (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
        plain = letter || (other && i > 0);
    }
    if (!plain || is_twice(layout, c)) {
        fprintf(out, "%zu", csv_place(layout, c) + 1);
        return;
    }
    char *name = text_from_csv(field->text, field->length);
    fputs(name, out);
    memory_free(name);
}

/* The field of column c in the line at `p`. */
static struct csv_field field_find(const struct csv_layout *layout, const char *p, size_t c)
{
    struct csv_field field = {NULL, 0, false};
    for (size_t place = 0; place <= csv_place(layout, c); place++)
        p = csv_field_read(p, layout->delimiter, &field) + 1;
    return field;
}

/* The same of the rows that are here. */
static bool first_find(const struct csv_columns *all, const struct csv_column *column,
                       struct csv_field *cell, size_t *row)
{
    const struct dataset *data = all->data;
    for (size_t i = 0; i < all->block_count; i++) {
        const struct block *block = &all->blocks[i];
        if (block->texts == NULL || block->texts->tally[column->c].texts == 0)
            continue;
        const char *line = block->begin;
        uint32_t number;
        size_t at = block->first_row;
        for (; !csv_value_is_text(data->X[at * data->features + column->feature], &number); at++)
            line = strchr(line, '\n') + 1;
        *row = data->first_row + at;
        *cell = field_find(all->layout, line, column->c);
        return true;
    }
    return false;
}

bool csv_column_first(const struct csv_columns *all, const struct csv_column *column,
                      struct csv_field *cell, size_t *row)
{
    bool found = first_find(all, column, cell, row);
    return csv_ranks_first(all, found, cell, row);
}

/* What is wrong with a column, as a text to be freed, and where. */
struct fault {
    char *words;
    struct csv_line line; /* begin: NULL, where no cell is to blame */
    bool in_first;        /* it is in the first line, which was taken for a row */
};

static struct fault fault_describe(const struct csv_columns *all, const struct csv_column *column)
{
    const struct csv_layout *layout = all->layout;
    struct fault fault = {NULL, {NULL, {layout->path, 0, 0}}, false};
    struct csv_field cell = {"", 0, false};
    size_t row = 0;
    if (csv_column_first(all, column, &cell, &row)) {
        fault.line = csv_line_at(layout, cell.text, row);
        fault.in_first = !layout->header && fault.line.place.line == 1;
    }
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    column->kind->refuse(layout, column, &cell, out);
    fault.words = memory_stream_close(&stream);
    return fault;
}

static bool refuse_one(const struct csv_columns *all, const struct csv_column *column,
                       struct error *error)
{
    struct fault fault = fault_describe(all, column);
    const char *hint = fault.in_first ? csv_header_hint : "";
    if (fault.line.begin != NULL)
        error_at(error, fault.line.place, fault.line.begin, "%s%s", fault.words, hint);
    else
        error_usage(error, "%s: %s", all->layout->path, fault.words);
    memory_free(fault.words);
    return false;
}

/* One line for a column among several: "  12:5: 'abc' in column 3 ...". Is it about the first line?
 */
static bool fault_write(const struct csv_columns *all, const struct csv_column *column, FILE *out)
{
    struct fault fault = fault_describe(all, column);
    fputs("\n  ", out);
    if (fault.line.begin != NULL)
        fprintf(out, "%zu:%zu: ", fault.line.place.line, fault.line.place.column);
    bool cut = strlen(fault.words) > FAULT_LENGTH;
    fprintf(out, "%.*s%s", FAULT_LENGTH, fault.words, cut ? "..." : "");
    memory_free(fault.words);
    return fault.in_first;
}

/* "--drop a,b,c", as far as it is short enough. */
static void drops_write(const struct csv_columns *all, size_t count, FILE *out)
{
    if (2 * count > OPERANDS_LENGTH) /* a letter and a comma each */
        return;
    struct memory_stream stream;
    FILE *list = memory_stream_open(&stream);
    const char *before = "";
    for (size_t k = 0; k < all->count; k++)
        if (all->columns[k].kind->refuse != NULL) {
            fputs(before, list);
            csv_column_operand(all->layout, all->columns[k].c, list);
            before = ",";
        }
    char *operands = memory_stream_close(&stream);
    if (strlen(operands) <= OPERANDS_LENGTH)
        fprintf(out, "\nto leave them all out: --drop %s", operands);
    memory_free(operands);
}

static bool refuse_several(const struct csv_columns *all, size_t count, struct error *error)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    size_t shown = 0;
    bool in_first = false;
    for (size_t k = 0; k < all->count && shown < FAULTS_SHOWN; k++)
        if (all->columns[k].kind->refuse != NULL) {
            in_first = fault_write(all, &all->columns[k], out) || in_first;
            shown++;
        }
    if (count > shown)
        fprintf(out, "\n  and %zu more; descent data tells of each", count - shown);
    if (all->layout->wanted == NULL) /* a model needs all of them */
        drops_write(all, count, out);
    if (in_first)
        fprintf(out, "\n%s", csv_header_hint + strlen("; "));
    char *words = memory_stream_close(&stream);
    error_usage(error,
                "%s: %zu columns cannot be used as they are (line:column):", all->layout->path,
                count);
    error_append(error, words);
    memory_free(words);
    return false;
}

bool csv_kinds_check(const struct csv_columns *all, struct error *error)
{
    size_t count = 0;
    const struct csv_column *first = NULL;
    for (size_t k = 0; k < all->count; k++)
        if (all->columns[k].kind->refuse != NULL) {
            first = count++ == 0 ? &all->columns[k] : first;
        }
    if (count == 0)
        return true;
    return count == 1 ? refuse_one(all, first, error) : refuse_several(all, count, error);
}
