/* SPDX-License-Identifier: MIT
 *
 * What one library does with threads, bits, errors and special cases.
 */
#ifndef DESCENT_PROGRAMS_BLAS_BLAS_BEHAVIOUR_H
#define DESCENT_PROGRAMS_BLAS_BLAS_BEHAVIOUR_H

#include "programs/blas/blas_ask.h"

enum { BLAS_OPERATIONS = 5 }; /* rows of blas_operation_table */

/* Of one operation. Sizes are found by doubling and halving, among those of `rows_most` rows at
 * most; 0: none. On one thread nothing is looked for. */
struct blas_call {
    size_t rows_most;
    size_t forks_from; /* rows from which a call uses more than one thread */
    int threads;       /* that it uses with the most rows */
    size_t bits_from;  /* rows from which its bits are not those that it has with one thread */
    double error;      /* blas_operands_error(), with so many rows: */
    size_t error_rows;
};

struct blas_behaviour {
    struct blas_call calls[BLAS_OPERATIONS];
    struct blas_alone alone;
    size_t together_wrong, together_calls; /* calls by several threads at a time, other bits */
    char specials[BLAS_SPECIALS][SPECIAL_WORDS];
};

const struct blas_operation *blas_operation_at(size_t index);

/* Of the library in the file `path`, with the columns and models of a shape, on so many threads. */
bool blas_behaviour_find(const char *program, const char *path, struct blas_shape shape,
                         int threads, struct blas_behaviour *behaviour, struct error *error);

#endif
