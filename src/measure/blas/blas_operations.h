/* SPDX-License-Identifier: MIT
 *
 * The products of BLAS that training is made of, each of one shape n x d x k, X (n,d) and W (d,k)
 * row-major:
 *
 *     dot              s = x . r      d = k = 1    x, r (n)
 *     gemv             z = X w            k = 1    z (n)
 *     gemv-transposed  g = X' r           k = 1    g (d)
 *     gemm             Z = X W                     Z (n,k)
 *     gemm-transposed  G = X' R                    G (d,k)
 *
 * The numbers are drawn from a seed, so that every process that is asked has the same.
 */
#ifndef DESCENT_MEASURE_BLAS_BLAS_OPERATIONS_H
#define DESCENT_MEASURE_BLAS_BLAS_OPERATIONS_H

#include "base/digest.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>

struct blas_shape {
    size_t rows, columns, models; /* n, d, k */
    size_t block;                 /* rows of one call */
};

struct blas_operation {
    struct entry entry;
    bool transposed; /* X' R: results are sums over rows, not over columns */
    bool vector;     /* k is 1, */
    bool scalar;     /* and so is d */
};

extern const struct table blas_operation_table;

/* The shape as an operation has it: with k = 1, d = 1 where it knows no other. */
struct blas_shape blas_shape_for(const struct blas_operation *operation, struct blas_shape shape);

double blas_shape_flops(struct blas_shape shape);
double blas_shape_bytes(struct blas_shape shape); /* of X, W and R, each read or written once */

struct blas_operands {
    const struct blas_operation *operation;
    struct blas_shape shape;
    double *X, *W, *R; /* (n,d), (d,k), (n,k) */
    double *out;       /* (n,k) or (d,k) */
    size_t results;    /* numbers in `out` */
};

/* Filled with numbers in [-1/2, 1/2). Free with blas_operands_clear(). */
struct blas_operands blas_operands_create(const struct blas_operation *operation,
                                          struct blas_shape shape);
void blas_operands_clear(struct blas_operands *operands);

/* Bytes that they take, for any operation. */
double blas_operands_bytes(struct blas_shape shape);

/* out = X W or X' R, in calls of `block` rows each. */
void blas_operands_run(const struct blas_operands *operands);

/* The digest of the bits of what it computes. */
void blas_operands_digest(const struct blas_operands *operands, char digest[static DIGEST_TEXT]);

/* The largest error of a result, in units of epsilon times the sum of the absolute values of its
 * terms, against sums that are compensated (Ogita, Rump and Oishi, "Accurate sum and dot product",
 * SIAM Journal on Scientific Computing 2005). The textbook's bound is the number of terms. */
double blas_operands_error(const struct blas_operands *operands);

#endif
