/* SPDX-License-Identifier: MIT
 *
 * A sorted array, and a binary search.
 */
#include "store/numbering.h"

#include "base/memory.h"

#include <stdlib.h>

bool numbering_add(struct numbering *numbering, int64_t number, int64_t other)
{
    size_t count = numbering->count;
    if (count > 0 && numbering->rows[count - 1].number >= number)
        return false;
    numbering->rows =
        memory_grow(numbering->rows, &numbering->capacity, count + 1, sizeof *numbering->rows);
    numbering->rows[numbering->count++] = (struct numbered){number, other};
    return true;
}

static int compare(const void *key, const void *row)
{
    const int64_t number = *(const int64_t *)key, other = ((const struct numbered *)row)->number;
    return (number > other) - (number < other);
}

struct numbered *numbering_row(const struct numbering *numbering, int64_t number)
{
    if (numbering->count == 0)
        return NULL;
    return bsearch(&number, numbering->rows, numbering->count, sizeof *numbering->rows, compare);
}

int64_t numbering_find(const struct numbering *numbering, int64_t number)
{
    const struct numbered *row = numbering_row(numbering, number);
    return row != NULL ? row->other : 0;
}

void numbering_clear(struct numbering *numbering)
{
    memory_free(numbering->rows);
    *numbering = (struct numbering){0};
}
