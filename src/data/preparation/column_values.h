/* SPDX-License-Identifier: MIT
 *
 * The values of a set column by column, each in the order of rows. A matrix is gone through as it
 * is; of sparse rows, the values that are stored are copied once, sorted by their columns, so that
 * a column does not cost a pass over all rows. NaN are missing values, which are passed over.
 */
#ifndef DESCENT_DATA_PREPARATION_COLUMN_VALUES_H
#define DESCENT_DATA_PREPARATION_COLUMN_VALUES_H

#include "data/dataset.h"

#include <stddef.h>

struct column_values {
    const struct dataset *data;
    size_t *ends;   /* (d) of sparse rows: where the values of a column end; they begin at the end
                     * of those before; NULL: a matrix */
    double *values; /* (nnz) */
};

/* Bytes that they take beside the set. */
double column_values_bytes(const struct dataset *data);

/* Close with column_values_close(). The set must stay. */
struct column_values column_values_open(const struct dataset *data);
void column_values_close(struct column_values *columns);

/* How many values of column j are stored, NaN among them. */
size_t column_values_stored(const struct column_values *columns, size_t j);

/* Copies those that are not NaN, for which there must be room; returns how many they are. */
size_t column_values_copy(const struct column_values *columns, size_t j, double *values);

#endif
