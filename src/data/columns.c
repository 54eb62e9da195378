/* SPDX-License-Identifier: MIT
 *
 * Descriptions of columns: made, copied and freed.
 */
#include "data/columns.h"

#include "base/memory.h"

struct data_columns *data_columns_create(size_t count)
{
    struct data_columns *columns = memory_allocate(1, sizeof *columns);
    columns->count = count;
    columns->columns = memory_allocate(count, sizeof *columns->columns);
    return columns;
}

static struct data_column column_copy(const struct data_column *column)
{
    struct data_column copy = *column;
    copy.name = column->name != NULL ? memory_copy_text(column->name) : NULL;
    if (column->categories == NULL)
        return copy;
    copy.categories = memory_allocate(column->count, sizeof *copy.categories);
    for (size_t k = 0; k < column->count; k++)
        copy.categories[k] = memory_copy_text(column->categories[k]);
    return copy;
}

struct data_columns *data_columns_copy(const struct data_columns *columns)
{
    if (columns == NULL)
        return NULL;
    struct data_columns *copy = data_columns_create(columns->count);
    for (size_t j = 0; j < columns->count; j++)
        copy->columns[j] = column_copy(&columns->columns[j]);
    return copy;
}

static void column_clear(struct data_column *column)
{
    for (size_t k = 0; column->categories != NULL && k < column->count; k++)
        memory_free(column->categories[k]);
    memory_free(column->categories);
    memory_free(column->name);
}

void data_columns_free(struct data_columns *columns)
{
    if (columns == NULL)
        return;
    for (size_t j = 0; j < columns->count; j++)
        column_clear(&columns->columns[j]);
    memory_free(columns->columns);
    memory_free(columns);
}
