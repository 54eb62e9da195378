/* SPDX-License-Identifier: MIT
 *
 * What the first line and the end of a CSV file tell: the delimiter, the columns, whether there is
 * a header, which column holds the label, and where the rows begin and end.
 */
#include "data/format_csv.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/blocks.h"
#include "data/number_parse.h"

#include <string.h>
#include <strings.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_field(char c, char delimiter)
{
    return c == delimiter || c == '\n' || c == '\0';
}

static const char *field_read_quoted(const char *p, char delimiter, struct csv_field *field)
{
    field->text = p;
    while (*p != '"' || p[1] == '"') {
        if (*p == '\n' || *p == '\0')
            return NULL;
        p += *p == '"' ? 2 : 1;
    }
    field->length = (size_t)(p - field->text);
    p++;
    while (blank(*p) && *p != delimiter)
        p++;
    return ends_field(*p, delimiter) ? p : NULL;
}

const char *csv_field_read(const char *p, char delimiter, struct csv_field *field)
{
    while (blank(*p) && *p != delimiter)
        p++;
    if (*p == '"')
        return field_read_quoted(p + 1, delimiter, field);
    field->text = p;
    while (!ends_field(*p, delimiter))
        p++;
    const char *last = p;
    while (last > field->text && blank(last[-1]))
        last--;
    field->length = (size_t)(last - field->text);
    return p;
}

bool csv_field_missing(const struct csv_field *field)
{
    static const char *const marks[] = {"", "?", "NA", "N/A", "null"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (field->length == strlen(marks[i]) &&
            strncasecmp(field->text, marks[i], field->length) == 0)
            return true;
    return false;
}

char *csv_field_copy(const char *text, size_t length)
{
    char *copy = memory_resize(NULL, length + 1, 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        copy[used++] = text[i];
        i += text[i] == '"' && i + 1 < length && text[i + 1] == '"';
    }
    copy[used] = '\0';
    return copy;
}

static bool field_is_number(const struct csv_field *field)
{
    double value;
    return number_parse_whole(field->text, field->length, &value) ||
           number_not_finite(field->text, field->length);
}

/* Where the rows end: trailing blank lines are left out. */
static const char *rows_end(const char *begin, const char *end, char delimiter)
{
    for (;;) {
        const char *p = end > begin && end[-1] == '\n' ? end - 1 : end;
        while (p > begin && blank(p[-1]) && p[-1] != delimiter)
            p--;
        if (p == begin || p[-1] != '\n')
            return p == begin ? begin : end;
        end = p;
    }
}

/* The delimiter that stands most often outside quotes in the first line; of equals the last here,
 * because commas also stand in names and decimals. */
static char delimiter_detect(const char *line)
{
    static const char delimiters[] = {',', ';', '\t'};
    size_t counts[sizeof delimiters] = {0}, best = 0;
    bool quoted = false;
    for (const char *p = line; *p != '\n' && *p != '\0'; p++) {
        quoted = quoted != (*p == '"');
        for (size_t i = 0; i < sizeof delimiters && !quoted; i++)
            counts[i] += *p == delimiters[i];
    }
    for (size_t i = 1; i < sizeof delimiters; i++)
        best = counts[i] > 0 && counts[i] >= counts[best] ? i : best;
    return delimiters[best];
}

/* Splits the first line into layout->fields; `*next` becomes the start of the second line. */
static bool first_line_split(struct csv_layout *layout, const char **next, struct error *error)
{
    size_t capacity = 0;
    const char *p = layout->begin;
    for (;;) {
        layout->fields =
            memory_grow(layout->fields, &capacity, layout->columns + 1, sizeof *layout->fields);
        const char *end = csv_field_read(p, layout->delimiter, &layout->fields[layout->columns]);
        if (end == NULL)
            return csv_fault_field(layout, p, 0, error);
        layout->columns++;
        if (*end != layout->delimiter) {
            *next = *end == '\n' ? end + 1 : end;
            return true;
        }
        p = end + 1;
    }
}

static bool field_is_name(const struct csv_field *field, const char *name)
{
    char *text = csv_field_copy(field->text, field->length);
    bool equal = strcmp(text, name) == 0;
    memory_free(text);
    return equal;
}

/* A label column was asked for by a name that the first line does not have. */
static bool label_unknown(const struct csv_layout *layout, const char *name, struct error *error)
{
    struct place place = {layout->path, 1, 0};
    char **names = memory_allocate(layout->columns, sizeof *names);
    for (size_t c = 0; c < layout->columns; c++)
        names[c] = csv_field_copy(layout->fields[c].text, layout->fields[c].length);
    const char *nearest = text_nearest(name, (const char *const *)names, layout->columns);
    if (nearest != NULL)
        error_at(error, place, NULL, "no column is called '%s'; did you mean '%s'?", name, nearest);
    else
        error_at(error, place, NULL,
                 "no column is called '%s'; name one of this line's, or give a position from 1 to "
                 "%zu, or none",
                 name, layout->columns);
    for (size_t c = 0; c < layout->columns; c++)
        memory_free(names[c]);
    memory_free(names);
    return false;
}

/* Finds the label's column. A column that is found by its name proves that there is a header. */
static bool label_detect(struct csv_layout *layout, const char *label, struct error *error)
{
    int64_t position;
    layout->label = layout->columns - 1;
    if (label == NULL)
        return true;
    if (strcmp(label, "none") == 0) {
        layout->label = CSV_NO_LABEL;
        return true;
    }
    if (text_to_integer(label, &position)) {
        if (position < 1 || (uint64_t)position > layout->columns)
            return error_usage(error,
                               "%s: there is no column %s for the label; the columns are 1 to %zu",
                               layout->path, label, layout->columns);
        layout->label = (size_t)position - 1;
        return true;
    }
    for (size_t c = 0; c < layout->columns; c++) {
        if (field_is_name(&layout->fields[c], label)) {
            layout->label = c;
            layout->header = true;
            return true;
        }
    }
    return label_unknown(layout, label, error);
}

/* A line with a number among its features is a row: were it taken for a header, a row with a
 * misspelt number would be lost without a word. */
static bool header_detect(const struct csv_layout *layout)
{
    size_t names = 0;
    for (size_t c = 0; c < layout->columns; c++) {
        if (c == layout->label || csv_field_missing(&layout->fields[c]))
            continue;
        if (field_is_number(&layout->fields[c]))
            return false;
        names++;
    }
    return names > 0;
}

/* The label that was asked for, or where a model has it. */
static bool label_find(struct csv_layout *layout, const struct source *source, struct error *error)
{
    bool ignored = source->label != NULL && strcmp(source->label, "none") == 0;
    if (source->wanted != NULL && (source->label == NULL || ignored))
        return csv_wanted_label(layout, source->wanted, ignored, error);
    return label_detect(layout, source->label, error);
}

bool csv_layout_detect(struct csv_layout *layout, const struct input *input,
                       const struct source *source, struct error *error)
{
    const struct columns_wanted *wanted = source->wanted;
    *layout = (struct csv_layout){.path = input->path, .begin = input->bytes};
    if (!blocks_check_text(input, error))
        return false;
    if (input->size >= 3 && memcmp(layout->begin, "\xef\xbb\xbf", 3) == 0)
        layout->begin += 3;
    layout->delimiter = delimiter_detect(layout->begin);
    if (wanted != NULL)
        layout->delimiter = csv_wanted_delimiter(wanted, layout->begin, layout->delimiter);
    layout->end = rows_end(layout->begin, input->bytes + input->size, layout->delimiter);
    if (layout->end == layout->begin)
        return error_usage(error, "%s: the file is empty", input->path);

    const char *second = layout->end;
    if (layout->begin[strspn(layout->begin, " \t\r")] == '\n')
        return error_at(error, (struct place){input->path, 1, 0}, NULL, "the first line is blank");
    if (!first_line_split(layout, &second, error) || !label_find(layout, source, error))
        return false;
    layout->header = layout->header || header_detect(layout) ||
                     (wanted != NULL && csv_wanted_header(layout, wanted));
    layout->body = layout->header ? second : layout->begin;
    if (layout->body >= layout->end)
        return error_usage(error, "%s: there are no rows, only a header", input->path);
    if (layout->columns == 1 && layout->label != CSV_NO_LABEL)
        return error_at(error, (struct place){input->path, 1, 0}, NULL,
                        "there is one column, the label, and no feature; columns are separated by "
                        "commas, semicolons or tabs");
    return true;
}

void csv_layout_clear(struct csv_layout *layout)
{
    memory_free(layout->fields);
    layout->fields = NULL;
}
