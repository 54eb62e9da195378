/* SPDX-License-Identifier: MIT
 *
 * The size of chunks, and the tree.
 */
#include "data/chunks.h"

#include "base/parallel/ranks.h"
#include "base/parallel/threads.h"

#include <math.h>
#include <string.h>

enum {
    CHUNKS = 64,           /* at most: the memory of the reduction, and the threads it can feed; */
    CHUNKS_MOST = 4096,    /* beyond it, up to this, where each has so many entries, beside */
    LARGE_CHUNK = 1 << 20, /* which the sums of a chunk are nothing */
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
    return (double)dataset_whole_entries(data) / (double)dataset_samples(data);
}

static double least_entries(const struct dataset *data)
{
    if (!dataset_is_sparse(data))
        return CHUNK_ENTRIES;
    return fmax((double)CHUNK_ENTRIES, (double)ENTRIES_A_FEATURE * (double)data->features);
}

static size_t chunks_of(double rows, double row_entries, double least_entries)
{
    double most = rows * row_entries / least_entries,
           large = rows * row_entries / (double)LARGE_CHUNK;
    size_t chunks = 1;
    while (2.0 * (double)chunks <= most && chunks < CHUNKS)
        chunks *= 2;
    while (chunks >= CHUNKS && 2.0 * (double)chunks <= large && chunks < CHUNKS_MOST)
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

size_t chunk_blocks(const struct dataset *data)
{
    return data->blocks > 0 ? data->blocks : chunk_count(data, dataset_samples(data));
}

size_t chunk_blocks_shared(const struct dataset *data, size_t workers)
{
    size_t blocks = workers;
    while (blocks < chunk_blocks(data))
        blocks *= 2;
    return blocks;
}

/* A rank that cannot have whole chunks of the whole has about as many of its own. */
struct chunking chunking_into(const struct dataset *data, size_t rows, size_t chunks)
{
    size_t ranks = (size_t)ranks_count(data->ranks), rank = (size_t)ranks_index(data->ranks);
    if (data->ranks == NULL || rows < data->rows)
        return (struct chunking){rows, chunks, 0, chunks, 0};
    if (chunks % ranks == 0)
        return (struct chunking){data->whole_rows, chunks, chunks / ranks * rank, chunks / ranks,
                                 data->first_row};
    size_t own = (chunks + ranks - 1) / ranks;
    return (struct chunking){rows, own, 0, own, 0};
}

struct chunking chunking_of(const struct dataset *data, size_t rows)
{
    bool whole = rows == data->rows;
    return chunking_into(data, rows, whole ? chunk_blocks(data) : chunk_count(data, rows));
}

int chunk_threads(const struct dataset *data, int threads)
{
    return threads_for_shares(threads, chunking_of(data, data->rows).count);
}

/* A run of fewer rows may have longer chunks because it has fewer of them; none has more than twice
 * the least entries. */
size_t chunk_longest(const struct dataset *data, size_t rows)
{
    const struct chunking cut = chunking_of(data, rows);
    size_t chunk = (cut.rows + cut.total - 1) / cut.total;
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

/* Each rank has the same number of chunks, and begins with a multiple of it: the largest power of
 * two that divides it is that of a branch. */
struct chunk_branches chunking_branches(const struct chunking *chunking)
{
    if (chunking->count == chunking->total)
        return (struct chunk_branches){1, chunking->count, 1};
    size_t chunks = chunking->count & (~chunking->count + 1);
    return (struct chunk_branches){chunking->count / chunks, chunks, chunking->total / chunks};
}

void chunks_add_branches(double *partial, size_t stride, const struct chunk_branches *branches,
                         size_t length)
{
    for (size_t branch = 0; branch < branches->count; branch++)
        chunks_add(partial + branch * branches->chunks * stride, stride, branches->chunks, length);
}

void chunks_gather(const struct ranks *ranks, double *partial, size_t stride,
                   const struct chunk_branches *branches, size_t length, double *gathered)
{
    for (size_t branch = 1; branch < branches->count; branch++)
        memmove(partial + branch * length, partial + branch * branches->chunks * stride,
                length * sizeof *partial);
    ranks_allgather(ranks, partial, branches->count * length * sizeof *partial, gathered);
    chunks_add(gathered, length, branches->all, length);
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
