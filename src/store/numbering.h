/* SPDX-License-Identifier: MIT
 *
 * Numbers of rows and what stands for them elsewhere: a list in the order of the numbers, as long
 * as the rows are many, however large or wild the numbers. Included by nothing outside this folder.
 */
#ifndef DESCENT_STORE_NUMBERING_H
#define DESCENT_STORE_NUMBERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numbering {
    size_t count, capacity;
    struct numbered {
        int64_t number;
        int64_t other; /* 0: not there */
    } * rows;          /* (count), by ascending number */
};

/* Adds a number larger than all before; false when it is not. */
bool numbering_add(struct numbering *numbering, int64_t number, int64_t other);

/* The row of a number, or NULL. */
struct numbered *numbering_row(const struct numbering *numbering, int64_t number);

/* What stands for it; 0: it is not there. */
int64_t numbering_find(const struct numbering *numbering, int64_t number);

void numbering_clear(struct numbering *numbering);

#endif
