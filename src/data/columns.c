/* SPDX-License-Identifier: MIT
 *
 * Descriptions of columns, and what they are encoded as: made, copied and freed.
 */
#include "data/columns.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

char **texts_copy(char *const *texts, size_t count)
{
    if (texts == NULL)
        return NULL;
    char **copies = memory_allocate(count, sizeof *copies);
    for (size_t i = 0; i < count; i++)
        copies[i] = memory_copy_text(texts[i]);
    return copies;
}

void texts_free(char **texts, size_t count)
{
    for (size_t i = 0; texts != NULL && i < count; i++)
        memory_free(texts[i]);
    memory_free(texts);
}

static char *text_copy(const char *text)
{
    return text != NULL ? memory_copy_text(text) : NULL;
}

/* --- Columns of a table --------------------------------------------------------------------- */

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
    copy.name = text_copy(column->name);
    copy.categories = texts_copy(column->categories, column->count);
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

struct data_columns *data_columns_take(const struct data_columns *columns, const size_t *from,
                                       size_t count)
{
    if (columns == NULL)
        return NULL;
    struct data_columns *taken = data_columns_create(count);
    for (size_t j = 0; j < count; j++)
        taken->columns[j] = column_copy(&columns->columns[from[j]]);
    return taken;
}

static void column_clear(struct data_column *column)
{
    texts_free(column->categories, column->count);
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

/* --- What they become ----------------------------------------------------------------------- */

struct encoding *encoding_create(size_t columns)
{
    struct encoding *encoding = memory_allocate(1, sizeof *encoding);
    encoding->count = columns;
    encoding->columns = memory_allocate(columns, sizeof *encoding->columns);
    for (size_t j = 0; j < columns; j++)
        encoding->columns[j].fill = (double)NAN;
    return encoding;
}

static void *array_copy(const void *array, size_t count, size_t size)
{
    if (array == NULL)
        return NULL;
    void *copy = memory_allocate_untouched(count, size);
    memcpy(copy, array, count * size);
    return copy;
}

static struct encoded_column encoded_copy(const struct encoded_column *column)
{
    struct encoded_column copy = *column;
    copy.name = text_copy(column->name);
    copy.levels = texts_copy(column->levels, column->count);
    copy.rare = array_copy(column->rare, column->count, sizeof *copy.rare);
    copy.fill_level = text_copy(column->fill_level);
    copy.places = array_copy(column->places, column->count, sizeof *copy.places);
    return copy;
}

struct encoding *encoding_copy(const struct encoding *encoding)
{
    if (encoding == NULL)
        return NULL;
    struct encoding *copy = encoding_create(encoding->count);
    struct encoded_column *columns = copy->columns;
    *copy = *encoding;
    copy->columns = columns;
    for (size_t j = 0; j < copy->count; j++)
        columns[j] = encoded_copy(&encoding->columns[j]);
    copy->names = texts_copy(encoding->names, encoding->features);
    return copy;
}

void encoding_free(struct encoding *encoding)
{
    if (encoding == NULL)
        return;
    for (size_t j = 0; j < encoding->count; j++) {
        struct encoded_column *column = &encoding->columns[j];
        texts_free(column->levels, column->count);
        memory_free(column->name);
        memory_free(column->rare);
        memory_free(column->fill_level);
        memory_free(column->places);
    }
    memory_free(encoding->columns);
    texts_free(encoding->names, encoding->features);
    memory_free(encoding);
}
