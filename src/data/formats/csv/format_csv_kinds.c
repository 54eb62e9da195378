/* SPDX-License-Identifier: MIT
 *
 * What a column is, by rules that stand in one table: the first that applies. A column that cannot
 * be used as it is, is refused, with what makes it so and the ways out; all such columns of a file
 * at once, so that one run tells everything.
 *
 *   - Most of its values are numbers, and some are texts: each of these is a mistake, a mark of a
 *     missing value, or the sign that the numbers are codes. Only the user knows.
 *   - Dates and times would become as many categories as there are days.
 *   - More than CSV_TEXTS_MOST distinct texts, or, in more than ROWS_FEW rows, more than half as
 *     many as there are rows, are names and remarks, not categories: a model would learn them by
 *     heart. It stays possible to say that they are categories.
 *   - "1,234" may be a thousand and some, or one and some.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "data/formats/number_parse.h"

#include <math.h>
#include <string.h>

enum {
    SHOWN = 40,         /* bytes of a text that are quoted */
    ROWS_FEW = 20,      /* so few rows may all have another text */
    FAULTS_SHOWN = 6,   /* of columns, in a message */
    FAULT_LENGTH = 220, /* of what is said of each of several */
    OPERANDS_LENGTH = 300
};

/* --- What applies ------------------------------------------------------------------------------
 */

static bool is_asked(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->asked && !column->full;
}

static bool is_asked_full(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->asked && column->full;
}

static bool is_not_models(const struct csv_layout *layout, const struct csv_column *column)
{
    return layout->wanted != NULL && column->texts > 0;
}

static bool is_empty(const struct csv_layout *layout, const struct csv_column *column)
{
    return layout->wanted == NULL && column->texts == 0 && column->numbers == 0;
}

static bool is_number(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->texts == 0;
}

/* Are all texts numbers, if commas in them are decimals or thousands? */
static bool has_commas(const struct csv_layout *layout, const struct csv_column *column)
{
    double number;
    size_t commas = 0, numbers = 0;
    for (size_t i = 0; column->values != NULL && i < column->distinct; i++) {
        const char *text = column->values[i];
        commas += csv_text_has_comma(text, strlen(text));
        numbers += number_parse_whole(text, strlen(text), &number);
    }
    return !layout->decimal_told && commas > 0 && commas + numbers == column->distinct;
}

static bool is_date(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    size_t dates = 0;
    for (size_t i = 0; column->values != NULL && i < column->distinct; i++)
        dates += csv_text_is_date(column->values[i]);
    return column->values != NULL && dates == column->distinct && column->numbers == 0;
}

static bool is_mixed(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->numbers > 0;
}

static bool is_too_many(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->full || (column->rows > ROWS_FEW && 2 * column->distinct > column->rows);
}

static bool is_rest(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout, (void)column;
    return true;
}

/* --- Why it is refused -------------------------------------------------------------------------
 */

static void name_write(const struct csv_layout *layout, const struct csv_column *column, FILE *out)
{
    char name[CSV_COLUMN_NAME];
    fputs(csv_column_name(layout, column->c, name), out);
}

static void cell_write(const struct csv_field *cell, FILE *out)
{
    char *text = text_from_csv(cell->text, cell->length);
    fprintf(out, "'%.*s'", SHOWN, text);
    memory_free(text);
}

static void way_write(const struct csv_layout *layout, const struct csv_column *column,
                      const char *option, FILE *out)
{
    fprintf(out, "--%s ", option);
    csv_column_operand(layout, column->c, out);
}

static void refuse_asked(const struct csv_layout *layout, const struct csv_column *column,
                         const struct csv_field *cell, FILE *out)
{
    name_write(layout, column, out);
    fputs(" has more than a million distinct texts, as ", out);
    cell_write(cell, out);
    fputs("; leave it out: ", out);
    way_write(layout, column, "drop", out);
}

/* "'abc' in column 3 (age) is not a number" */
static void number_refuse(const struct csv_layout *layout, const struct csv_column *column,
                          const struct csv_field *cell, FILE *out)
{
    double value;
    cell_write(cell, out);
    fputs(" in ", out);
    name_write(layout, column, out);
    if (number_not_finite(cell->text, cell->length))
        fputs(" is not a finite number", out);
    else if (csv_number_read(layout, cell->text, cell->length, &value))
        fputs(" is too large for a double (1.8e308 at most)", out);
    else
        fputs(" is not a number", out);
}

static void refuse_not_models(const struct csv_layout *layout, const struct csv_column *column,
                              const struct csv_field *cell, FILE *out)
{
    number_refuse(layout, column, cell, out);
    fputs(", and the model was trained on numbers there", out);
    if (layout->delimiter != ',' && csv_text_has_comma(cell->text, cell->length))
        fputs("; if commas are decimals: --decimal comma", out);
}

static void refuse_empty(const struct csv_layout *layout, const struct csv_column *column,
                         const struct csv_field *cell, FILE *out)
{
    (void)cell;
    name_write(layout, column, out);
    fputs(" has no value in any row; leave it out: ", out);
    way_write(layout, column, "drop", out);
}

static void refuse_commas(const struct csv_layout *layout, const struct csv_column *column,
                          const struct csv_field *cell, FILE *out)
{
    cell_write(cell, out);
    fputs(" in ", out);
    name_write(layout, column, out);
    fputs(" is a number with a comma for its decimals or its thousands; say --decimal comma for "
          "decimals, or take the commas of thousands out of the file",
          out);
}

static void refuse_date(const struct csv_layout *layout, const struct csv_column *column,
                        const struct csv_field *cell, FILE *out)
{
    name_write(layout, column, out);
    fputs(" has dates or times, as ", out);
    cell_write(cell, out);
    fputs("; leave it out: ", out);
    way_write(layout, column, "drop", out);
}

static void refuse_mixed(const struct csv_layout *layout, const struct csv_column *column,
                         const struct csv_field *cell, FILE *out)
{
    number_refuse(layout, column, cell, out);
    fprintf(out, ", and %zu of %zu values are; if it marks a missing value: --missing-tokens ",
            column->numbers, column->numbers + column->texts);
    char *text = text_from_csv(cell->text, cell->length);
    text_write_word(text, out);
    memory_free(text);
    fputs("; if these are categories: ", out);
    way_write(layout, column, "category", out);
    fputs("; else ", out);
    way_write(layout, column, "drop", out);
}

static void refuse_too_many(const struct csv_layout *layout, const struct csv_column *column,
                            const struct csv_field *cell, FILE *out)
{
    name_write(layout, column, out);
    if (column->full)
        fprintf(out, " has more than %d distinct texts, as ", CSV_TEXTS_MOST);
    else
        fprintf(out, " has %zu distinct texts in %zu rows, as ", column->distinct, column->rows);
    cell_write(cell, out);
    fputs("; leave it out: ", out);
    way_write(layout, column, "drop", out);
    fputs("; if they are categories all the same: ", out);
    way_write(layout, column, "category", out);
}

/* --- The table ---------------------------------------------------------------------------------
 */

static const struct csv_kind kinds[] = {
    {"category", true, is_asked, "category, as was said", NULL},
    {"too many texts", false, is_asked_full, NULL, refuse_asked},
    {"text", false, is_not_models, NULL, refuse_not_models},
    {"empty", false, is_empty, NULL, refuse_empty},
    {"number", false, is_number, "number", NULL},
    {"commas", false, has_commas, NULL, refuse_commas},
    {"date or time", false, is_date, NULL, refuse_date},
    {"mixed", false, is_mixed, NULL, refuse_mixed},
    {"too many texts", false, is_too_many, NULL, refuse_too_many},
    {"category", true, is_rest, "category", NULL},
};

const struct csv_kind *csv_kind_of(const struct csv_layout *layout, const struct csv_column *column)
{
    const struct csv_kind *kind = kinds;
    while (!kind->applies(layout, column))
        kind++;
    return kind;
}

/* --- What is said ------------------------------------------------------------------------------
 */

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
    if (!plain) {
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

bool csv_column_first(const struct csv_columns *all, const struct csv_column *column,
                      struct csv_field *cell, size_t *row)
{
    const struct dataset *data = all->data;
    for (size_t i = 0; i < all->block_count; i++) {
        const struct block *block = &all->blocks[i];
        if (block->texts == NULL || block->texts->tally[column->c].texts == 0)
            continue;
        const char *line = block->begin;
        uint32_t number;
        for (*row = block->first_row;
             !csv_value_is_text(data->X[*row * data->features + column->feature], &number); ++*row)
            line = strchr(line, '\n') + 1;
        *cell = field_find(all->layout, line, column->c);
        return true;
    }
    return false;
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
        fault.line = csv_line_at(layout, cell.text, all->data->first_row + row);
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
static void drops_write(const struct csv_columns *all, FILE *out)
{
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
    drops_write(all, out);
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
