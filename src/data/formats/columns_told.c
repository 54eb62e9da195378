/* SPDX-License-Identifier: MIT
 *
 * Numbers are looked at here alone: one that is the same in all rows tells nothing, and whole
 * numbers of which no two are equal, close together, are most likely the numbers of rows.
 */
#include "data/formats/columns_told.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum { NAME_WIDTH = 20, EXAMPLES = 3, EXAMPLE_SHOWN = 16, EXAMPLES_WIDTH = 30, ROWS_FEW = 20 };

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

void told_texts(struct told_column *told, char *const *texts, size_t count)
{
    struct memory_stream stream;
    FILE *examples = memory_stream_open(&stream);
    size_t width = 0;
    bool room = true;
    for (size_t i = 0; i < count && i < EXAMPLES && room; i++)
        room = example_write(texts[i], &width, examples);
    told->examples = memory_stream_close(&stream);
}

/* --- Numbers ---------------------------------------------------------------------------------- */

/* What numbers a column has. */
struct numbers {
    double minimum, maximum;
    size_t distinct; /* TOLD_DISTINCT_MOST + 1: more than TOLD_DISTINCT_MOST */
    bool whole;
};

static double value_at(const struct dataset *data, size_t feature, size_t row)
{
    return data->X[row * data->features + feature];
}

static struct numbers numbers_look(const struct dataset *data, size_t feature)
{
    struct numbers found = {INFINITY, -INFINITY, 0, true};
    struct lookup distinct = {0};
    for (size_t row = 0; row < data->rows; row++) {
        double value = value_at(data, feature, row) + 0.0; /* -0 is 0 */
        if (isnan(value))
            continue;
        found.minimum = value < found.minimum ? value : found.minimum;
        found.maximum = value > found.maximum ? value : found.maximum;
        found.whole = found.whole && value == floor(value);
        if (distinct.count <= TOLD_DISTINCT_MOST)
            lookup_number(&distinct, &value, sizeof value);
    }
    found.distinct = distinct.count;
    lookup_clear(&distinct);
    return found;
}

/* Are they (count) whole, none twice, and among twice as many? */
static bool is_id(const struct dataset *data, size_t feature, size_t count,
                  const struct numbers *numbers)
{
    double span = numbers->maximum - numbers->minimum;
    if (!numbers->whole || count <= ROWS_FEW || span >= 2.0 * (double)count)
        return false;
    unsigned char *seen = memory_allocate((size_t)span + 1, 1);
    bool once = true;
    for (size_t row = 0; row < data->rows && once; row++) {
        double value = value_at(data, feature, row);
        if (isnan(value))
            continue;
        unsigned char *mark = &seen[(size_t)(value - numbers->minimum)];
        once = *mark == 0;
        *mark = 1;
    }
    memory_free(seen);
    return once;
}

void told_numbers(struct told_column *told, const struct dataset *data, size_t feature)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    struct memory_stream stream;
    FILE *examples = memory_stream_open(&stream);
    const struct numbers numbers = numbers_look(data, feature);
    told->distinct = numbers.distinct;
    fputs(text_from_real(low, numbers.minimum), examples);
    if (numbers.distinct > 1)
        fprintf(examples, " to %s", text_from_real(high, numbers.maximum));
    if (numbers.distinct == 1) {
        told->kind = "constant";
        told->done = "number (the same in all rows: tells nothing)";
    } else if (is_id(data, feature, data->rows - told->missing, &numbers)) {
        told->kind = "integer id";
        told->done = "number (none is twice: --drop it if it counts rows)";
    }
    told->examples = memory_stream_close(&stream);
}

/* --- Lines ------------------------------------------------------------------------------------ */

void told_head(FILE *out)
{
    fprintf(out, "%6s  %-*s %-14s %8s %8s  %-*s %s\n", "column", NAME_WIDTH, "name", "kind",
            "distinct", "missing", EXAMPLES_WIDTH, "examples", "read as");
}

static void line_write(const struct told_column *told, const char *distinct, FILE *out)
{
    fprintf(out, "%6zu  ", told->position);
    padded_write(text_shown(told->name), NAME_WIDTH, out);
    fprintf(out, " %-14s %8s %8zu  ", told->kind, distinct, told->missing);
    padded_write(told->examples != NULL ? told->examples : "", EXAMPLES_WIDTH, out);
    fprintf(out, " %s\n", told->done);
}

void told_write(struct told_column *told, FILE *out)
{
    char distinct[TEXT_NUMBER];
    if (told->distinct > TOLD_DISTINCT_MOST)
        snprintf(distinct, sizeof distinct, "> %d", TOLD_DISTINCT_MOST);
    else
        snprintf(distinct, sizeof distinct, "%zu", told->distinct);
    line_write(told, distinct, out);
    memory_free(told->examples);
    told->examples = NULL;
}

void told_label(size_t position, const char *name, bool ignored, FILE *out)
{
    const struct told_column told = {.position = position,
                                     .name = name,
                                     .kind = "label",
                                     .done = ignored ? "passed over" : "label"};
    line_write(&told, "", out);
}

void told_end(size_t others, FILE *out)
{
    if (others > 0)
        fprintf(out, "... and %zu more, none of which is refused\n", others);
    putc('\n', out);
}
