/* SPDX-License-Identifier: MIT
 *
 * Missing values of a set that is not encoded yet: NaN, in X or among the values of sparse rows,
 * where what is not stored is 0 and never missing.
 */
#ifndef DESCENT_DATA_MISSING_H
#define DESCENT_DATA_MISSING_H

#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>

/* How many values are missing in each column (features); free with memory_free(). */
size_t *missing_count(const struct dataset *data, int threads);

/* The first row, from 0, in which a value is missing, and its column there; false: none is. */
bool missing_first(const struct dataset *data, size_t *row, size_t *column);

/* Describes the columns of a set of numbers in which values are missing (features), in a table that
 * says how many. All ranks call it together, and get the same. False, with an error that begins
 * with `path`, when there is no memory for it. */
bool missing_describe(struct dataset *data, const struct ranks *ranks, const size_t *missing,
                      const char *path, struct error *error);

#endif
