/* SPDX-License-Identifier: MIT
 *
 * Which columns could be the label, for a message: those of two different texts in the first rows,
 * gaps aside. Bytes are compared, so that 1 and 1.0 are two; it is a hint, and decides nothing.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "data/input.h"

#include <string.h>

enum { ROWS_LOOKED_AT = 10000, CANDIDATES_SHOWN = 6 };

/* The texts that were met in a column. */
struct met {
    struct csv_field texts[2];
    size_t count; /* 3: more */
};

static bool same(const struct csv_field *a, const struct csv_field *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void meet(struct met *met, const struct csv_layout *layout, const struct csv_field *field)
{
    if (met->count > 2 || field->length == 0 || csv_field_marked(layout, field))
        return;
    for (size_t i = 0; i < met->count; i++)
        if (same(&met->texts[i], field))
            return;
    if (met->count < 2)
        met->texts[met->count] = *field;
    met->count++;
}

/* Looks at a row. Returns the next; NULL where it is no whole row. */
static const char *row_look(const struct csv_layout *layout, const char *p, const char *end,
                            struct met *met)
{
    for (size_t place = 0; place < layout->width; place++) {
        struct csv_field field;
        const char *next = csv_field_read(p, layout->delimiter, &field);
        char mark = place + 1 < layout->width ? layout->delimiter : '\n';
        if (next == NULL || next >= end || *next != mark)
            return NULL;
        meet(&met[place], layout, &field);
        p = next + 1;
    }
    return p;
}

char *csv_candidates(const struct csv_layout *layout)
{
    struct memory_stream stream;
    FILE *list = memory_stream_open(&stream);
    struct met *met = memory_allocate(layout->width, sizeof *met);
    size_t size = (size_t)(layout->end - layout->body), shown = 0;
    const char *p = layout->body, *end = p + (size < INPUT_SAMPLE ? size : INPUT_SAMPLE);
    for (size_t row = 0; row < ROWS_LOOKED_AT && p != NULL && p < end; row++)
        p = row_look(layout, p, end, met);
    for (size_t c = 0; c < layout->columns; c++) {
        if (met[csv_place(layout, c)].count != 2 || shown > CANDIDATES_SHOWN)
            continue;
        fputs(shown == 0 ? "; columns of two values: " : ", ", list);
        if (shown++ == CANDIDATES_SHOWN)
            fputs("...", list);
        else
            csv_column_operand(layout, c, list);
    }
    memory_free(met);
    return memory_stream_close(&stream);
}
