/* SPDX-License-Identifier: MIT
 *
 * Rows that memory does not hold, while they are read: X in a file without a name, which the system
 * writes to disk when memory is short and reads back when it is looked at. It is gone with the
 * process, however that ends.
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

/* Gives back a file that no set has taken. */
void scratch_clear(struct scratch *scratch);

#endif
