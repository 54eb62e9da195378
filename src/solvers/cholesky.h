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

#endif
