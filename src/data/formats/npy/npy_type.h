/* SPDX-License-Identifier: MIT
 *
 * The types of numbers in .npy files: one row each, and what to do about a type that has none.
 * (NumPy, "Data type objects": a byte order '<', '>', '|' or '=', a kind, and a size in bytes.)
 */
#ifndef DESCENT_DATA_FORMATS_NPY_TYPE_H
#define DESCENT_DATA_FORMATS_NPY_TYPE_H

#include <stdbool.h>
#include <stddef.h>

enum { NPY_SIZE_MOST = 8 }; /* bytes of a number that is read */

struct npy_type {
    const char *name; /* without the byte order: "f8" */
    size_t size;
    double (*value)(const char *number);  /* of the machine's byte order */
    bool (*is_exact)(const char *number); /* is the double that number? NULL: always */
};

/* The row of a type such as "<f8", or NULL; `swapped`: are its bytes in the other order? */
const struct npy_type *npy_type_find(const char *name, bool *swapped);

#endif
