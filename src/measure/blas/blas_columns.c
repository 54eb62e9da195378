/* SPDX-License-Identifier: MIT
 *
 * All are products Z = X W of the same numbers with fewer columns or rows.
 */
#include "measure/blas/blas_columns.h"

#include "base/memory.h"

#include <cblas.h>
#include <stdint.h>
#include <string.h>

enum { ROWS_MOST = 400 };

const size_t blas_column_counts[COLUMN_COUNTS] = {1, 2, 3, 4, 5, 7, 8, 12, 16, 24, 32, 48};

static bool same_bits(double a, double b)
{
    uint64_t bits[2];
    memcpy(&bits[0], &a, sizeof a);
    memcpy(&bits[1], &b, sizeof b);
    return bits[0] == bits[1];
}

/* Z (n, count) = X W for the first columns of W (d, COLUMNS_MOST), which are copied: a library may
 * take another way where its lines lie further apart. */
static void multiply(const struct blas_operands *at, size_t count, double *W, double *Z)
{
    const int n = (int)at->shape.rows, d = (int)at->shape.columns, k = (int)count;
    for (size_t i = 0; i < at->shape.columns; i++)
        memcpy(W + i * count, at->W + i * COLUMNS_MOST, count * sizeof *W);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, k, d, 1.0, at->X, d, W, k, 0.0, Z, k);
}

static size_t count_other(const struct blas_operands *at, size_t count, const double *Z)
{
    size_t other = 0;
    for (size_t i = 0; i < at->shape.rows; i++)
        for (size_t j = 0; j < count; j++)
            other += !same_bits(Z[i * count + j], at->out[i * COLUMNS_MOST + j]);
    return other;
}

/* Is any of the results of one row another one? */
static bool row_differs(const double *z, const double *among)
{
    size_t other = 0;
    for (size_t j = 0; j < COLUMNS_MOST; j++)
        other += !same_bits(z[j], among[j]);
    return other > 0;
}

static size_t rows_of_gemm(const struct blas_operands *at, double *z)
{
    const int d = (int)at->shape.columns;
    size_t other = 0;
    for (size_t i = 0; i < at->shape.rows; i++) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, COLUMNS_MOST, d, 1.0,
                    at->X + i * at->shape.columns, d, at->W, COLUMNS_MOST, 0.0, z, COLUMNS_MOST);
        other += row_differs(z, at->out + i * COLUMNS_MOST);
    }
    return other;
}

/* `Z` has the first column of W, and gets X w. */
static size_t rows_of_gemv(const struct blas_operands *at, const double *w, double *Z)
{
    const int n = (int)at->shape.rows, d = (int)at->shape.columns;
    size_t other = 0;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, n, d, 1.0, at->X, d, w, 1, 0.0, Z, 1);
    for (size_t i = 0; i < at->shape.rows; i++) {
        double z = 0.0;
        cblas_dgemv(CblasRowMajor, CblasNoTrans, 1, d, 1.0, at->X + i * at->shape.columns, d, w, 1,
                    0.0, &z, 1);
        other += !same_bits(z, Z[i]);
    }
    return other;
}

struct blas_alone blas_alone_find(struct blas_shape shape)
{
    const struct blas_operation *gemm = (const void *)table_find(&blas_operation_table, "gemm");
    const size_t n = shape.rows < ROWS_MOST ? shape.rows : ROWS_MOST;
    struct blas_operands at =
        blas_operands_create(gemm, (struct blas_shape){n, shape.columns, COLUMNS_MOST, n});
    double *W = memory_allocate(shape.columns * COLUMNS_MOST, sizeof *W);
    double *Z = memory_allocate(n * COLUMNS_MOST, sizeof *Z);
    struct blas_alone found = {.rows = n};
    blas_operands_run(&at);
    for (size_t i = COLUMN_COUNTS; i-- > 0;) {
        const size_t count = blas_column_counts[i];
        multiply(&at, count, W, Z);
        found.columns[i] = count_other(&at, count, Z);
        found.columns_of[i] = n * count;
    }
    found.rows_gemv = rows_of_gemv(&at, W, Z); /* W has one column now */
    for (size_t i = 0; i < n; i++)
        found.vector += !same_bits(Z[i], at.out[i * COLUMNS_MOST]);
    found.rows_gemm = rows_of_gemm(&at, Z);
    memory_free(W);
    memory_free(Z);
    blas_operands_clear(&at);
    return found;
}
