/* SPDX-License-Identifier: MIT
 *
 * What readers of sparse text (text_read.h) do once all blocks are read. There was room in each for
 * as many values as its text may have; what it has not needed is closed up. A set of which at least
 * half of all values are not 0 is then made dense: a matrix is about as small, and loops over it
 * are faster. That depends on the data alone, so that a file is the same set on every machine.
 */
#ifndef DESCENT_DATA_FORMATS_SPARSE_ROWS_H
#define DESCENT_DATA_FORMATS_SPARSE_ROWS_H

#include "data/formats/blocks.h"
#include "data/scratch.h"
#include "data/share.h"

#include <math.h>

/* +0 is what is not stored; -0 is a value like any other, so that a set keeps its bits. */
static inline bool sparse_is_stored(double value)
{
    return value != 0.0 || signbit(value);
}

/* The bytes that so many rows with so many values together take; false, with an error, when there
 * is no room for them, in memory or in `scratch`. */
double sparse_rows_bytes(double rows, double values);
bool sparse_rows_fit(const char *path, double rows, double values, struct scratch *scratch,
                     struct error *error);

/* Stores what is not 0 of x (features) as a row of the set, from a place on; where the next one's
 * begins. */
size_t sparse_row_put(struct dataset *data, size_t row, size_t place, const double *x);

/* Closes the gaps between blocks (count). */
void sparse_rows_close(const struct block *blocks, size_t count, struct dataset *data);

/* Makes the set dense where that is better, or where `always` says so: the same for all ranks,
 * which call it together. False, with an error, when there is no room for that. */
bool sparse_rows_settle(struct share *share, const char *path, bool always, struct scratch *scratch,
                        struct dataset *data, int threads, struct error *error);

/* Makes a matrix sparse where the same rule says so. */
bool sparse_rows_thin(struct share *share, const char *path, struct scratch *scratch,
                      struct dataset *data, int threads, struct error *error);

#endif
