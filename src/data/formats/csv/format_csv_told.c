/* SPDX-License-Identifier: MIT
 *
 * What the table of columns (columns_told.h) says of a CSV file.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats/columns_told.h"

_Static_assert((int)TOLD_DISTINCT_MOST == (int)CSV_TEXTS_MOST, "a full column has more");

/* Of a column whose texts are not kept, the first is the example. */
static void texts_tell(const struct csv_columns *all, const struct csv_column *column,
                       struct told_column *told)
{
    struct csv_field cell;
    size_t row;
    told->distinct = column->distinct;
    if (column->values != NULL) {
        told_texts(told, column->values, column->distinct);
    } else if (csv_column_first(all, column, &cell, &row)) {
        char *text = text_from_csv(cell.text, cell.length);
        told_texts(told, &text, 1);
        memory_free(text);
    }
}

/* The name of a column; free with memory_free(). */
static char *name_of(const struct csv_layout *layout, size_t c)
{
    const struct csv_field *field = &layout->fields[c];
    return text_from_csv(field->text, layout->header ? field->length : 0);
}

static void column_tell(const struct csv_columns *all, const struct csv_column *column, FILE *out)
{
    char *name = name_of(all->layout, column->c);
    bool refused = column->kind->refuse != NULL;
    struct told_column told = {.position = csv_place(all->layout, column->c) + 1,
                               .name = name,
                               .kind = column->kind->name,
                               .done = refused ? "refused" : column->kind->done,
                               .missing = column->missing};
    if (column->texts > 0)
        texts_tell(all, column, &told);
    else if (column->numbers > 0)
        told_numbers(&told, all->data, column->feature);
    told_write(&told, out);
    memory_free(name);
}

static void label_tell(const struct csv_layout *layout, FILE *out)
{
    char *name = name_of(layout, layout->label);
    told_label(csv_place(layout, layout->label) + 1, name, layout->label_ignored, out);
    memory_free(name);
}

void csv_columns_tell(const struct csv_columns *all, FILE *out)
{
    size_t shown = 0, others = 0;
    bool labelled = all->layout->label != CSV_NO_LABEL;
    told_head(out);
    for (size_t k = 0; k < all->count; k++) {
        const struct csv_column *column = &all->columns[k];
        if (labelled && k == all->layout->label)
            label_tell(all->layout, out);
        if (shown < TOLD_COLUMNS || column->kind->refuse != NULL) {
            column_tell(all, column, out);
            shown++;
        } else {
            others++;
        }
    }
    if (labelled && all->layout->label == all->count)
        label_tell(all->layout, out);
    told_end(others, out);
}
