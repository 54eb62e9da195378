/* SPDX-License-Identifier: MIT
 *
 * Symmetric positive definite systems by LAPACK, which comes with OpenBLAS.
 */
#ifndef DESCENT_SOLVERS_CHOLESKY_H
#define DESCENT_SOLVERS_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* x <- A^-1 x for A (length, length), which is overwritten, and x (length). False when A is not
 * positive definite to working precision; x is as it was. */
bool cholesky_solve(double *A, double *x, size_t length);

/* The same for A that is positive semidefinite. With S the inverse roots of its diagonal, S A S = P
 * L L' P': the unit diagonal makes what counts as 0 independent of the units of a column, and the
 * largest pivots come first, so that what is left of the columns behind the first `rank` is
 * rounding: they are combinations of those before (Higham, "Accuracy and stability of numerical
 * algorithms", 2002, section 10.3). */
struct cholesky {
    size_t length, rank;
    double least; /* pivot among the first `rank`, as a share of its diagonal element */
    double *L;    /* (length, length) by columns; A before */
    double *S;    /* (length); 0: that column is 0 */
    int *order;   /* (length) column order[k] of A is the k-th */
};

/* Room for a factor. Free with cholesky_free(). */
struct cholesky *cholesky_create(size_t length);
void cholesky_free(struct cholesky *factor); /* NULL is allowed */

/* Factors the matrix that the caller has written into factor->L. */
void cholesky_factor(struct cholesky *factor);

/* x <- x' with A x' = x on the first `rank` columns, and 0 on the others. */
void cholesky_apply(const struct cholesky *factor, double *x);

/* sqrt(x' A^-1 x) on the first `rank` columns; x is left as it is. */
double cholesky_norm(const struct cholesky *factor, const double *x);

/* v (length) with A v = 0, to rounding, which is 1 on the k-th column, k >= rank, and else is not 0
 * but on the first. */
void cholesky_null(const struct cholesky *factor, size_t k, double *v);

/* out (length) = the roots of the diagonal of A^-1, 0 where a column is not among the first `rank`.
 * L holds its inverse afterwards: nothing else may follow. */
void cholesky_deviations(struct cholesky *factor, double *out);

#endif
