/* SPDX-License-Identifier: MIT
 *
 * Whether a result has the same bits when others are computed beside it: one column alone or among
 * many (a model that is trained alone or side by side with others), one row alone or among many (a
 * row that is predicted alone or in a block).
 */
#ifndef DESCENT_MEASURE_BLAS_BLAS_COLUMNS_H
#define DESCENT_MEASURE_BLAS_BLAS_COLUMNS_H

#include "measure/blas/blas_operations.h"

enum { COLUMNS_MOST = 64, COLUMN_COUNTS = 12 };

/* 1, 2, 3, 4, 5, 7, 8, 12, 16, 24, 32, 48: numbers of columns beside COLUMNS_MOST. */
extern const size_t blas_column_counts[COLUMN_COUNTS];

struct blas_alone {
    size_t columns[COLUMN_COUNTS];    /* results of that many columns whose bits are not those among
                                         COLUMNS_MOST: Z = X W */
    size_t columns_of[COLUMN_COUNTS]; /* of so many */
    size_t rows_gemm, rows_gemv;      /* rows with other bits than among others, for gemm, gemv */
    size_t rows;                      /* of so many */
    size_t vector; /* results of gemv whose bits are not those of the same column of gemm */
};

/* For X (rows, columns) of that shape, of which no more than 400 rows are taken. */
struct blas_alone blas_alone_find(struct blas_shape shape);

#endif
