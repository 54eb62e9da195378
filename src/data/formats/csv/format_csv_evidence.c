/* SPDX-License-Identifier: MIT
 *
 * What the rows say of the first line. Where columns are numbers below and words above, the words
 * are names. Where all is text, the first line is a row if what stands in it does so in other rows,
 * too: names of columns do not come again, categories do. And a label that would be a third class,
 * where there are two that come again and again, is a name, even among numbers.
 */
#include "data/formats/csv/format_csv_evidence.h"

#include "base/memory.h"

#include <string.h>

enum { ROWS_LOOKED_AT = 1000, CLASSES = 3, CLASS_ROWS = 2 };

/* Labels below the first line, as they are written. */
struct classes {
    size_t count; /* CLASSES: more than two */
    struct csv_field kept[CLASSES];
    size_t rows[CLASSES];
};

static bool field_equal(const struct csv_field *a, const struct csv_field *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void class_count(struct classes *classes, const struct csv_field *field)
{
    size_t k = 0;
    while (k < classes->count && !field_equal(&classes->kept[k], field))
        k++;
    if (k == CLASSES)
        return;
    classes->kept[k] = *field;
    classes->rows[k]++;
    classes->count += k == classes->count;
}

static void field_look(const struct csv_layout *layout, size_t c, const struct csv_field *field,
                       struct csv_evidence *evidence)
{
    const struct csv_field *first = &layout->fields[c];
    if (csv_field_missing(first))
        return;
    if (field_equal(first, field) && !evidence->recurs && !csv_field_is_number(layout, first)) {
        evidence->recurs = true;
        evidence->column = c;
    }
    evidence->label_recurs =
        evidence->label_recurs || (c == layout->label && field_equal(first, field));
    evidence->names_numbers = evidence->names_numbers ||
                              (!csv_field_is_number(layout, first) && !csv_field_missing(field) &&
                               csv_field_is_number(layout, field));
}

/* Looks at a row. Returns where the next begins; NULL: it cannot be read. */
static const char *row_look(const struct csv_layout *layout, const char *p,
                            struct csv_evidence *evidence, struct classes *classes)
{
    size_t c = 0;
    for (size_t place = 0; place < layout->width; place++) {
        struct csv_field field;
        const char *end = csv_field_read(p, layout->delimiter, &field);
        if (end == NULL || (*end != layout->delimiter && place + 1 < layout->width))
            return NULL;
        if (c < layout->columns && csv_place(layout, c) == place) {
            field_look(layout, c, &field, evidence);
            if (c == layout->label)
                class_count(classes, &field);
            c++;
        }
        p = end + 1;
    }
    return p;
}

struct csv_evidence csv_evidence_look(const struct csv_layout *layout, const char *second,
                                      bool whole)
{
    struct csv_evidence evidence = {0};
    struct classes classes = {.count = 0};
    const char *end = layout->end;
    if (end - second > INPUT_SAMPLE) /* the last line may be cut there */
        end = memrchr(second, '\n', INPUT_SAMPLE);
    const char *p = second;
    for (size_t row = 0;
         row < ROWS_LOOKED_AT && p != NULL && p < end && (whole || !evidence.names_numbers); row++)
        p = row_look(layout, p, &evidence, &classes);
    evidence.third = classes.count == 2 && classes.rows[0] >= CLASS_ROWS &&
                     classes.rows[1] >= CLASS_ROWS && !evidence.label_recurs;
    return evidence;
}
