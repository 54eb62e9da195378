/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a row. The parser only knows that it could not go on at some field; here, once
 * in a program's life, the line is read again with all the time in the world.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Where the first line was taken for a row, and may have been meant otherwise. */
const char csv_header_hint[] = "; if the first line has names: --header yes (header: yes)";

enum { SHOWN = 40 }; /* bytes of an offending text that are quoted */

struct csv_line csv_line_at(const struct csv_layout *layout, const char *at, size_t row)
{
    const char *before = memrchr(layout->begin, '\n', (size_t)(at - layout->begin));
    const char *begin = before != NULL ? before + 1 : layout->begin;
    return (struct csv_line){begin,
                             {layout->path, row + 1 + layout->header, (size_t)(at - begin) + 1}};
}

static bool line_error(const struct csv_line *line, const char *at, const char *message,
                       struct error *error)
{
    struct place place = line->place;
    place.column = (size_t)(at - line->begin) + 1;
    return error_at(error, place, line->begin, "%s", message);
}

/* Behind the quoted field at `at`, after its quote and blanks. */
static const char *quote_after(const char *at)
{
    const char *p = at + strspn(at, " \t\r") + 1;
    while (*p != '"' || p[1] == '"')
        p += *p == '"' ? 2 : 1;
    return p + 1;
}

char *csv_column_name(const struct csv_layout *layout, size_t column,
                      char text[static CSV_COLUMN_NAME])
{
    const struct csv_field *field = &layout->fields[column];
    size_t number = csv_place(layout, column) + 1;
    if (layout->header && field->length > 0) {
        char *name = text_from_csv(field->text, field->length);
        snprintf(text, CSV_COLUMN_NAME, "column %zu (%.*s)", number, SHOWN, name);
        memory_free(name);
    } else {
        snprintf(text, CSV_COLUMN_NAME, "column %zu", number);
    }
    return text;
}

/* The column at a place in a line, from 0; CSV_NO_LABEL: it is left out. */
static size_t column_at(const struct csv_layout *layout, size_t place)
{
    for (size_t c = 0; c < layout->columns; c++)
        if (csv_place(layout, c) == place)
            return c;
    return CSV_NO_LABEL;
}

/* A CR in the field at `at`, which is field number `count` of its line. */
static bool broken(const struct csv_layout *layout, const struct csv_line *line, const char *at,
                   size_t count, struct error *error)
{
    char name[CSV_COLUMN_NAME], message[CSV_COLUMN_NAME + 120];
    size_t column = column_at(layout, count - 1);
    bool known = column != CSV_NO_LABEL;
    if (known)
        csv_column_name(layout, column, name);
    snprintf(message, sizeof message, "a line ends with CR alone%s%s; end all lines with LF",
             known ? " in " : "", known ? name : "");
    return line_error(line, at, message, error);
}

/* Why field number `count` of the line, at `at`, has no end. */
static bool unclosed(const struct csv_layout *layout, const struct csv_line *line, const char *at,
                     size_t count, struct error *error)
{
    const char *end = at + strcspn(at, "\n"), *text = at + strspn(at, " \t\r");
    size_t quotes = 0;
    if (*text != '"')
        return broken(layout, line, at, count, error);
    for (const char *p = at; p != end; p++)
        quotes += *p == '"';
    const char *after = quotes % 2 == 0 ? quote_after(at) : end;
    if (quotes % 2 == 1 || memchr(text, '\r', (size_t)(after - text)) != NULL)
        return line_error(line, at,
                          "a quoted field does not end on its line; line breaks inside quotes are "
                          "not supported: close the quote, or take them out: python3 -c 'import "
                          "csv, sys; csv.writer(sys.stdout).writerows([\" \".join(c.split()) for "
                          "c in r] for r in csv.reader(sys.stdin))' < FILE > OUT",
                          error);
    if (*after == ' ')
        return line_error(line, at,
                          "text follows the closing quote of a field and a blank; blanks do not "
                          "separate columns, but commas, semicolons or tabs do (in R: write.csv)",
                          error);
    return line_error(line, at,
                      "text follows the closing quote of a field; "
                      "a quote inside a quoted field is written twice",
                      error);
}

/* Reads the line's fields: their number, and where the line or the field after the last ends. False
 * with an error when a field cannot be told from the next. */
static bool fields_count(const struct csv_layout *layout, const struct csv_line *line,
                         size_t *count, const char **at, struct error *error)
{
    const char *p = line->begin;
    *at = p;
    for (*count = 1;; ++*count) {
        struct csv_field field;
        const char *end = csv_field_read(p, layout->delimiter, &field);
        if (end == NULL)
            return unclosed(layout, line, p, *count, error);
        if (*end == '\0' && end < layout->end)
            return line_error(line, end, "a NUL byte: this is not a text file", error);
        size_t columns = layout->width;
        if (*count <= columns)
            *at = *end == layout->delimiter && *count == columns ? end + 1 : end;
        if (*end != layout->delimiter)
            return true;
        p = end + 1;
    }
}

/* Was the line taken for a row because of its numbers, though it may have been meant as a header?
 */
static bool in_first_line(const struct csv_layout *layout, const struct csv_field *field)
{
    size_t before = (size_t)(field->text - layout->begin);
    return !layout->header && memchr(layout->begin, '\n', before) == NULL;
}

/* Why this text is no label: nothing, or what reads as nothing, though it may be a name. */
static void value_describe(const struct csv_layout *layout, const struct csv_field *field,
                           char *message, size_t size)
{
    char name[CSV_COLUMN_NAME], mark[SHOWN + 8] = "", way[SHOWN + 64] = "";
    char *text = text_from_csv(field->text, field->length);
    csv_column_name(layout, layout->label, name);
    if (!csv_field_marked(layout, field)) {
        snprintf(message, size, "'%.*s' in %s is not a finite number", SHOWN, text, name);
        memory_free(text);
        return;
    }
    if (field->length > 0)
        snprintf(mark, sizeof mark, " ('%.*s')", SHOWN, text);
    if (field->length > 0 && csv_field_missing(field))
        snprintf(way, sizeof way, "; if it is the name of a class, put it in quotes: \"%.*s\"",
                 SHOWN, text);
    snprintf(message, size, "missing value%s in %s; fill it in, or leave out the row%s", mark, name,
             way);
    memory_free(text);
}

/* How many fields are there, and why perhaps: R writes the names of rows without one for their
 * column. */
static void count_describe(const struct csv_layout *layout, size_t count, size_t row, char *message,
                           size_t size)
{
    bool is_named = layout->header && row == 0 && count == layout->width + 1;
    snprintf(message, size, "expected %zu fields, as in line 1, and found %zu%s", layout->width,
             count,
             is_named ? "; if the first are names of rows, as R's write.table writes them, leave "
                        "them out (row.names = FALSE), or give them a column (col.names = NA)"
                      : "");
}

bool csv_fault_field(const struct csv_layout *layout, const char *at, size_t row,
                     struct error *error)
{
    struct csv_line line = csv_line_at(layout, at, row);
    size_t count;
    const char *ragged;
    if (!fields_count(layout, &line, &count, &ragged, error))
        return false;
    struct csv_field field;
    char message[512];
    csv_field_read(line.begin, layout->delimiter, &field);
    if (count == 1 && field.length == 0 && layout->width > 1)
        return line_error(&line, line.begin, "a blank line between rows", error);
    if (count != layout->width) {
        count_describe(layout, count, row, message, sizeof message);
        return line_error(&line, ragged, message, error);
    }
    csv_field_read(at, layout->delimiter, &field);
    value_describe(layout, &field, message, sizeof message);
    if (in_first_line(layout, &field))
        strcat(message, csv_header_hint);
    return line_error(&line, field.text, message, error);
}

bool csv_fault_classes(const struct csv_layout *layout, const struct labels *labels,
                       struct error *error)
{
    char *names[LABELS_KEPT];
    for (size_t i = 0; i < LABELS_KEPT; i++)
        names[i] = text_from_csv(labels->kept[i].text, labels->kept[i].length);
    const struct label *last = &labels->kept[LABELS_KEPT - 1];
    char column[CSV_COLUMN_NAME], *candidates = csv_candidates(layout);
    csv_column_name(layout, layout->label, column);
    struct csv_line line = csv_line_at(layout, last->text, last->row);
    error_at(error, line.place, line.begin,
             "a third class in %s: '%.*s', after '%.*s' and '%.*s'; two classes are needed; say "
             "which column is the label, by its name or position: --label NAME, or --label "
             "none%s%s",
             column, SHOWN, names[2], SHOWN, names[0], SHOWN, names[1], candidates,
             layout->header ? "" : csv_header_hint);
    memory_free(candidates);
    for (size_t i = 0; i < LABELS_KEPT; i++)
        memory_free(names[i]);
    return false;
}
