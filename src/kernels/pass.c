/* SPDX-License-Identifier: MIT
 *
 * Chunks, threads and the tree that adds the chunks up.
 */
#include "kernels/pass.h"

#include "base/memory.h"
#include "base/threads.h"

#include <assert.h>
#include <string.h>

enum {
    CHUNKS = 64,            /* at most: the memory of the reduction, and the threads it can feed */
    CHUNK_ELEMENTS = 16384, /* of X, at least: a few microseconds, against one of fork and join */
    TREE_ELEMENTS = 512,    /* sums that one thread adds up at a time */
    LINE = MEMORY_ALIGNMENT / sizeof(double),
};

struct pass {
    struct pass_shape shape;
    size_t stride;     /* doubles from one chunk's sums to the next: whole cache lines */
    double *partial;   /* (chunks, stride) */
    size_t scratch;    /* doubles of workspace a thread */
    double *scratches; /* (threads, scratch) */
};

static size_t round_up(size_t count)
{
    return (count + LINE - 1) / LINE * LINE;
}

/* By shape alone, never by the number of threads: that is what keeps the bits. A power of two, so
 * that two, four or eight threads get the same number of them. */
static size_t chunk_count(size_t rows, size_t features)
{
    size_t most = rows * features / CHUNK_ELEMENTS;
    size_t chunks = 1;
    while (2 * chunks <= most && chunks < CHUNKS)
        chunks *= 2;
    return chunks;
}

static size_t chunk_rows(size_t rows, size_t features)
{
    size_t chunks = chunk_count(rows, features);
    return (rows + chunks - 1) / chunks;
}

/* A thread's workspace: the kernel's and, where rows are gathered, these and their labels. A run of
 * fewer rows than `rows` may have longer chunks because it has fewer of them; none is longer than
 * twice the smallest. */
static size_t scratch_length(const struct pass_shape *shape)
{
    size_t d = shape->data->features;
    size_t chunk = chunk_rows(shape->rows, d);
    size_t longest = 2 * CHUNK_ELEMENTS / d + 1;
    chunk = chunk > longest ? chunk : longest;
    chunk = chunk < shape->rows ? chunk : shape->rows;
    size_t gathered = shape->gathers ? round_up(chunk * d) + round_up(chunk) : 0;
    return round_up(shape->kernel->scratch(chunk, d, shape->models)) + gathered;
}

static size_t sums_stride(const struct pass_shape *shape)
{
    return round_up(pass_sums_length(shape->data->features, shape->models));
}

struct pass *pass_create(const struct pass_shape *shape)
{
    size_t chunks = chunk_count(shape->rows, shape->data->features);
    struct pass *pass = memory_allocate(1, sizeof *pass);
    pass->shape = *shape;
    if ((size_t)shape->threads > chunks)
        pass->shape.threads = (int)chunks;
    pass->stride = sums_stride(shape);
    pass->partial = memory_allocate_untouched(chunks * pass->stride, sizeof(double));
    pass->scratch = scratch_length(shape);
    pass->scratches =
        memory_allocate_untouched((size_t)pass->shape.threads * pass->scratch, sizeof(double));
    return pass;
}

void pass_free(struct pass *pass)
{
    if (pass == NULL)
        return;
    memory_free(pass->partial);
    memory_free(pass->scratches);
    memory_free(pass);
}

double pass_bytes(const struct pass_shape *shape)
{
    size_t chunks = chunk_count(shape->rows, shape->data->features);
    double sums = (double)chunks * (double)sums_stride(shape);
    double scratch = (double)shape->threads * (double)scratch_length(shape);
    return sizeof(double) * (sums + scratch);
}

/* Rows picked by an order, copied side by side so that every kernel may assume they are. */
static struct dataset gather(const struct pass *pass, const uint32_t *order, size_t count,
                             double *scratch)
{
    const struct dataset *data = pass->shape.data;
    size_t d = data->features;
    struct dataset gathered = {.rows = count, .features = d, .X = scratch};
    gathered.y = scratch + round_up(count * d);
    for (size_t i = 0; i < count; i++) {
        const double *x = data->X + order[i] * d;
        for (size_t f = 0; f < d; f++)
            gathered.X[i * d + f] = x[f];
        gathered.y[i] = data->y[order[i]];
    }
    return gathered;
}

/* One run, as its chunks see it. It lies on the stack of the thread that began it, but not on a
 * line with anything that this thread writes while the others read: they would wait for the line
 * again and again. */
struct run {
    _Alignas(MEMORY_ALIGNMENT) const struct pass *pass;
    struct models models;
    const uint32_t *order; /* or NULL */
    size_t row_begin, row_end;
    size_t chunks;
    size_t length; /* of a chunk's sums in use */
};

static void sum_chunk(const struct run *run, size_t chunk, double *scratch)
{
    const struct pass *pass = run->pass;
    size_t d = pass->shape.data->features, rows = run->row_end - run->row_begin;
    size_t begin = run->row_begin + rows * chunk / run->chunks;
    size_t end = run->row_begin + rows * (chunk + 1) / run->chunks;
    double *block = pass->partial + chunk * pass->stride;
    memset(block, 0, run->length * sizeof *block);
    struct pass_sums sums = pass_sums_at(block, d, run->models.count);
    if (run->order == NULL) {
        pass->shape.kernel->pass(pass->shape.data, begin, end, &run->models, &sums, scratch);
        return;
    }
    size_t count = end - begin;
    struct dataset gathered = gather(pass, run->order + begin, count, scratch);
    scratch += round_up(count * d) + round_up(count);
    pass->shape.kernel->pass(&gathered, 0, count, &run->models, &sums, scratch);
}

/* The fixed tree over chunks, for the sums [begin, end): the total ends up in chunk 0. */
static void add_chunks(const struct run *run, size_t begin, size_t end)
{
    size_t stride = run->pass->stride;
    for (size_t step = 1; step < run->chunks; step *= 2)
        for (size_t chunk = 0; chunk + step < run->chunks; chunk += 2 * step) {
            double *into = run->pass->partial + chunk * stride;
            const double *from = into + step * stride;
            for (size_t i = begin; i < end; i++)
                into[i] += from[i];
        }
}

static void run_serially(const struct run *run)
{
    for (size_t chunk = 0; chunk < run->chunks; chunk++)
        sum_chunk(run, chunk, run->pass->scratches);
    add_chunks(run, 0, run->length);
}

/* Chunks go to threads in contiguous shares, the same every time: a thread finds in its caches, and
 * in its memory node, the rows that it read in the last epoch. */
static void run_in_parallel(const struct run *run, int threads)
{
    size_t blocks = (run->length + TREE_ELEMENTS - 1) / TREE_ELEMENTS;
#pragma omp parallel num_threads(threads)
    {
        double *scratch = run->pass->scratches + (size_t)threads_current() * run->pass->scratch;
#pragma omp for schedule(static)
        for (size_t chunk = 0; chunk < run->chunks; chunk++)
            sum_chunk(run, chunk, scratch);
#pragma omp for schedule(static)
        for (size_t block = 0; block < blocks; block++) {
            size_t begin = block * TREE_ELEMENTS, end = begin + TREE_ELEMENTS;
            add_chunks(run, begin, end < run->length ? end : run->length);
        }
    }
}

struct pass_sums pass_run(struct pass *pass, const uint32_t *order, size_t row_begin,
                          size_t row_end, const struct models *models)
{
    assert(models->count <= pass->shape.models && row_end - row_begin <= pass->shape.rows);
    assert(order == NULL || pass->shape.gathers);
    size_t d = pass->shape.data->features;
    struct run run = {
        .pass = pass,
        .models = *models,
        .order = order,
        .row_begin = row_begin,
        .row_end = row_end,
        .chunks = chunk_count(row_end - row_begin, d),
        .length = pass_sums_length(d, models->count),
    };
    int threads = (size_t)pass->shape.threads < run.chunks ? pass->shape.threads : (int)run.chunks;
    if (threads == 1)
        run_serially(&run);
    else
        run_in_parallel(&run, threads);
    return pass_sums_at(pass->partial, d, models->count);
}
