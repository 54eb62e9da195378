/* SPDX-License-Identifier: MIT
 *
 * dpotrf factors A = L L', dpotrs solves; dpstrf factors with pivoting. The prototypes are written
 * out because Debian's OpenBLAS has no header for them; a symmetric matrix is the same in rows and
 * in columns.
 */
#include "solvers/cholesky.h"

#include "base/memory.h"
#include "solvers/norm.h"

#include <float.h>
#include <math.h>

void dpotrf_(const char *triangle, const int *n, double *A, const int *stride, int *info);
void dpotrs_(const char *triangle, const int *n, const int *columns, const double *A,
             const int *stride, double *B, const int *rows, int *info);
void dpstrf_(const char *triangle, const int *n, double *A, const int *stride, int *order,
             int *rank, const double *nothing, double *work, int *info);
void dtrtrs_(const char *triangle, const char *transposed, const char *diagonal, const int *n,
             const int *columns, const double *A, const int *stride, double *B, const int *rows,
             int *info);
void dtrtri_(const char *triangle, const char *diagonal, const int *n, double *A, const int *stride,
             int *info);

/* A pivot that is only rounding of the element it came from says nothing about the system. */
static bool is_well_posed(const double *A, const double *diagonal, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        double pivot = A[i * length + i];
        if (!(pivot * pivot > 1e-14 * diagonal[i]))
            return false;
    }
    return true;
}

bool cholesky_solve(double *A, double *x, size_t length)
{
    const char lower = 'L';
    const int n = (int)length, one = 1;
    int info = 0;
    double diagonal[length];
    for (size_t i = 0; i < length; i++)
        diagonal[i] = A[i * length + i];
    dpotrf_(&lower, &n, A, &n, &info);
    if (info != 0 || !is_well_posed(A, diagonal, length))
        return false;
    dpotrs_(&lower, &n, &one, A, &n, x, &n, &info);
    return info == 0;
}

/* --- Semidefinite ------------------------------------------------------------------------- */

struct cholesky *cholesky_create(size_t length)
{
    struct cholesky *factor = memory_allocate(1, sizeof *factor);
    factor->length = length;
    factor->L = memory_allocate_untouched(length * length, sizeof *factor->L);
    factor->S = memory_allocate(length, sizeof *factor->S);
    factor->order = memory_allocate(length, sizeof *factor->order);
    return factor;
}

void cholesky_free(struct cholesky *factor)
{
    if (factor == NULL)
        return;
    memory_free(factor->L);
    memory_free(factor->S);
    memory_free(factor->order);
    memory_free(factor);
}

static double *element(const struct cholesky *factor, size_t row, size_t column)
{
    return &factor->L[column * factor->length + row];
}

/* What overflowed, or is no number, is a column that cannot be used. */
static void scale_to_unit_diagonal(struct cholesky *factor)
{
    const size_t length = factor->length;
    for (size_t i = 0; i < length; i++) {
        const double square = *element(factor, i, i);
        factor->S[i] = square > 0.0 && isfinite(square) ? 1.0 / sqrt(square) : 0.0;
    }
    for (size_t j = 0; j < length; j++)
        for (size_t i = 0; i < length; i++) {
            const bool used = factor->S[i] > 0.0 && factor->S[j] > 0.0;
            double *a = element(factor, i, j);
            *a = used ? *a * factor->S[i] * factor->S[j] : 0.0;
        }
    for (size_t i = 0; i < length; i++)
        *element(factor, i, i) = factor->S[i] > 0.0 ? 1.0 : 0.0;
}

/* What is left of a pivot of 1 after `length` columns have been taken off is known to about length
 * roundings. */
void cholesky_factor(struct cholesky *factor)
{
    const char lower = 'L';
    const int n = (int)factor->length;
    const double nothing = 4.0 * (double)(factor->length + 2) * DBL_EPSILON;
    int rank = 0, info = 0;
    double *work = memory_allocate(2 * factor->length, sizeof *work);
    scale_to_unit_diagonal(factor);
    dpstrf_(&lower, &n, factor->L, &n, factor->order, &rank, &nothing, work, &info);
    memory_free(work);
    factor->rank = (size_t)rank;
    factor->least = 1.0;
    for (size_t k = 0; k < factor->length; k++)
        factor->order[k]--;
    for (size_t k = 0; k < factor->rank; k++) {
        const double pivot = *element(factor, k, k);
        factor->least = fmin(factor->least, pivot * pivot);
    }
}

/* y (rank) <- L^-1 y, or L^-T y */
static void solve_triangle(const struct cholesky *factor, bool transposed, double *y)
{
    const char lower = 'L', how = transposed ? 'T' : 'N', given = 'N';
    const int n = (int)factor->length, rank = (int)factor->rank, one = 1;
    int info;
    if (rank > 0)
        dtrtrs_(&lower, &how, &given, &rank, &one, factor->L, &n, y, &n, &info);
}

/* y (rank) = P' S x */
static double *permuted(const struct cholesky *factor, const double *x)
{
    double *y = memory_allocate(factor->length, sizeof *y);
    for (size_t k = 0; k < factor->rank; k++)
        y[k] = factor->S[factor->order[k]] * x[factor->order[k]];
    return y;
}

void cholesky_apply(const struct cholesky *factor, double *x)
{
    double *y = permuted(factor, x);
    solve_triangle(factor, false, y);
    solve_triangle(factor, true, y);
    for (size_t k = 0; k < factor->length; k++)
        x[factor->order[k]] = k < factor->rank ? factor->S[factor->order[k]] * y[k] : 0.0;
    memory_free(y);
}

double cholesky_norm(const struct cholesky *factor, const double *x)
{
    double *y = permuted(factor, x);
    solve_triangle(factor, false, y);
    double norm = norm_of(y, factor->rank);
    memory_free(y);
    return norm;
}

void cholesky_null(const struct cholesky *factor, size_t k, double *v)
{
    double *y = memory_allocate(factor->length, sizeof *y);
    const double unit = factor->S[factor->order[k]];
    for (size_t i = 0; i < factor->rank; i++)
        y[i] = -*element(factor, k, i);
    solve_triangle(factor, true, y);
    for (size_t i = 0; i < factor->length; i++) {
        const size_t column = (size_t)factor->order[i];
        v[column] = i < factor->rank && unit > 0.0 ? y[i] * (factor->S[column] / unit) : 0.0;
    }
    v[factor->order[k]] = 1.0;
    memory_free(y);
}

void cholesky_deviations(struct cholesky *factor, double *out)
{
    const char lower = 'L', given = 'N';
    const int n = (int)factor->length, rank = (int)factor->rank;
    int info;
    if (rank > 0)
        dtrtri_(&lower, &given, &rank, factor->L, &n, &info);
    for (size_t k = 0; k < factor->length; k++) {
        const size_t column = (size_t)factor->order[k];
        out[column] = 0.0;
        if (k < factor->rank)
            out[column] = factor->S[column] * norm_of(element(factor, k, k), factor->rank - k);
    }
}
