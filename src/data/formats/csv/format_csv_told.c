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
    COLUMNS_FEW = 20,    /* each has a line of its own */
    COLUMNS_TOLD = 1000, /* more are not looked at, but for those that are refused */
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

/* What is said of a column. */
struct told {
    const char *kind, *done;
    size_t distinct;
    bool range; /* numbers, from minimum to maximum */
    double minimum, maximum;
    char *examples; /* of texts; or NULL */
};

static void number_tell(const struct csv_columns *all, const struct csv_column *column,
                        struct told *told)
{
    const struct numbers numbers = numbers_look(all, column);
    told->distinct = numbers.distinct;
    told->range = true;
    told->minimum = numbers.minimum;
    told->maximum = numbers.maximum;
    if (numbers.distinct == 1) {
        told->kind = "constant";
        told->done = "number (the same in all rows: tells nothing)";
    } else if (is_id(all, column, &numbers)) {
        told->kind = "integer id";
        told->done = "number (none is twice: --drop it if it counts rows)";
    }
}

static void texts_tell(const struct csv_columns *all, const struct csv_column *column,
                       struct told *told)
{
    struct memory_stream stream;
    FILE *examples = memory_stream_open(&stream);
    struct csv_field cell;
    size_t row, width = 0;
    bool room = true;
    told->distinct = column->distinct;
    for (size_t i = 0; column->values != NULL && i < column->distinct && i < EXAMPLES && room; i++)
        room = example_write(column->values[i], &width, examples);
    if (column->values == NULL && csv_column_first(all, column, &cell, &row)) {
        char *text = text_from_csv(cell.text, cell.length);
        example_write(text, &width, examples);
        memory_free(text);
    }
    told->examples = memory_stream_close(&stream);
}

/* Free .examples. */
static struct told column_tell(const struct csv_columns *all, const struct csv_column *column)
{
    bool refused = column->kind->refuse != NULL;
    struct told told = {.kind = column->kind->name,
                        .done = refused ? "refused" : column->kind->done};
    if (column->texts > 0)
        texts_tell(all, column, &told);
    else if (column->numbers > 0)
        number_tell(all, column, &told);
    return told;
}

/* --- Lines ------------------------------------------------------------------------------------ */

/* Neighbours of which the same is said, as far as they are numbers. */
struct alike {
    size_t first, last; /* of the columns */
    size_t most;        /* distinct values of the column that has most; told.distinct: the least */
    struct told told;
};

static bool alike_takes(const struct csv_columns *all, const struct alike *alike, size_t k,
                        const struct told *told)
{
    const struct csv_column *last = &all->columns[alike->last], *next = &all->columns[k];
    bool beside = csv_place(all->layout, last->c) + 1 == csv_place(all->layout, next->c);
    return beside && alike->told.range && told->range && alike->told.kind == told->kind &&
           alike->told.done == told->done && last->missing == next->missing;
}

static void alike_add(struct alike *alike, size_t k, const struct told *told)
{
    alike->last = k;
    alike->most = told->distinct > alike->most ? told->distinct : alike->most;
    alike->told.distinct =
        told->distinct < alike->told.distinct ? told->distinct : alike->told.distinct;
    alike->told.minimum = fmin(alike->told.minimum, told->minimum);
    alike->told.maximum = fmax(alike->told.maximum, told->maximum);
}

static void distinct_write(const struct alike *alike, FILE *out)
{
    char text[2 * TEXT_NUMBER];
    size_t least = alike->told.distinct, most = alike->most;
    if (least > CSV_TEXTS_MOST)
        snprintf(text, sizeof text, "> %d", CSV_TEXTS_MOST);
    else if (most > CSV_TEXTS_MOST)
        snprintf(text, sizeof text, "%zu-%d+", least, CSV_TEXTS_MOST);
    else if (most > least)
        snprintf(text, sizeof text, "%zu-%zu", least, most);
    else
        snprintf(text, sizeof text, "%zu", least);
    fprintf(out, " %8s", text);
}

static void examples_write(const struct told *told, FILE *out)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER], text[2 * TEXT_NUMBER + 8] = "";
    if (told->range && told->minimum < told->maximum)
        snprintf(text, sizeof text, "%s to %s", text_from_real(low, told->minimum),
                 text_from_real(high, told->maximum));
    else if (told->range)
        text_from_real(text, told->minimum);
    padded_write(told->examples != NULL ? told->examples : text, EXAMPLES_WIDTH, out);
}

static char *name_of(const struct csv_layout *layout, size_t c)
{
    const struct csv_field *field = &layout->fields[c];
    return text_from_csv(field->text, layout->header ? field->length : 0);
}

/* The place of a column and its name, or those of the first and the last of several. */
static void names_write(const struct csv_layout *layout, size_t first, size_t last, FILE *out)
{
    char places[2 * TEXT_NUMBER], *names[2] = {name_of(layout, first), name_of(layout, last)};
    struct memory_stream stream;
    FILE *both = memory_stream_open(&stream);
    snprintf(places, sizeof places, "%zu-%zu", csv_place(layout, first) + 1,
             csv_place(layout, last) + 1);
    if (first == last)
        *strchr(places, '-') = '\0';
    fputs(text_shown(names[0]), both);
    if (first < last && (names[0][0] != '\0' || names[1][0] != '\0'))
        fprintf(both, " .. %s", text_shown(names[1]));
    char *shown = memory_stream_close(&stream);
    fprintf(out, "%6s  ", places);
    padded_write(shown, NAME_WIDTH, out);
    memory_free(shown);
    memory_free(names[0]);
    memory_free(names[1]);
}

static void alike_write(const struct csv_columns *all, const struct alike *alike, FILE *out)
{
    const struct csv_column *first = &all->columns[alike->first],
                            *last = &all->columns[alike->last];
    names_write(all->layout, first->c, last->c, out);
    fprintf(out, " %-14s", alike->told.kind);
    distinct_write(alike, out);
    fprintf(out, " %8zu  ", first->missing);
    examples_write(&alike->told, out);
    fprintf(out, " %s", alike->told.done);
    if (alike->first < alike->last)
        fprintf(out, "; %zu columns", alike->last - alike->first + 1);
    putc('\n', out);
}

static void label_write(const struct csv_layout *layout, FILE *out)
{
    names_write(layout, layout->label, layout->label, out);
    fprintf(out, " %-14s %8s %8d  %-*s %s\n", "label", "", 0, EXAMPLES_WIDTH, "",
            layout->label_ignored ? "passed over" : "label");
}

/* --- The table -------------------------------------------------------------------------------- */

/* Lines that are being written: of single columns, or of several that are alike. */
struct table_text {
    FILE *out;
    bool joins;
    bool open; /* there is a line that is not written yet */
    struct alike alike;
    size_t lines;
};

static void table_flush(const struct csv_columns *all, struct table_text *table)
{
    if (!table->open)
        return;
    alike_write(all, &table->alike, table->out);
    table->open = false;
    table->lines++;
}

static void table_add(const struct csv_columns *all, size_t k, const struct told *told,
                      struct table_text *table)
{
    if (table->joins && table->open && alike_takes(all, &table->alike, k, told)) {
        alike_add(&table->alike, k, told);
        return;
    }
    table_flush(all, table);
    table->alike = (struct alike){k, k, told->distinct, *told};
    table->open = true;
}

static bool is_told(const struct csv_columns *all, size_t k)
{
    return k < all->count && (k < COLUMNS_TOLD || all->columns[k].kind->refuse != NULL);
}

/* Writes what is told (columns). Returns how many lines that takes. */
static size_t table_write(const struct csv_columns *all, const struct told *told, bool joins,
                          FILE *out)
{
    struct table_text table = {.out = out, .joins = joins};
    size_t others = 0, label = all->layout->label;
    fprintf(out, "%6s  %-*s %-14s %8s %8s  %-*s %s\n", "column", NAME_WIDTH, "name", "kind",
            "distinct", "missing", EXAMPLES_WIDTH, "examples", "read as");
    for (size_t k = 0; k <= all->count; k++) {
        if (k == label) {
            table_flush(all, &table);
            label_write(all->layout, out);
        }
        if (is_told(all, k))
            table_add(all, k, &told[k], &table);
        else
            others += k < all->count;
    }
    table_flush(all, &table);
    if (others > 0)
        fprintf(out, "... and %zu more, none of which is refused\n", others);
    return table.lines;
}

void csv_columns_tell(const struct csv_columns *all, FILE *out)
{
    struct memory_stream stream;
    struct told *told = memory_allocate(all->count, sizeof *told);
    for (size_t k = 0; k < all->count; k++)
        if (is_told(all, k))
            told[k] = column_tell(all, &all->columns[k]);
    if (all->count > COLUMNS_FEW) {
        size_t lines = table_write(all, told, true, memory_stream_open(&stream));
        char *text = memory_stream_close(&stream);
        if (lines < all->count)
            fprintf(out, "%s(--all: a line for each column)\n\n%c", text, SOURCE_TOLD_WHOLE);
        memory_free(text);
    }
    table_write(all, told, false, out);
    putc('\n', out);
    for (size_t k = 0; k < all->count; k++)
        memory_free(told[k].examples);
    memory_free(told);
}
