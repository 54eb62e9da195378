/* SPDX-License-Identifier: MIT
 *
 * A product H v takes a row at a time: q = D_i (x.v + c), then out += x q, for which the row is
 * still in the nearest cache. So X comes from memory once.
 *
 * The matrix is a sum of outer products of rows. Dense rows are scaled by the roots of D and taken
 * in blocks by dsyrk, one chunk of rows per thread; the entries of sparse rows meet each other one
 * by one. Chunks are fewer than those of a pass, since each has (d + 1)^2 sums. Only the upper half
 * is computed.
 */
#include "kernels/hessian.h"

#include "base/memory.h"
#include "base/parallel/ranks.h"
#include "base/parallel/threads.h"
#include "data/chunks.h"
#include "kernels/phases.h"
#include "kernels/row_sums.h"

#include <assert.h>
#include <cblas.h>
#include <string.h>

enum {
    MATRIX_CHUNKS = 16,       /* at most */
    PICKS_A_SUM = 8,          /* of a chunk of picked rows for each row of H, at least */
    MATRIX_NUMBERS = 1 << 24, /* in all their sums, at most: 128 MiB */
    ROWS_A_SUM = 2,           /* of a chunk for each row of H, at least */
    BLOCK_ROWS = 128,         /* in one call of dsyrk */
};

struct hessian {
    const struct dataset *data;
    int threads;
    struct chunking cut;    /* of products */
    const uint32_t *picked; /* (picked_count) rows, or NULL: all of them */
    size_t picked_count;
    size_t stride;
    double *D;        /* (n) */
    double *partial;  /* (chunks, stride), of which d + 1 are in use */
    double *matrices; /* (matrix_chunks, d + 1, d + 1), or NULL: not asked for yet */
    double *blocks;   /* (threads, BLOCK_ROWS, d + 1), for dense data */
};

/* By shape alone. */
static size_t matrix_chunks(const struct dataset *data)
{
    size_t length = data->features + 1, chunks = 1;
    double most = (double)MATRIX_NUMBERS / ((double)length * (double)length);
    while (2 * chunks <= MATRIX_CHUNKS && 2.0 * (double)chunks <= most &&
           dataset_samples(data) / (2 * chunks) >= ROWS_A_SUM * length)
        chunks *= 2;
    return chunks;
}

static struct chunking matrix_cut(const struct dataset *data)
{
    return chunking_into(data, data->rows, matrix_chunks(data));
}

/* Of picked rows: as many chunks at most, and none of so few rows that its sums cost more. */
static struct chunking picked_cut(const struct dataset *data, size_t count)
{
    size_t chunks = 1, most = matrix_cut(data).count;
    while (2 * chunks <= most && count / (2 * chunks) >= PICKS_A_SUM * (data->features + 1))
        chunks *= 2;
    return (struct chunking){count, chunks, 0, chunks, 0};
}

struct hessian *hessian_create(const struct dataset *data, int threads)
{
    struct hessian *hessian = memory_allocate(1, sizeof *hessian);
    hessian->data = data;
    hessian->threads = chunk_threads(data, threads);
    hessian->cut = chunking_of(data, data->rows);
    hessian->stride = memory_apart(data->features + 1);
    hessian->D = memory_allocate(data->rows, sizeof(double));
    hessian->partial =
        memory_allocate_untouched(hessian->cut.count * hessian->stride, sizeof(double));
    return hessian;
}

void hessian_free(struct hessian *hessian)
{
    if (hessian == NULL)
        return;
    memory_free(hessian->D);
    memory_free(hessian->partial);
    memory_free(hessian->matrices);
    memory_free(hessian->blocks);
    memory_free(hessian);
}

double hessian_bytes(const struct dataset *data)
{
    double sums =
        (double)chunking_of(data, data->rows).count * (double)memory_apart(data->features + 1);
    return sizeof(double) * ((double)data->rows + sums);
}

/* Doubles of a thread for scaled rows. */
static size_t block_length(const struct dataset *data)
{
    return dataset_is_sparse(data) ? 0 : BLOCK_ROWS * (data->features + 1);
}

double hessian_matrix_bytes(const struct dataset *data, int threads)
{
    double length = (double)data->features + 1.0;
    double blocks = (double)chunk_threads(data, threads) * (double)block_length(data);
    return sizeof(double) * ((double)matrix_cut(data).count * length * length + blocks);
}

void hessian_pick(struct hessian *hessian, const uint32_t *rows, size_t count)
{
    const size_t chunks = chunking_of(hessian->data, hessian->data->rows).count;
    hessian->picked = rows;
    hessian->picked_count = count;
    hessian->cut = rows != NULL ? (struct chunking){count, chunks, 0, chunks, 0}
                                : chunking_of(hessian->data, hessian->data->rows);
}

/* The row of the data that is row i of H. */
static size_t row_of(const struct hessian *hessian, size_t i)
{
    return hessian->picked != NULL ? hessian->picked[i] : i;
}

/* --- Rows ---------------------------------------------------------------------------------- */

/* x.v; each row alone, so that the order of its sum depends on nothing but d. */
static double row_sum(const struct dataset *data, size_t i, const double *v)
{
    if (dataset_is_sparse(data)) {
        const struct sample x = sparse_sample(data, i);
        double sum;
        sparse_sum(&x, v, 1, 1, &sum);
        return sum;
    }
    const size_t d = data->features;
    return data->singles != NULL ? singles_sum_one(data->singles + i * d, v, d)
                                 : dense_sum_one(data->X + i * d, v, d);
}

/* out = out + x q */
static void row_add(const struct dataset *data, size_t i, double q, double *restrict out)
{
    if (dataset_is_sparse(data)) {
        const struct sample x = sparse_sample(data, i);
        sample_add(&x, q, out);
        return;
    }
    if (data->singles != NULL) {
        const float *singles = data->singles + i * data->features;
#pragma omp simd
        for (size_t f = 0; f < data->features; f++)
            out[f] = multiply_add((double)singles[f], q, out[f]);
        return;
    }
    const double *x = data->X + i * data->features;
#pragma omp simd
    for (size_t f = 0; f < data->features; f++)
        out[f] = multiply_add(x[f], q, out[f]);
}

/* p (1 - p) = e / (1 + e)^2 with e = exp(-|z|): all digits also where p is near 0 or 1. */
static double curvature_weight(double z)
{
    double e = neuron_exp(-fabs(z));
    return e / ((1.0 + e) * (1.0 + e));
}

double *hessian_weights(struct hessian *hessian)
{
    return hessian->D;
}

void hessian_set(struct hessian *hessian, const struct models *models)
{
    assert(models->count == 1);
    const struct dataset *data = hessian->data;
    const double *w = models->W, b = models->b[0];
    phases_fork(hessian->threads);
#pragma omp parallel num_threads(hessian->threads)
    {
        threads_enter();
        phases_enter();
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < data->rows; i++) {
            double weight = class_weight(data, data->y[i]);
            hessian->D[i] = weight * curvature_weight(row_sum(data, i, w) + b);
        }
        phase_lap(PHASE_HESSIAN);
    }
    phases_join();
}

/* --- H v ----------------------------------------------------------------------------------- */

static void multiply_chunk(const struct hessian *hessian, size_t chunk, const void *from)
{
    const struct dataset *data = hessian->data;
    const double *v = from;
    size_t d = data->features, end = chunking_begin(&hessian->cut, chunk + 1);
    double *out = hessian->partial + chunk * hessian->stride;
    memset(out, 0, (d + 1) * sizeof *out);
    for (size_t i = chunking_begin(&hessian->cut, chunk); i < end; i++) {
        const size_t row = row_of(hessian, i);
        double q = hessian->D[i] * (row_sum(data, row, v) + v[d]);
        row_add(data, row, q, out);
        out[d] += q;
    }
}

/* Ends the work of a thread on chunks: waits for the others, and adds up. */
static void add_chunks(double *partial, size_t stride, size_t chunks, size_t length)
{
    phase_lap(PHASE_HESSIAN);
#pragma omp barrier
    phase_lap(PHASE_WAIT);
    chunks_add(partial, stride, chunks, length);
    phase_lap(PHASE_REDUCE);
}

/* What is left of the tree. */
static void sum_over_ranks(const struct hessian *hessian, double *sums, size_t length)
{
    if (hessian->data->ranks == NULL)
        return;
    ranks_allreduce(hessian->data->ranks, sums, length);
    phase_lap(PHASE_EXCHANGE);
}

/* What a chunk adds up into its partial sums, from vectors or units. */
typedef void chunk_sums(const struct hessian *hessian, size_t chunk, const void *from);

/* out (d + 1) = the sums of all chunks / n */
static void mean_of_chunks(struct hessian *hessian, chunk_sums *sum, const void *from, double *out)
{
    size_t length = hessian->data->features + 1;
    phases_fork(hessian->threads);
#pragma omp parallel num_threads(hessian->threads)
    {
        threads_enter();
        phases_enter();
#pragma omp for schedule(static) nowait
        for (size_t chunk = 0; chunk < hessian->cut.count; chunk++)
            sum(hessian, chunk, from);
        add_chunks(hessian->partial, hessian->stride, hessian->cut.count, length);
    }
    phases_join();
    sum_over_ranks(hessian, hessian->partial, length);
    for (size_t f = 0; f < length; f++)
        out[f] = hessian->partial[f] / (double)dataset_samples(hessian->data);
}

void hessian_multiply(struct hessian *hessian, const double *v, double *out)
{
    mean_of_chunks(hessian, multiply_chunk, v, out);
}

/* --- H ------------------------------------------------------------------------------------- */

/* A value of column f in its unit; units NULL: as it is. */
static double in_unit(const struct hessian_units *units, double x, size_t f)
{
    if (units == NULL)
        return x;
    return (units->shift != NULL ? x - units->shift[f] : x) * units->scale[f];
}

/* H = H + B'B with the rows B = sqrt(D) [x 1] of [begin, end), in block (BLOCK_ROWS, d + 1). */
static void add_dense(const struct hessian *hessian, const struct hessian_units *units,
                      size_t begin, size_t end, double *block, double *H)
{
    size_t d = hessian->data->features, length = d + 1;
    for (size_t i = begin; i < end; i++) {
        const double root = sqrt(hessian->D[i]);
        double *row = block + (i - begin) * length;
        dataset_rows(hessian->data, row_of(hessian, i), 1, row);
        for (size_t f = 0; f < d; f++)
            row[f] = root * in_unit(units, row[f], f);
        row[d] = root;
    }
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)length, (int)(end - begin), 1.0, block,
                (int)length, 1.0, H, (int)length);
}

/* The same for one row of ones: half the reads, and nothing is multiplied. */
static void add_ones(const struct hessian *hessian, size_t i, double *H)
{
    const struct sample x = sparse_sample(hessian->data, row_of(hessian, i));
    const size_t d = hessian->data->features, length = d + 1;
    const uint32_t *columns = x.columns;
    const double weight = hessian->D[i];
    for (size_t t = 0; t < x.count; t++) {
        double *row = H + columns[t] * length;
        for (size_t u = t; u < x.count; u++)
            row[columns[u]] += weight;
        row[d] += weight;
    }
    H[d * length + d] += weight;
}

/* The same for one sparse row: columns ascend, so every product is in the upper half. */
static void add_sparse(const struct hessian *hessian, const struct hessian_units *units, size_t i,
                       double *H)
{
    const struct sample x = sparse_sample(hessian->data, row_of(hessian, i));
    size_t d = hessian->data->features, length = d + 1;
    for (size_t t = 0; t < x.count; t++) {
        double *row = H + x.columns[t] * length;
        double scaled = hessian->D[i] * in_unit(units, x.values[t], x.columns[t]);
        for (size_t u = t; u < x.count; u++) {
            const size_t f = x.columns[u];
            row[f] = multiply_add(scaled, in_unit(units, x.values[u], f), row[f]);
        }
        row[d] += scaled;
    }
    H[d * length + d] += hessian->D[i];
}

static void matrix_chunk(const struct hessian *hessian, const struct hessian_units *units,
                         size_t chunk, const struct chunking *cut, double *block)
{
    size_t length = hessian->data->features + 1;
    size_t end = chunking_begin(cut, chunk + 1), i = chunking_begin(cut, chunk);
    double *H = hessian->matrices + chunk * length * length;
    memset(H, 0, length * length * sizeof *H);
    const bool ones = hessian->data->incidence != NULL && units == NULL;
    for (; ones && i < end; i++)
        add_ones(hessian, i, H);
    for (; dataset_is_sparse(hessian->data) && i < end; i++)
        add_sparse(hessian, units, i, H);
    for (; i < end; i += BLOCK_ROWS)
        add_dense(hessian, units, i, end - i < BLOCK_ROWS ? end : i + BLOCK_ROWS, block, H);
}

static void prepare_matrices(struct hessian *hessian, size_t chunks)
{
    size_t length = hessian->data->features + 1, threads = (size_t)hessian->threads;
    if (hessian->matrices != NULL)
        return;
    hessian->matrices = memory_allocate_untouched(chunks * length * length, sizeof(double));
    hessian->blocks =
        memory_allocate_untouched(threads * block_length(hessian->data), sizeof(double));
}

/* The sums of all chunks, in the first of the matrices. */
static void sum_matrices(struct hessian *hessian, const struct hessian_units *units)
{
    const struct dataset *data = hessian->data;
    size_t length = data->features + 1, block = block_length(data);
    const struct chunking cut =
        hessian->picked != NULL ? picked_cut(data, hessian->picked_count) : matrix_cut(data);
    prepare_matrices(hessian, matrix_cut(data).count);
    phases_fork(hessian->threads);
#pragma omp parallel num_threads(hessian->threads)
    {
        threads_enter();
        phases_enter();
        double *own = hessian->blocks + (size_t)threads_current() * block;
#pragma omp for schedule(static) nowait
        for (size_t chunk = 0; chunk < cut.count; chunk++)
            matrix_chunk(hessian, units, chunk, &cut, own);
        add_chunks(hessian->matrices, length * length, cut.count, length * length);
    }
    phases_join();
    sum_over_ranks(hessian, hessian->matrices, length * length);
}

void hessian_upper_in(struct hessian *hessian, const struct hessian_units *units, double *H)
{
    const size_t length = hessian->data->features + 1;
    const double samples = (double)dataset_samples(hessian->data);
    sum_matrices(hessian, units);
    for (size_t f = 0; f < length; f++)
        for (size_t g = f; g < length; g++)
            H[f * length + g] = hessian->matrices[f * length + g] / samples;
}

void hessian_matrix_in(struct hessian *hessian, const struct hessian_units *units, double *H)
{
    const size_t length = hessian->data->features + 1;
    sum_matrices(hessian, units);
    for (size_t f = 0; f < length; f++)
        for (size_t g = f; g < length; g++)
            H[f * length + g] = H[g * length + f] =
                hessian->matrices[f * length + g] / (double)dataset_samples(hessian->data);
}

void hessian_matrix(struct hessian *hessian, double *H)
{
    hessian_matrix_in(hessian, NULL, H);
}

/* --- Its diagonal -------------------------------------------------------------------------- */

static void diagonal_chunk(const struct hessian *hessian, size_t chunk, const void *from)
{
    const struct dataset *data = hessian->data;
    const struct hessian_units *units = from;
    size_t d = data->features, end = chunking_begin(&hessian->cut, chunk + 1);
    double *out = hessian->partial + chunk * hessian->stride;
    memset(out, 0, (d + 1) * sizeof *out);
    for (size_t i = chunking_begin(&hessian->cut, chunk); i < end; i++) {
        const struct sample x = dataset_sample(data, row_of(hessian, i));
        for (size_t t = 0; t < x.count; t++) {
            const size_t f = sample_column(&x, t);
            const double value = in_unit(units, sample_value(&x, t), f);
            out[f] += hessian->D[i] * value * value;
        }
        out[d] += hessian->D[i];
    }
}

void hessian_diagonal_in(struct hessian *hessian, const struct hessian_units *units, double *out)
{
    mean_of_chunks(hessian, diagonal_chunk, units, out);
}
