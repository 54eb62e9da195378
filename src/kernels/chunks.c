/* SPDX-License-Identifier: MIT
 *
 * The size of chunks, and the tree.
 */
#include "kernels/chunks.h"

#include <math.h>

enum {
    CHUNKS = 64,           /* at most: the memory of the reduction, and the threads it can feed */
    CHUNK_ENTRIES = 16384, /* at least: a few microseconds, against one of fork and join */
    ENTRIES_A_FEATURE = 2, /* likewise, of sparse data: against clearing and adding the sums */
    TREE_ELEMENTS = 512,   /* sums that one thread adds up at a time */
};

/* The entries of a row, and the least that a chunk has. Products of integers are exact as doubles,
 * and quotients rounded in the same way everywhere. */
static double row_entries(const struct dataset *data)
{
    if (!dataset_is_sparse(data))
        return (double)data->features;
    return (double)dataset_entries(data) / (double)data->rows;
}

static double least_entries(const struct dataset *data)
{
    if (!dataset_is_sparse(data))
        return CHUNK_ENTRIES;
    return fmax(CHUNK_ENTRIES, ENTRIES_A_FEATURE * (double)data->features);
}

static size_t chunks_of(double rows, double row_entries, double least_entries)
{
    double most = rows * row_entries / least_entries;
    size_t chunks = 1;
    while (2.0 * (double)chunks <= most && chunks < CHUNKS)
        chunks *= 2;
    return chunks;
}

size_t chunk_count(const struct dataset *data, size_t rows)
{
    return chunks_of((double)rows, row_entries(data), least_entries(data));
}

size_t chunk_count_dense(size_t rows, size_t features)
{
    return chunks_of((double)rows, (double)features, CHUNK_ENTRIES);
}

int chunk_threads(const struct dataset *data, int threads)
{
    size_t chunks = chunk_count(data, data->rows);
    return (size_t)threads < chunks ? threads : (int)chunks;
}

/* A run of fewer rows may have longer chunks because it has fewer of them; none has more than twice
 * the least entries. */
size_t chunk_longest(const struct dataset *data, size_t rows)
{
    size_t chunks = chunk_count(data, rows), chunk = (rows + chunks - 1) / chunks;
    double longest = 2.0 * least_entries(data) / row_entries(data) + 1.0;
    if (!(longest < (double)rows))
        return rows;
    return chunk > (size_t)longest + 1 ? chunk : (size_t)longest + 1;
}

/* For the sums [begin, end). */
static void add(double *partial, size_t stride, size_t chunks, size_t begin, size_t end)
{
    for (size_t step = 1; step < chunks; step *= 2)
        for (size_t chunk = 0; chunk + step < chunks; chunk += 2 * step) {
            double *into = partial + chunk * stride;
            const double *from = into + step * stride;
            for (size_t i = begin; i < end; i++)
                into[i] += from[i];
        }
}

void chunks_add(double *partial, size_t stride, size_t chunks, size_t length)
{
    size_t blocks = (length + TREE_ELEMENTS - 1) / TREE_ELEMENTS;
#pragma omp for schedule(static)
    for (size_t block = 0; block < blocks; block++) {
        size_t begin = block * TREE_ELEMENTS, end = begin + TREE_ELEMENTS;
        add(partial, stride, chunks, begin, end < length ? end : length);
    }
}
