/* SPDX-License-Identifier: MIT
 *
 * dpotrf factors A = L L', dpotrs solves. The prototypes are written out because Debian's OpenBLAS
 * has no header for them; a symmetric matrix is the same in rows and in columns.
 */
#include "solvers/cholesky.h"

#include <math.h>

void dpotrf_(const char *triangle, const int *n, double *A, const int *stride, int *info);
void dpotrs_(const char *triangle, const int *n, const int *columns, const double *A,
             const int *stride, double *B, const int *rows, int *info);

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
