/* SPDX-License-Identifier: MIT
 *
 * What the first lines and the end of a CSV file tell: the columns, which of them holds the label,
 * and where the rows begin and end.
 */
#include "data/formats/csv/csv.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/formats/blocks.h"
#include "data/formats/csv/format_csv_texts.h"
#include "data/formats/number_parse.h"

#include <string.h>
#include <strings.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Ends a field at `p`, without the blanks before it. */
static void field_end(struct csv_field *field, const char *p)
{
    while (p > field->text && blank(p[-1]))
        p--;
    field->length = (size_t)(p - field->text);
}

static const char *field_read_quoted(const char *p, char delimiter, struct csv_field *field)
{
    while (blank(*p))
        p++;
    field->text = p;
    field->quoted = true;
    while (*p != '"' || p[1] == '"') {
        if (*p == '\n' || *p == '\0')
            return NULL;
        p += *p == '"' ? 2 : 1;
    }
    field_end(field, p);
    if (memchr(field->text, '\r', field->length) != NULL)
        return NULL;
    p++;
    while (blank(*p) && *p != delimiter)
        p++;
    return csv_ends_field(*p, delimiter) ? p : NULL;
}

const char *csv_field_read(const char *p, char delimiter, struct csv_field *field)
{
    while (blank(*p) && *p != delimiter)
        p++;
    if (*p == '"')
        return field_read_quoted(p + 1, delimiter, field);
    field->text = p;
    field->quoted = false;
    while (!csv_ends_field(*p, delimiter))
        p++;
    field_end(field, p);
    return memchr(field->text, '\r', field->length) == NULL ? p : NULL;
}

bool csv_field_missing(const struct csv_field *field)
{
    static const char *const marks[] = {"", "?", "NA", "N/A", "NaN", "null", "\\N"};
    enum { LONGEST = 4 };
    if (field->length > LONGEST)
        return false;
    if (field->quoted)
        return field->length == 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (field->length == strlen(marks[i]) &&
            strncasecmp(field->text, marks[i], field->length) == 0)
            return true;
    return false;
}

bool csv_field_is_number(const struct csv_layout *layout, const struct csv_field *field)
{
    double value;
    return csv_number_read(layout, field->text, field->length, &value) ||
           number_not_finite(field->text, field->length);
}

const char *csv_rows_end(const char *begin, const char *end, char delimiter)
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

/* Splits the first line into layout->fields; `*next` becomes the start of the second line. */
static bool first_line_split(struct csv_layout *layout, const char **next, struct error *error)
{
    size_t capacity = 0;
    const char *p = layout->begin;
    for (;;) {
        layout->fields = layout->own_fields =
            memory_grow(layout->fields, &capacity, layout->columns + 1, sizeof *layout->fields);
        const char *end = csv_field_read(p, layout->delimiter, &layout->fields[layout->columns]);
        if (end == NULL)
            return csv_fault_field(layout, p, 0, error);
        layout->width = ++layout->columns;
        if (*end != layout->delimiter) {
            *next = *end == '\n' ? end + 1 : end;
            return true;
        }
        p = end + 1;
    }
}

bool csv_field_is(const struct csv_field *field, const char *name)
{
    char *text = text_from_csv(field->text, field->length), *meant = utf8_copy(name);
    bool equal = strcmp(text, meant) == 0;
    memory_free(text);
    memory_free(meant);
    return equal;
}

/* A label column was asked for by a name that the first line does not have. */
static bool label_unknown(const struct csv_layout *layout, const char *name, struct error *error)
{
    struct place place = {layout->path, 1, 0};
    char **names = memory_allocate(layout->columns, sizeof *names);
    for (size_t c = 0; c < layout->columns; c++)
        names[c] = text_from_csv(layout->fields[c].text, layout->fields[c].length);
    const char *nearest = text_nearest(name, (const char *const *)names, layout->columns);
    if (nearest != NULL)
        error_at(error, place, NULL, "no column is named '%s'; did you mean '%s'?", name, nearest);
    else
        error_at(error, place, NULL,
                 "no column is named '%s'; name one of this line's, or give a position from 1 to "
                 "%zu, or none",
                 name, layout->columns);
    for (size_t c = 0; c < layout->columns; c++)
        memory_free(names[c]);
    memory_free(names);
    return false;
}

/* The first column from `c` on that has this name, or CSV_NO_LABEL. */
static size_t column_called(const struct csv_layout *layout, const char *name, size_t c)
{
    for (; c < layout->columns; c++)
        if (csv_field_is(&layout->fields[c], name))
            return c;
    return CSV_NO_LABEL;
}

/* Finds the label by its name, which proves that there is a header. */
static bool label_find(struct csv_layout *layout, const char *label, struct error *error)
{
    layout->label = column_called(layout, label, 0);
    if (layout->label == CSV_NO_LABEL)
        return label_unknown(layout, label, error);
    size_t other = column_called(layout, label, layout->label + 1);
    layout->header = true;
    if (other == CSV_NO_LABEL)
        return true;
    size_t first = csv_place(layout, layout->label) + 1, second = csv_place(layout, other) + 1;
    return error_at(error, (struct place){layout->path, 1, 0}, NULL,
                    "'%s' is ambiguous: columns %zu and %zu have this name; give the position: "
                    "--label %zu or --label %zu (label: %zu)",
                    label, first, second, first, second, first);
}

/* The column at a position in the file, from 1; or CSV_NO_LABEL. */
static size_t column_at(const struct csv_layout *layout, int64_t position)
{
    for (size_t c = 0; c < layout->columns; c++)
        if ((int64_t)csv_place(layout, c) + 1 == position)
            return c;
    return CSV_NO_LABEL;
}

/* Finds the label's column. A number is a position, unless only a name can be meant. */
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
    if (!text_to_integer(label, &position))
        return label_find(layout, label, error);
    layout->label = column_at(layout, position);
    if (layout->label != CSV_NO_LABEL)
        return true;
    if (column_called(layout, label, 0) != CSV_NO_LABEL)
        return label_find(layout, label, error);
    return error_usage(error, "%s: there is no column %s for the label; the columns are 1 to %zu",
                       layout->path, label, layout->width);
}

/* There is one column, and no feature, or `features` are wanted: what may have been meant to
 * separate columns? */
static bool refuse_one_column(const struct csv_layout *layout, size_t features, struct error *error)
{
    char what[64] = "the label, and no feature";
    static const struct {
        const char *text, *advice;
    } separators[] = {
        {"|", "; '|' does not: tr '|' ',' < FILE > OUT"},
        {":", "; if this is LIBSVM: --format libsvm (format: libsvm)"},
        {" ", "; blanks do not: tr -s ' ' ',' < FILE > OUT"},
    };
    const char *advice = "", *end = layout->begin + strcspn(layout->begin, "\n");
    for (size_t i = 0; i < sizeof separators / sizeof *separators && *advice == '\0'; i++)
        if (memmem(layout->begin, (size_t)(end - layout->begin), separators[i].text, 1) != NULL)
            advice = separators[i].advice;
    if (features > 0)
        snprintf(what, sizeof what, "and the model has %zu features", features);
    return error_at(
        error, (struct place){layout->path, 1, 0}, layout->begin,
        "there is one column, %s; columns are separated by commas, semicolons or tabs%s", what,
        advice);
}

/* Is this line a row in braces, as Weka's CSVSaver writes those of sparse data? Its commas would
 * separate pairs of place and value, of which there may be as many as columns. */
static bool is_braced(const char *line, const char *end)
{
    const char *after = memchr(line, '\n', (size_t)(end - line));
    after = after != NULL ? after : end;
    while (after > line && strchr(" \r", after[-1]) != NULL)
        after--;
    return after - line > 1 && *line == '{' && after[-1] == '}';
}

static bool refuse_braced(const struct csv_layout *layout, const char *second, struct error *error)
{
    bool first = is_braced(layout->begin, layout->end);
    if (!first && (second >= layout->end || !is_braced(second, layout->end)))
        return true;
    return error_at(
        error, (struct place){layout->path, first ? 1 : 2, 1}, first ? layout->begin : second,
        "a sparse row in braces, as Weka's CSV saver writes it, is no CSV; save the set "
        "as ARFF, which is read");
}

/* Where the first line is `header: no`, no name can be looked up. */
static bool label_goes_with(const struct csv_layout *layout, const struct source *source,
                            struct error *error)
{
    return source->header != &header_no || !layout->header ||
           error_usage(error,
                       "%s: the label is given by its name, '%s', but header: no makes the "
                       "first line a row; give the label's position",
                       layout->path, source->label);
}

/* The label that was asked for, or where a model has it. */
static bool label_choose(struct csv_layout *layout, const struct source *source,
                         struct error *error)
{
    bool ignored = source->label != NULL && strcmp(source->label, "none") == 0;
    if (source->wanted != NULL && source->wanted->features > 1 && layout->columns == 1)
        return refuse_one_column(layout, source->wanted->features, error);
    if (source->wanted != NULL && (source->label == NULL || ignored))
        return csv_wanted_label(layout, source, ignored, error);
    return label_detect(layout, source->label, error);
}

/* The column that must be the label's of a file for a model, whatever is left out. */
static size_t label_known(const struct csv_layout *layout, const struct source *source)
{
    const char *name = source->label != NULL ? source->label : source->wanted->found->label_name;
    return name != NULL ? column_called(layout, name, 0) : CSV_NO_LABEL;
}

/* Which of the model's columns hold categories, as the file has them. */
static void categories_follow(struct csv_layout *layout)
{
    memory_free(layout->categories);
    layout->categories = memory_allocate(layout->columns, 1);
    for (size_t c = 0, j = 0; c < layout->columns; c++)
        if (c != layout->label) {
            size_t feature = layout->targets != NULL ? layout->targets[c] : j;
            layout->categories[c] = layout->wanted->categories[feature];
            j++;
        }
}

/* Columns that a model has, and the label's, if there is one. */
static bool columns_find(struct csv_layout *layout, const struct source *source, const char *second,
                         struct error *error)
{
    layout->label = label_known(layout, source);
    if (!csv_columns_select(layout, source, error))
        return false;
    if (!csv_wanted_find(layout, source)) {
        layout->header = false;
        if (!csv_wanted_whole(layout, source, error) || !label_choose(layout, source, error) ||
            !label_goes_with(layout, source, error))
            return false;
        layout->header = csv_header_detect(layout, source, second);
    }
    if (source->wanted->categories != NULL &&
        layout->columns - (layout->label != CSV_NO_LABEL) == source->wanted->features)
        categories_follow(layout);
    return true;
}

/* Which columns are read, the label's, and whether there is a header. */
static bool columns_detect(struct csv_layout *layout, const struct source *source,
                           const char *second, struct error *error)
{
    if (source->wanted != NULL)
        return columns_find(layout, source, second, error);
    if (!label_choose(layout, source, error) || !label_goes_with(layout, source, error) ||
        !csv_columns_select(layout, source, error))
        return false;
    layout->header = csv_header_detect(layout, source, second);
    return csv_columns_named(layout, source, error);
}

bool csv_layout_detect(struct csv_layout *layout, const struct input *input,
                       const struct source *source, struct error *error)
{
    const struct columns_wanted *wanted = source->wanted;
    *layout = (struct csv_layout){
        .path = input->path, .begin = input->bytes, .source = source, .wanted = wanted};
    if (!blocks_check_text(input, error))
        return false;
    if (input->size >= 3 && memcmp(layout->begin, "\xef\xbb\xbf", 3) == 0)
        layout->begin += 3;
    layout->delimiter = csv_delimiter_detect(input->path, layout->begin);
    if (wanted != NULL)
        layout->delimiter = csv_wanted_delimiter(wanted, layout->begin, layout->delimiter);
    layout->end = csv_rows_end(layout->begin, input->bytes + input->size, layout->delimiter);
    if (layout->end == layout->begin)
        return error_usage(error, "%s: the file is empty", input->path);

    const char *second = layout->end;
    if (layout->begin[strspn(layout->begin, " \t\r")] == '\n')
        return error_at(error, (struct place){input->path, 1, 0}, NULL, "the first line is blank");
    if (!first_line_split(layout, &second, error) || !refuse_braced(layout, second, error))
        return false;
    csv_decimal_detect(layout, source);
    csv_tokens_read(layout, source->missing_tokens);
    csv_row_numbers_leave_out(layout, source, second);
    if (!columns_detect(layout, source, second, error))
        return false;
    layout->body = layout->header ? second : layout->begin;
    if (layout->body >= layout->end)
        return error_usage(error, "%s: there are no rows, only a header", input->path);
    layout->full = memory_allocate(layout->columns, 1);
    layout->texts = memory_allocate(1, sizeof(struct csv_texts *));
    return layout->columns > 1 || layout->label == CSV_NO_LABEL ||
           refuse_one_column(layout, 0, error);
}

void csv_layout_clear(struct csv_layout *layout)
{
    csv_texts_free(layout);
    if (layout->tokens != NULL)
        csv_list_clear(layout->tokens);
    memory_free(layout->tokens);
    memory_free(layout->token_numbers);
    memory_free(layout->own_fields);
    memory_free(layout->places);
    memory_free(layout->targets);
    memory_free(layout->categories);
    memory_free(layout->full);
    memory_free(layout->notes);
    *layout = (struct csv_layout){.path = layout->path};
}
