/* SPDX-License-Identifier: MIT
 *
 * Looking at a matrix column by column. A row lies together in memory, so that a column that is
 * followed from the first row to the last brings all of the matrix into the cache for the sake of
 * itself. Here a piece of some hundred rows is looked at by one column after the other, while it is
 * in the cache, and the matrix is read once by all of them.
 */
#ifndef DESCENT_DATA_COLUMNS_WALK_H
#define DESCENT_DATA_COLUMNS_WALK_H

#include "data/dataset.h"

/* A piece of column j: `count` values, x[0], x[stride], x[2 stride], ... */
struct column_piece {
    size_t j;
    const double *x;
    size_t count, stride;
};

/* Shows each column's pieces to `look`, from the first row to the last and by one thread, so that
 * what it keeps for a column depends on no other and not on how many threads there are. The set is
 * dense. */
void columns_walk(const struct dataset *data, int threads,
                  void (*look)(void *context, struct column_piece piece), void *context);

#endif
