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
#include "data/columns_walk.h"
#include "data/source.h"

#include <math.h>
#include <string.h>

enum {
    COLUMNS_FEW = 20, /* each has a line of its own */
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
    struct told_column *told; /* NULL: nobody asks */
    double minimum, maximum;
    bool whole;
    struct lookup distinct; /* up to one more than TOLD_DISTINCT_MOST */
};

static void numbers_see(void *context, struct column_piece piece)
{
    struct numbers *seen = (struct numbers *)context + piece.j;
    for (size_t i = 0; seen->told != NULL && i < piece.count; i++) {
        double value = piece.x[i * piece.stride] + 0.0; /* -0 is 0 */
        if (isnan(value))
            continue;
        seen->minimum = value < seen->minimum ? value : seen->minimum;
        seen->maximum = value > seen->maximum ? value : seen->maximum;
        seen->whole = seen->whole && value == floor(value);
        if (seen->distinct.count <= TOLD_DISTINCT_MOST)
            lookup_number(&seen->distinct, &value, sizeof value);
    }
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
        double value = data->X[row * data->features + feature];
        if (isnan(value))
            continue;
        unsigned char *mark = &seen[(size_t)(value - numbers->minimum)];
        once = *mark == 0;
        *mark = 1;
    }
    memory_free(seen);
    return once;
}

static void numbers_tell(const struct dataset *data, const struct numbers *numbers)
{
    struct told_column *told = numbers->told;
    told->distinct = numbers->distinct.count;
    told->minimum = numbers->minimum;
    told->maximum = numbers->maximum;
    if (told->distinct == 1) {
        told->kind = "constant";
        told->done = "number (the same in all rows: tells nothing)";
    } else if (is_id(data, told->feature, data->rows - told->missing, numbers)) {
        told->kind = "integer id";
        told->done = "number (none is twice: --drop it if it counts rows)";
    }
}

static void numbers_look(struct told_column *columns, size_t count, const struct dataset *data,
                         int threads)
{
    struct numbers *seen = memory_allocate(data->features, sizeof *seen);
    for (size_t k = 0; k < count; k++)
        if (columns[k].numbers)
            seen[columns[k].feature] =
                (struct numbers){&columns[k], INFINITY, -INFINITY, true, {0}};
    columns_walk(data, threads, numbers_see, seen);
    for (size_t j = 0; j < data->features; j++) {
        if (seen[j].told != NULL)
            numbers_tell(data, &seen[j]);
        lookup_clear(&seen[j].distinct);
    }
    memory_free(seen);
}

struct told_column told_label(size_t position, char *name, bool ignored)
{
    return (struct told_column){.position = position,
                                .name = name,
                                .kind = "label",
                                .done = ignored ? "passed over" : "label",
                                .label = true};
}

/* --- Lines ------------------------------------------------------------------------------------ */

/* Neighbours of which the same is said, as far as they are numbers. */
struct alike {
    const struct told_column *first, *last;
    struct {
        size_t least, most;
    } distinct;
    double minimum, maximum;
};

static struct alike alike_open(const struct told_column *told)
{
    return (struct alike){
        told, told, {told->distinct, told->distinct}, told->minimum, told->maximum};
}

static bool alike_takes(const struct alike *alike, const struct told_column *next)
{
    const struct told_column *last = alike->last;
    return last->numbers && next->numbers && last->position + 1 == next->position &&
           last->kind == next->kind && last->done == next->done && last->missing == next->missing;
}

static void alike_add(struct alike *alike, const struct told_column *told)
{
    alike->last = told;
    if (told->distinct < alike->distinct.least)
        alike->distinct.least = told->distinct;
    if (told->distinct > alike->distinct.most)
        alike->distinct.most = told->distinct;
    alike->minimum = fmin(alike->minimum, told->minimum);
    alike->maximum = fmax(alike->maximum, told->maximum);
}

static void distinct_write(const struct alike *alike, FILE *out)
{
    char text[2 * TEXT_NUMBER] = "";
    size_t least = alike->distinct.least, most = alike->distinct.most;
    if (least > TOLD_DISTINCT_MOST)
        snprintf(text, sizeof text, "> %d", TOLD_DISTINCT_MOST);
    else if (most > TOLD_DISTINCT_MOST)
        snprintf(text, sizeof text, "%zu-%d+", least, TOLD_DISTINCT_MOST);
    else if (most > least)
        snprintf(text, sizeof text, "%zu-%zu", least, most);
    else if (!alike->first->label)
        snprintf(text, sizeof text, "%zu", least);
    fprintf(out, " %8s", text);
}

static void examples_write(const struct alike *alike, FILE *out)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER], text[2 * TEXT_NUMBER + 8] = "";
    if (alike->first->numbers && alike->minimum < alike->maximum)
        snprintf(text, sizeof text, "%s to %s", text_from_real(low, alike->minimum),
                 text_from_real(high, alike->maximum));
    else if (alike->first->numbers)
        text_from_real(text, alike->minimum);
    padded_write(alike->first->examples != NULL ? alike->first->examples : text, EXAMPLES_WIDTH,
                 out);
}

/* The place of a column and its name, or those of the first and the last of several. */
static void names_write(const struct told_column *first, const struct told_column *last, FILE *out)
{
    char places[2 * TEXT_NUMBER];
    struct memory_stream stream;
    FILE *both = memory_stream_open(&stream);
    snprintf(places, sizeof places, "%zu-%zu", first->position, last->position);
    if (first == last)
        *strchr(places, '-') = '\0';
    fputs(text_shown(first->name), both);
    if (first != last && (first->name[0] != '\0' || last->name[0] != '\0'))
        fprintf(both, " .. %s", text_shown(last->name));
    char *shown = memory_stream_close(&stream);
    fprintf(out, "%6s  ", places);
    padded_write(shown, NAME_WIDTH, out);
    memory_free(shown);
}

static void alike_write(const struct alike *alike, FILE *out)
{
    const struct told_column *first = alike->first, *last = alike->last;
    names_write(first, last, out);
    fprintf(out, " %-14s", first->kind);
    distinct_write(alike, out);
    fprintf(out, " %8zu  ", first->missing);
    examples_write(alike, out);
    fprintf(out, " %s", first->done);
    if (first != last)
        fprintf(out, "; %td columns", last - first + 1);
    putc('\n', out);
}

/* --- The table -------------------------------------------------------------------------------- */

/* Returns how many lines the columns take. */
static size_t table_write(const struct told_column *columns, size_t count, size_t others,
                          bool joins, FILE *out)
{
    size_t lines = 0;
    fprintf(out, "%6s  %-*s %-14s %8s %8s  %-*s %s\n", "column", NAME_WIDTH, "name", "kind",
            "distinct", "missing", EXAMPLES_WIDTH, "examples", "read as");
    for (size_t k = 0; k < count; lines++) {
        struct alike alike = alike_open(&columns[k++]);
        while (joins && k < count && alike_takes(&alike, &columns[k]))
            alike_add(&alike, &columns[k++]);
        alike_write(&alike, out);
    }
    if (others > 0)
        fprintf(out, "... and %zu more, none of which is refused\n", others);
    return lines;
}

void columns_tell(struct told_column *columns, size_t count, size_t others,
                  const struct dataset *data, int threads, FILE *out)
{
    struct memory_stream stream;
    numbers_look(columns, count, data, threads);
    if (count > COLUMNS_FEW) {
        size_t lines = table_write(columns, count, others, true, memory_stream_open(&stream));
        char *text = memory_stream_close(&stream);
        if (lines < count)
            fprintf(out, "%s(--all: a line for each column)\n\n%c", text, SOURCE_TOLD_WHOLE);
        memory_free(text);
    }
    table_write(columns, count, others, false, out);
    putc('\n', out);
    for (size_t k = 0; k < count; k++) {
        memory_free(columns[k].name);
        memory_free(columns[k].examples);
    }
}
