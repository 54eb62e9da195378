/* SPDX-License-Identifier: MIT
 *
 * Rows that memory does not hold, while they are read: X, or the three arrays of sparse rows, in a
 * file without a name (compression/room.h).
 */
#ifndef DESCENT_DATA_SCRATCH_H
#define DESCENT_DATA_SCRATCH_H

#include "base/error.h"
#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>

struct scratch {
    const char *folder; /* on whose disk it lies */
    bool wanted;        /* what was asked for last does not fit into memory */
    struct room room;   /* the file, mapped, if there is one */
};

/* May a set of `bytes` be read: does memory hold it, or else, unless `scratch` is NULL, the disk?
 * If so the file is made. False, with an error about `what`, if neither does. */
bool scratch_check(struct scratch *scratch, double bytes, const char *what, struct error *error);

/* dataset_create(), with X in the file if it is wanted. `scratch` may be NULL. */
struct dataset *scratch_create(struct scratch *scratch, size_t rows, size_t features,
                               bool labelled);

/* The same for dataset_create_sparse(). */
struct dataset *scratch_create_sparse(struct scratch *scratch, size_t rows, size_t features,
                                      size_t nonzeros, bool labelled);

/* Gives back a file that no set has taken. */
void scratch_clear(struct scratch *scratch);

#endif
