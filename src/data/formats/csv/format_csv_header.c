/* SPDX-License-Identifier: MIT
 *
 * Whether the first line of a CSV file is a header, and whether its first column is one of row
 * numbers. What cannot be told for sure is noted, so that a row is never lost without a word.
 *
 * pandas calls columns 0, 1, 2, ... where they have no names, and writes the rows' index before
 * them in a column without a name; so does R with the names of rows. Such a column is no
 * measurement: it predicts whatever the rows are sorted by.
 */
#include "data/formats/csv/csv.h"

#include "base/lookup.h"
#include "base/text.h"
#include "data/formats/blocks.h"
#include "data/formats/csv/format_csv_evidence.h"

#include <string.h>

const struct entry header_auto = {"auto", "the first line is a header if it has names"};
const struct entry header_yes = {"yes", "the first line names the columns, even by numbers"};
const struct entry header_no = {"no", "the first line is a row like the others"};

static const struct entry *const choices[] = {
    &header_auto,
    &header_yes,
    &header_no,
};

const struct table header_table = TABLE("header", choices);

enum { DIGITS = 18 }; /* of a row's number */

/* Are the fields, without that of column `skipped`, 0, 1, 2, ..., as pandas writes them? */
static bool fields_count_up(const struct csv_layout *layout, size_t skipped)
{
    size_t j = 0;
    for (size_t c = 0; c < layout->columns; c++) {
        char number[TEXT_NUMBER];
        size_t length = (size_t)snprintf(number, sizeof number, "%zu", j);
        if (c == skipped)
            continue;
        if (layout->fields[c].length != length ||
            memcmp(layout->fields[c].text, number, length) != 0)
            return false;
        j++;
    }
    return j > 0 && layout->columns > 1;
}

static bool is_word(const struct csv_layout *layout, const struct csv_field *field)
{
    return !csv_field_missing(field) && !csv_field_is_number(layout, field);
}

/* Is the label a word in the first line, and a number in the second? Then it is a name. */
static bool label_is_name(const struct csv_layout *layout, const char *second)
{
    struct csv_field field = {.text = NULL};
    const char *p = second;
    if (layout->label == CSV_NO_LABEL || !is_word(layout, &layout->fields[layout->label]))
        return false;
    for (size_t c = 0; c <= csv_place(layout, layout->label); c++, p++) {
        bool is_there = p < layout->end && (c == 0 || p[-1] == layout->delimiter);
        if (!is_there || (p = csv_field_read(p, layout->delimiter, &field)) == NULL)
            return false;
    }
    return csv_field_is_number(layout, &field);
}

/* Has a line names in columns other than `skipped`, and no numbers? A line with a number among its
 * features is a row: were it taken for a header, a row with a misspelt number would be lost without
 * a word. */
static bool fields_are_names(const struct csv_layout *layout, size_t skipped)
{
    size_t names = 0;
    for (size_t c = 0; c < layout->columns; c++) {
        if (c == skipped || csv_field_missing(&layout->fields[c]))
            continue;
        if (csv_field_is_number(layout, &layout->fields[c]))
            return false;
        names++;
    }
    return names > 0;
}

/* Does nothing stand in any field? */
static bool fields_are_empty(const struct csv_layout *layout)
{
    size_t empty = 0;
    for (size_t c = 0; c < layout->columns; c++)
        empty += layout->fields[c].length == 0;
    return empty == layout->columns && layout->columns > 1;
}

/* A line of texts is a row if one of them stands in other rows as well. */
static bool names_believe(struct csv_layout *layout, const char *second)
{
    char column[CSV_COLUMN_NAME];
    const struct csv_evidence evidence = csv_evidence_look(layout, second, false);
    if (evidence.names_numbers || !evidence.recurs)
        return true;
    dataset_note(
        &layout->notes,
        "%s: the first line is read as a row, since what stands in its %s does so in other "
        "rows; if it has names: --header yes (header: yes)",
        layout->path, csv_column_name(layout, evidence.column, column));
    return false;
}

static bool is_whole(const struct csv_field *field)
{
    bool whole = field->length > 0 && field->length <= DIGITS;
    for (size_t i = 0; i < field->length && whole; i++)
        whole = field->text[i] >= '0' && field->text[i] <= '9';
    return whole;
}

/* Are the fields, but for the label's, names and whole numbers, no two of them equal? */
static bool fields_may_name(const struct csv_layout *layout)
{
    struct lookup seen = {0};
    size_t names = 0;
    for (size_t c = 0; c < layout->columns; c++) {
        const struct csv_field *field = &layout->fields[c];
        if (c == layout->label || csv_field_missing(field))
            continue;
        bool fits = is_whole(field) || !csv_field_is_number(layout, field);
        if (fits && lookup_number(&seen, field->text, field->length) == names)
            names++;
        else
            names = SIZE_MAX;
        if (names == SIZE_MAX)
            break;
    }
    lookup_clear(&seen);
    return names > 0 && names < SIZE_MAX;
}

/* Names and whole numbers above, with a label that would be a third class. */
static bool third_class_names(struct csv_layout *layout, const char *second)
{
    if (layout->label == CSV_NO_LABEL || layout->label_ignored || !fields_may_name(layout) ||
        !csv_evidence_look(layout, second, true).third)
        return false;
    dataset_note(&layout->notes,
                 "%s: the first line is taken for the names of columns, since its label would be a "
                 "third class; for a row: --header no (header: no)",
                 layout->path);
    return true;
}

/* Is it 0, 1, 2, ..., as pandas writes it? */
static bool counted_names(struct csv_layout *layout, const char *second)
{
    bool named = label_is_name(layout, second);
    if (!fields_count_up(layout, named ? layout->label : CSV_NO_LABEL))
        return false;
    dataset_note(
        &layout->notes,
        "%s: the first line, 0 to %zu%s, is taken for the names of columns, as pandas writes "
        "them; for a row of numbers: --header no (header: no)",
        layout->path, layout->columns - 1 - named, named ? " and a word for the label" : "");
    return true;
}

bool csv_header_detect(struct csv_layout *layout, const struct source *source, const char *second)
{
    if (source->header == &header_no)
        return false;
    if (layout->header || source->header == &header_yes || fields_are_empty(layout))
        return true;
    if (source->wanted != NULL && csv_wanted_header(layout, source->wanted))
        return true; /* a model knows what its features are called */
    if (fields_are_names(layout, layout->label))
        return names_believe(layout, second);
    return counted_names(layout, second) || third_class_names(layout, second);
}

/* --- Row numbers --------------------------------------------------------------------------- */

/* A whole number as it is counted with: digits alone. */
static bool field_counts(const struct csv_field *field, int64_t *number)
{
    if (field->length == 0 || field->length > DIGITS)
        return false;
    *number = 0;
    for (size_t i = 0; i < field->length; i++) {
        if (field->text[i] < '0' || field->text[i] > '9')
            return false;
        *number = 10 * *number + (field->text[i] - '0');
    }
    return true;
}

/* What the first fields of rows are, as far as the sample goes: numbers that count up, perhaps
 * several times from the first, as of tables that were put together; or texts. */
struct first_fields {
    bool count, are_texts;
};

static struct first_fields first_fields_look(const struct csv_layout *layout, const char *body)
{
    struct first_fields found = {body < layout->end, body < layout->end};
    int64_t first = 0, last = 0, number;
    const char *sample = layout->end;
    if (layout->end - body > INPUT_SAMPLE) /* the last line may be cut there */
        sample = memrchr(body, '\n', INPUT_SAMPLE);
    for (const char *p = body; p != NULL && p < sample;) {
        struct csv_field field;
        if (csv_field_read(p, layout->delimiter, &field) == NULL)
            break; /* to be refused as a row */
        found.are_texts =
            found.are_texts && field.length > 0 && !csv_field_is_number(layout, &field);
        found.count = found.count && field_counts(&field, &number) &&
                      (p == body || number == last + 1 || number == first);
        if (!found.count && !found.are_texts)
            break;
        first = p == body && found.count ? number : first;
        last = found.count ? number : last;
        const char *line_break = memchr(p, '\n', (size_t)(sample - p));
        p = line_break != NULL ? line_break + 1 : NULL;
    }
    return found;
}

/* Is it sure that there is a header, without the label's column being known? */
static bool is_headed(const struct csv_layout *layout, const struct source *source)
{
    const char *label = source->label;
    int64_t position;
    if (source->header != NULL && source->header != &header_auto)
        return source->header == &header_yes;
    bool named = label != NULL && strcmp(label, "none") != 0 && !text_to_integer(label, &position);
    return named || fields_are_names(layout, CSV_NO_LABEL) ||
           (source->wanted != NULL && csv_wanted_names(layout, source->wanted));
}

void csv_row_numbers_leave_out(struct csv_layout *layout, const struct source *source,
                               const char *second)
{
    struct csv_layout rest = *layout;
    rest.fields++;
    rest.columns--;
    bool asked_for = source->label != NULL && strcmp(source->label, "1") == 0;
    size_t last = layout->columns > 1 && is_word(layout, &rest.fields[rest.columns - 1])
                      ? rest.columns - 1 /* the label's name */
                      : CSV_NO_LABEL;
    bool counted = source->header != &header_no && fields_count_up(&rest, last);
    bool needed = source->wanted != NULL && (layout->columns <= source->wanted->features ||
                                             csv_wanted_unnamed(layout, source->wanted));
    if (layout->columns < 2 || needed || layout->fields[0].length > 0 || asked_for ||
        fields_are_empty(layout) || !(counted || is_headed(&rest, source)))
        return;
    struct first_fields found = first_fields_look(layout, second);
    if (!found.count && !found.are_texts)
        return;
    layout->fields++;
    layout->columns--;
    layout->left_out = 1;
    layout->header = true;
    dataset_note(&layout->notes,
                 "%s: column 1 has no name and %s the rows, so it is no feature and is left out; a "
                 "name in the header makes it one",
                 layout->path, found.count ? "numbers" : "names");
}
