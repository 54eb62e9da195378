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

static char *name_of(const struct csv_layout *layout, size_t c)
{
    const struct csv_field *field = &layout->fields[c];
    return text_from_csv(field->text, layout->header ? field->length : 0);
}

static struct told_column column_tell(const struct csv_columns *all,
                                      const struct csv_column *column)
{
    bool refused = column->kind->refuse != NULL;
    struct told_column told = {.position = csv_place(all->layout, column->c) + 1,
                               .name = name_of(all->layout, column->c),
                               .kind = column->kind->name,
                               .done = refused ? "refused" : column->kind->done,
                               .missing = column->missing,
                               .numbers = column->texts == 0 && column->numbers > 0,
                               .feature = column->feature};
    if (column->texts > 0)
        texts_tell(all, column, &told);
    return told;
}

static struct told_column label_tell(const struct csv_layout *layout)
{
    return told_label(csv_place(layout, layout->label) + 1, name_of(layout, layout->label),
                      layout->label_ignored);
}

void csv_columns_tell(const struct csv_columns *all, int threads, FILE *out)
{
    size_t count = 0, others = 0;
    struct told_column *told = memory_allocate(all->count + 1, sizeof *told);
    for (size_t k = 0; k <= all->count; k++) {
        if (k == all->layout->label)
            told[count++] = label_tell(all->layout);
        if (k == all->count)
            break;
        if (k < TOLD_COLUMNS || all->columns[k].kind->refuse != NULL)
            told[count++] = column_tell(all, &all->columns[k]);
        else
            others++;
    }
    columns_tell(told, count, others, all->data, threads, out);
    memory_free(told);
}
