/* SPDX-License-Identifier: MIT
 *
 * How numbers are written. Where commas are the decimals, as in much of Europe, columns are
 * separated by semicolons or tabs, and no number has a point. "1,234" alone does not tell: it may
 * be a thousand and some; "1,5" and "0,123" do. So the first megabyte decides only where it is
 * clear, and what stays unclear is refused where a column is made of it (format_csv_kinds.c).
 */
#include "data/formats/csv/csv.h"

#include "data/formats/number_parse.h"

#include <math.h>
#include <string.h>

const struct entry decimal_auto = {"auto", "a comma where that is beyond doubt, else a point"};
const struct entry decimal_point = {"point", "1.5"};
const struct entry decimal_comma = {"comma", "1,5"};

static const struct entry *const choices[] = {&decimal_auto, &decimal_point, &decimal_comma};

const struct table decimal_table = TABLE("decimal sign", choices);

bool csv_number_read(const struct csv_layout *layout, const char *text, size_t length,
                     double *value)
{
    const bool comma = layout->decimal_comma && memchr(text, ',', length) != NULL;
    if (layout->decimal_comma && memchr(text, '.', length) != NULL)
        return false;
    const char *end = comma ? number_parse_comma(text, value) : number_parse(text, value);
    return end == text + length && length > 0;
}

bool csv_text_has_comma(const char *text, size_t length)
{
    size_t commas = 0, digits = 0;
    for (size_t i = 0; i < length; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        bool sign = (text[i] == '-' || text[i] == '+') && i == 0;
        commas += text[i] == ',';
        digits += digit;
        if (!digit && !sign && text[i] != ',' && text[i] != '.')
            return false;
    }
    return commas > 0 && digits > 0;
}

/* Has the number groups of three digits behind each comma, and one to three that do not begin with
 * 0 before them, so that it may be thousands? */
static bool may_be_thousands(const struct csv_field *field)
{
    const char *p = field->text, *end = p + field->length;
    p += p < end && (*p == '-' || *p == '+');
    size_t digits = strspn(p, "0123456789");
    if (digits == 0 || digits > 3 || *p == '0')
        return false;
    for (p += digits; p < end; p += 4)
        if (*p != ',' || end - p < 4 || strspn(p + 1, "0123456789") < 3)
            return false;
    return true;
}

/* What numbers there are in the sample. */
struct signs {
    size_t commas, points; /* of which there can be no doubt */
};

static void field_look(const struct csv_field *field, struct signs *signs)
{
    double value;
    if (memchr(field->text, ',', field->length) != NULL) {
        bool number = field->length > 0 &&
                      number_parse_comma(field->text, &value) == field->text + field->length;
        signs->commas += number && !may_be_thousands(field);
    } else if (memchr(field->text, '.', field->length) != NULL) {
        signs->points += number_parse_whole(field->text, field->length, &value);
    }
}

static struct signs signs_look(const struct csv_layout *layout)
{
    struct signs signs = {0, 0};
    size_t size = (size_t)(layout->end - layout->begin);
    const char *end = layout->begin + (size < INPUT_SAMPLE ? size : INPUT_SAMPLE);
    if (memchr(layout->begin, ',', (size_t)(end - layout->begin)) == NULL)
        return signs;
    for (const char *p = layout->begin; p < end;) {
        struct csv_field field;
        const char *next = csv_field_read(p, layout->delimiter, &field);
        if (next == NULL || next >= end)
            break; /* to be refused as a row, or cut off */
        field_look(&field, &signs);
        p = next + 1;
    }
    return signs;
}

void csv_decimal_detect(struct csv_layout *layout, const struct source *source)
{
    const struct entry *said = source->decimal;
    bool trained = source->wanted != NULL && source->wanted->found->decimal_comma;
    if (said == NULL && trained)
        said = &decimal_comma;
    layout->decimal_told = said == &decimal_comma || said == &decimal_point;
    layout->decimal_comma = said == &decimal_comma;
    if (layout->decimal_told || layout->delimiter == ',')
        return;
    struct signs signs = signs_look(layout);
    layout->decimal_comma = signs.commas > 0 && signs.points == 0;
    if (layout->decimal_comma)
        dataset_note(&layout->notes,
                     "%s: numbers are read with a comma for their decimals, as in 1,5; if it is "
                     "none: --decimal point",
                     layout->path);
}
