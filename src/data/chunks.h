/* SPDX-License-Identifier: MIT
 *
 * How rows are cut into chunks, and how the sums of chunks are added up: by the shape of the
 * problem alone, never by the number of threads. That is what makes the bits of a sum the same on 1
 * thread and on 64.
 *
 * There are at most 64 chunks, or more where each has a million entries and more, and none so small
 * that handing it out costs more than computing it. A chunk is summed by one thread, whichever it
 * is, and the sums of chunks are added pairwise in a fixed tree (0+1, 2+3, ..., then 0+2, ...).
 * Every chunk has sums of its own for all d features, to be cleared and added: where rows are
 * sparse that may be more than the work itself, so a chunk has at least two entries for each
 * feature.
 */
#ifndef DESCENT_DATA_CHUNKS_H
#define DESCENT_DATA_CHUNKS_H

#include "data/dataset.h"

/* The chunks that rows lie in, here. Where a set is distributed over ranks, and their number
 * divides the number of chunks, each has some of the chunks of the whole, the same rows in each as
 * on one rank, so that their sums have the same bits; where it does not, each cuts its own rows. */
struct chunking {
    size_t rows, total;  /* what is cut, and into how many */
    size_t first, count; /* of the chunks: those that are here */
    size_t origin;       /* the row of what is cut that is row 0 here */
};

/* Of `rows` rows that are here; of all of them where that is data->rows. And the same into `chunks`
 * chunks of the whole, where the sums of one are large or each belongs to one worker. */
struct chunking chunking_of(const struct dataset *data, size_t rows);
struct chunking chunking_into(const struct dataset *data, size_t rows, size_t chunks);

/* The row that begins a chunk (0 to count), as rows are counted here. */
static inline size_t chunking_begin(const struct chunking *chunking, size_t chunk)
{
    return chunking->rows * (chunking->first + chunk) / chunking->total - chunking->origin;
}

/* The rows of the whole set are in so many blocks that ranks may share: chunks of all of them. */
size_t chunk_blocks(const struct dataset *data);

/* The same, where `workers` have a part of the rows each (local SGD), of which every rank has as
 * many as another: a multiple of them, so that ranks may share the blocks too. */
size_t chunk_blocks_shared(const struct dataset *data, size_t workers);

/* The chunks of `rows` rows of the data, whichever they are: a power of two, so that two, four or
 * eight threads get the same number of them. Sparse rows count as the mean of all of them. */
size_t chunk_count(const struct dataset *data, size_t rows);

/* The same of all rows of dense data of that shape. */
size_t chunk_count_dense(size_t rows, size_t features);

/* As many of `threads` as there are chunks of all rows. */
int chunk_threads(const struct dataset *data, int threads);

/* The rows of the longest chunk among those of at most `rows` rows. */
size_t chunk_longest(const struct dataset *data, size_t rows);

/* Adds up partial (chunks, stride), of which `length` numbers of each chunk are in use: the total
 * ends up in the first chunk. To be called by all threads of a parallel region, which share the
 * work, or outside of one. */
void chunks_add(double *partial, size_t stride, size_t chunks, size_t length);

/* The largest branches of the tree over all chunks that have only chunks of this rank: how many,
 * and of how many chunks each; and those of all ranks. Where a rank has a power of two of chunks
 * they are one branch, and ranks_allreduce() adds up what is left of the tree. Where it has three
 * times two, say, they are three. */
struct chunk_branches {
    size_t count, chunks, all;
};
struct chunk_branches chunking_branches(const struct chunking *chunking);

/* As chunks_add(), for each branch: its total ends up in its first chunk. */
void chunks_add_branches(double *partial, size_t stride, const struct chunk_branches *branches,
                         size_t length);

/* The sums of this rank's branches become known to all ranks, which add them up: the total ends up
 * at the front of gathered (all, length). `partial` is overwritten. Outside of parallel regions. */
void chunks_gather(const struct ranks *ranks, double *partial, size_t stride,
                   const struct chunk_branches *branches, size_t length, double *gathered);

#endif
