/* SPDX-License-Identifier: MIT
 *
 * Sparse rows are sorted by counting: how many values each column has says where its own begin.
 */
#include "data/preparation/column_values.h"

#include "base/memory.h"

#include <math.h>

double column_values_bytes(const struct dataset *data)
{
    if (!dataset_is_sparse(data))
        return 0.0;
    return (double)sizeof(size_t) * (double)data->features +
           (double)sizeof(double) * (double)dataset_entries(data);
}

/* Where the values of each column begin. */
static size_t *begins_count(const struct dataset *data)
{
    size_t *places = memory_allocate(data->features, sizeof *places), next = 0;
    for (size_t t = 0; t < dataset_entries(data); t++)
        places[data->columns[t]]++;
    for (size_t j = 0; j < data->features; j++) {
        size_t count = places[j];
        places[j] = next;
        next += count;
    }
    return places;
}

/* A place moves on with each value that goes there: from the begin of a column to its end. */
struct column_values column_values_open(const struct dataset *data)
{
    struct column_values columns = {.data = data};
    if (!dataset_is_sparse(data))
        return columns;
    size_t entries = dataset_entries(data);
    columns.ends = begins_count(data);
    columns.values = memory_allocate_untouched(entries, sizeof *columns.values);
    for (size_t t = 0; t < entries; t++)
        columns.values[columns.ends[data->columns[t]]++] = data->values[t];
    return columns;
}

void column_values_close(struct column_values *columns)
{
    memory_free(columns->ends);
    memory_free(columns->values);
}

static size_t begin_of(const struct column_values *columns, size_t j)
{
    return j > 0 ? columns->ends[j - 1] : 0;
}

size_t column_values_stored(const struct column_values *columns, size_t j)
{
    return columns->ends != NULL ? columns->ends[j] - begin_of(columns, j) : columns->data->rows;
}

size_t column_values_copy(const struct column_values *columns, size_t j, double *values)
{
    const struct dataset *data = columns->data;
    bool sparse = columns->ends != NULL;
    const double *from = sparse ? columns->values + begin_of(columns, j) : data->X + j;
    size_t step = sparse ? 1 : data->features, stored = column_values_stored(columns, j), count = 0;
    for (size_t i = 0; i < stored; i++) {
        double value = from[i * step];
        if (!isnan(value))
            values[count++] = value;
    }
    return count;
}
