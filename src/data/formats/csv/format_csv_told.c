/* SPDX-License-Identifier: MIT
 *
 * The table of columns that `descent data` prints, before anything is decided for the user: what
 * each column is, how many distinct values it has, how many are missing, what they look like, and
 * what is done with it. Numbers are looked at here alone: one that is the same in all rows tells
 * nothing, and whole numbers of which no two are equal, close together, are most likely the numbers
 * of rows.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum {
    COLUMNS_SHOWN = 60,
    NAME_WIDTH = 20,
    EXAMPLES = 3,
    EXAMPLE_SHOWN = 16,
    EXAMPLES_WIDTH = 30,
    ROWS_FEW = 20
};

/* --- Text, by characters, which may be of several bytes --------------------------------------- */

/* The bytes of the first `most` characters, and in `count` how many these are. */
static size_t characters(const char *text, size_t most, size_t *count)
{
    size_t bytes = 0;
    for (*count = 0; text[bytes] != '\0' && *count < most; ++*count) {
        size_t next = text_character(text + bytes);
        bytes += next > 0 ? next : 1;
    }
    return bytes;
}

/* A cell of the table, with the blanks behind it. */
static void padded_write(const char *text, size_t width, FILE *out)
{
    size_t count;
    characters(text, SIZE_MAX, &count);
    fprintf(out, "%s%*s", text, count < width ? (int)(width - count) : 0, "");
}

/* One more example, ", ..." where there is no room for it. Is there for another? */
static bool example_write(const char *text, size_t *width, FILE *out)
{
    static const char more[] = "...";
    size_t before = *width > 0 ? strlen(", ") : 0, count;
    const char *shown = text_shown(text);
    size_t bytes = characters(shown, EXAMPLE_SHOWN, &count), cut = shown[bytes] != '\0' ? 3 : 0;
    bool fits = *width == 0 || *width + before + count + cut + strlen(", ...") <= EXAMPLES_WIDTH;
    fprintf(out, "%s%.*s%s", before > 0 ? ", " : "", fits ? (int)bytes : 0, shown,
            cut > 0 || !fits ? more : "");
    *width += before + count + cut;
    return fits;
}

/* --- Numbers ---------------------------------------------------------------------------------- */

/* What numbers a column has. */
struct numbers {
    double minimum, maximum;
    size_t distinct; /* CSV_TEXTS_MOST + 1: more than CSV_TEXTS_MOST */
    bool whole;
};

static double value_at(const struct csv_columns *all, const struct csv_column *column, size_t row)
{
    return all->data->X[row * all->data->features + column->feature];
}

static struct numbers numbers_look(const struct csv_columns *all, const struct csv_column *column)
{
    struct numbers found = {INFINITY, -INFINITY, 0, true};
    struct lookup distinct = {0};
    for (size_t row = 0; row < column->rows; row++) {
        double value = value_at(all, column, row) + 0.0; /* -0 is 0 */
        if (isnan(value))
            continue;
        found.minimum = value < found.minimum ? value : found.minimum;
        found.maximum = value > found.maximum ? value : found.maximum;
        found.whole = found.whole && value == floor(value);
        if (distinct.count <= CSV_TEXTS_MOST)
            lookup_number(&distinct, &value, sizeof value);
    }
    found.distinct = distinct.count;
    lookup_clear(&distinct);
    return found;
}

/* Are they whole, none twice, and among twice as many? */
static bool is_id(const struct csv_columns *all, const struct csv_column *column,
                  const struct numbers *numbers)
{
    double span = numbers->maximum - numbers->minimum;
    if (!numbers->whole || column->numbers <= ROWS_FEW || span >= 2.0 * (double)column->numbers)
        return false;
    unsigned char *seen = memory_allocate((size_t)span + 1, 1);
    bool once = true;
    for (size_t row = 0; row < column->rows && once; row++) {
        double value = value_at(all, column, row);
        if (isnan(value))
            continue;
        unsigned char *mark = &seen[(size_t)(value - numbers->minimum)];
        once = *mark == 0;
        *mark = 1;
    }
    memory_free(seen);
    return once;
}

/* A line of the table. */
struct told {
    const char *kind;
    char distinct[TEXT_NUMBER];
    char *examples;
    const char *done;
};

static void distinct_set(struct told *told, size_t distinct)
{
    if (distinct > CSV_TEXTS_MOST)
        snprintf(told->distinct, sizeof told->distinct, "> %d", CSV_TEXTS_MOST);
    else
        snprintf(told->distinct, sizeof told->distinct, "%zu", distinct);
}

static void number_tell(const struct csv_columns *all, const struct csv_column *column,
                        struct told *told, FILE *examples)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    const struct numbers numbers = numbers_look(all, column);
    distinct_set(told, numbers.distinct);
    fputs(text_from_real(low, numbers.minimum), examples);
    if (numbers.distinct > 1)
        fprintf(examples, " to %s", text_from_real(high, numbers.maximum));
    if (numbers.distinct == 1) {
        told->kind = "constant";
        told->done = "number (the same in all rows: tells nothing)";
    } else if (is_id(all, column, &numbers)) {
        told->kind = "integer id";
        told->done = "number (none is twice: --drop it if it counts rows)";
    }
}

static void texts_tell(const struct csv_columns *all, const struct csv_column *column,
                       struct told *told, FILE *examples)
{
    struct csv_field cell;
    size_t row, width = 0;
    bool room = true;
    distinct_set(told, column->distinct);
    for (size_t i = 0; column->values != NULL && i < column->distinct && i < EXAMPLES && room; i++)
        room = example_write(column->values[i], &width, examples);
    if (column->values == NULL && csv_column_first(all, column, &cell, &row)) {
        char *text = text_from_csv(cell.text, cell.length);
        example_write(text, &width, examples);
        memory_free(text);
    }
}

/* Free .examples. */
static struct told column_tell(const struct csv_columns *all, const struct csv_column *column)
{
    struct memory_stream stream;
    FILE *examples = memory_stream_open(&stream);
    bool refused = column->kind->refuse != NULL;
    struct told told = {column->kind->name, "0", NULL, refused ? "refused" : column->kind->done};
    if (column->texts > 0)
        texts_tell(all, column, &told, examples);
    else if (column->numbers > 0)
        number_tell(all, column, &told, examples);
    told.examples = memory_stream_close(&stream);
    return told;
}

static void line_write(const struct csv_columns *all, const struct csv_column *column, FILE *out)
{
    const struct csv_field *field = &all->layout->fields[column->c];
    char *name = text_from_csv(field->text, all->layout->header ? field->length : 0);
    struct told told = column_tell(all, column);
    fprintf(out, "%6zu  ", csv_place(all->layout, column->c) + 1);
    padded_write(text_shown(name), NAME_WIDTH, out);
    fprintf(out, " %-14s %8s %8zu  ", told.kind, told.distinct, column->missing);
    padded_write(told.examples, EXAMPLES_WIDTH, out);
    fprintf(out, " %s\n", told.done);
    memory_free(told.examples);
    memory_free(name);
}

static void label_write(const struct csv_layout *layout, FILE *out)
{
    const struct csv_field *field = &layout->fields[layout->label];
    char *name = text_from_csv(field->text, layout->header ? field->length : 0);
    fprintf(out, "%6zu  ", csv_place(layout, layout->label) + 1);
    padded_write(text_shown(name), NAME_WIDTH, out);
    fprintf(out, " %-14s %8s %8d  %-*s %s\n", "label", "", 0, EXAMPLES_WIDTH, "",
            layout->label_ignored ? "passed over" : "label");
    memory_free(name);
}

void csv_columns_tell(const struct csv_columns *all, FILE *out)
{
    size_t shown = 0, others = 0;
    bool labelled = all->layout->label != CSV_NO_LABEL;
    fprintf(out, "%6s  %-*s %-14s %8s %8s  %-*s %s\n", "column", NAME_WIDTH, "name", "kind",
            "distinct", "missing", EXAMPLES_WIDTH, "examples", "read as");
    for (size_t k = 0; k < all->count; k++) {
        const struct csv_column *column = &all->columns[k];
        if (labelled && k == all->layout->label)
            label_write(all->layout, out);
        if (shown < COLUMNS_SHOWN || column->kind->refuse != NULL) {
            line_write(all, column, out);
            shown++;
        } else {
            others++;
        }
    }
    if (labelled && all->layout->label == all->count)
        label_write(all->layout, out);
    if (others > 0)
        fprintf(out, "... and %zu more, none of which is refused\n", others);
    putc('\n', out);
}
