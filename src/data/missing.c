/* SPDX-License-Identifier: MIT
 *
 * Where values are missing.
 */
#include "data/missing.h"

#include "base/memory.h"
#include "data/columns_walk.h"
#include "data/share.h"

#include <math.h>

/* --- Counting -------------------------------------------------------------------------------- */

static void sparse_count(const struct dataset *data, size_t *missing)
{
    for (size_t t = 0; t < dataset_entries(data); t++)
        missing[data->columns[t]] += isnan(data->values[t]) ? 1 : 0;
}

static void piece_count(void *context, struct column_piece piece)
{
    size_t *missing = context, count = 0;
    for (size_t i = 0; i < piece.count; i++)
        count += isnan(piece.x[i * piece.stride]) ? 1 : 0;
    missing[piece.j] += count;
}

size_t *missing_count(const struct dataset *data, int threads)
{
    size_t *missing = memory_allocate(data->features, sizeof *missing);
    if (dataset_is_sparse(data))
        sparse_count(data, missing);
    else
        columns_walk(data, threads, piece_count, missing);
    return missing;
}

bool missing_first(const struct dataset *data, size_t *row, size_t *column)
{
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++)
            if (isnan(sample_value(&x, t))) {
                *row = i;
                *column = sample_column(&x, t);
                return true;
            }
    }
    return false;
}

/* --- Columns --------------------------------------------------------------------------------- */

bool missing_describe(struct dataset *data, const struct ranks *ranks, const size_t *missing,
                      const char *path, struct error *error)
{
    size_t d = data->features;
    double bytes = (double)(sizeof(struct data_column) + sizeof(double)) * (double)d;
    if (!share_agree(ranks, memory_check(bytes * ranks_per_host(ranks), path, error), error))
        return false;
    double *counts = memory_allocate_untouched(d, sizeof *counts);
    for (size_t j = 0; j < d; j++)
        counts[j] = (double)missing[j];
    ranks_allreduce(ranks, counts, d);
    data->table = data_columns_create(d);
    for (size_t j = 0; j < d; j++)
        data->table->columns[j].missing = (size_t)counts[j];
    memory_free(counts);
    return true;
}
