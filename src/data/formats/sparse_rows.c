/* SPDX-License-Identifier: MIT
 *
 * Sparse rows, once they are read: without gaps, and dense where that is better.
 */
#include "data/formats/sparse_rows.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

double sparse_rows_bytes(double rows, double values)
{
    double value = dataset_bytes_sparse(0, 1) - dataset_bytes_sparse(0, 0);
    double row = dataset_bytes_sparse(1, 0) - dataset_bytes_sparse(0, 0);
    return row * rows + value * values;
}

bool sparse_rows_fit(const char *path, double rows, double values, struct scratch *scratch,
                     struct error *error)
{
    char what[512];
    snprintf(what, sizeof what, "%s, about %.3g rows with %.3g values,", path, rows, values);
    return scratch_check(scratch, sparse_rows_bytes(rows, values), what, error);
}

size_t sparse_row_put(struct dataset *data, size_t row, size_t place, const double *x)
{
    for (size_t j = 0; j < data->features; j++) {
        if (!sparse_is_stored(x[j]))
            continue;
        data->columns[place] = (uint32_t)j;
        data->values[place++] = x[j];
    }
    data->starts[row + 1] = place;
    return place;
}

void sparse_rows_close(const struct block *blocks, size_t count, struct dataset *data)
{
    size_t to = 0;
    for (size_t i = 0; i < count; i++) {
        const struct block *block = &blocks[i];
        size_t from = block->first_value;
        if (from != to) {
            memmove(data->columns + to, data->columns + from,
                    block->values * sizeof *data->columns);
            memmove(data->values + to, data->values + from, block->values * sizeof *data->values);
            for (size_t row = block->first_row; row < block->first_row + block->rows; row++)
                data->starts[row + 1] -= from - to;
        }
        to += block->values;
    }
}

bool sparse_rows_settle(struct share *share, const char *path, bool always, struct scratch *scratch,
                        struct dataset *data, int threads, struct error *error)
{
    size_t before;
    if (!share->chosen)
        share->entries = ranks_total(share->ranks, dataset_entries(data), &before);
    double values = (double)share->whole * (double)data->features;
    if (!always && 2.0 * (double)share->entries < values)
        return true;
    double bytes = dataset_bytes(share->whole, data->features) * share_of_host(share);
    if (!share_agree(share->ranks, scratch_check(scratch, bytes, path, error), error))
        return false;
    dataset_densify(data, scratch_create(scratch, data->rows, data->features, false), threads);
    return true;
}

/* starts (n + 1): where rows begin, if what is not 0 in them is stored. */
static void starts_count(const struct dataset *data, size_t *starts, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++) {
        size_t count = 0;
        for (size_t j = 0; j < data->features; j++)
            count += sparse_is_stored(data->X[i * data->features + j]);
        starts[i + 1] = count;
    }
    for (size_t i = 0; i < data->rows; i++)
        starts[i + 1] += starts[i];
}

/* Puts sparse rows in the place of the matrix. */
static void rows_thin(struct dataset *data, const size_t *starts, struct scratch *scratch,
                      int threads)
{
    size_t n = data->rows, d = data->features;
    char **names = data->feature_names; /* which stay */
    struct dataset *sparse = scratch_create_sparse(scratch, n, d, starts[n], false);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < n; i++)
        sparse_row_put(sparse, i, starts[i], data->X + i * d);
    data->feature_names = NULL;
    dataset_replace_features(data, sparse);
    data->feature_names = names;
}

bool sparse_rows_thin(struct share *share, const char *path, struct scratch *scratch,
                      struct dataset *data, int threads, struct error *error)
{
    size_t before, n = data->rows;
    size_t *starts = memory_allocate(n + 1, sizeof *starts);
    starts_count(data, starts, threads);
    if (!share->chosen)
        share->entries = ranks_total(share->ranks, starts[n], &before);
    bool thin = 2.0 * (double)share->entries < (double)share->whole * (double)data->features;
    bool sound =
        !thin || sparse_rows_fit(path, (double)n * ranks_per_host(share->ranks),
                                 (double)starts[n] * ranks_per_host(share->ranks), scratch, error);
    sound = share_agree(share->ranks, sound, error);
    if (sound && thin)
        rows_thin(data, starts, scratch, threads);
    memory_free(starts);
    return sound;
}
