/* SPDX-License-Identifier: MIT
 *
 * One array in NumPy's format .npy, versions 1.0 to 3.0: "\x93NUMPY", two bytes of version, the
 * length of the header (2 bytes in version 1, then 4), the header, which is a Python dictionary
 *
 *     {'descr': '<f8', 'fortran_order': False, 'shape': (100, 2), }
 *
 * padded with blanks, and the numbers. (NumPy Enhancement Proposal 1; numpy.lib.format.)
 */
#ifndef DESCENT_DATA_FORMATS_NPY_ARRAY_H
#define DESCENT_DATA_FORMATS_NPY_ARRAY_H

#include "data/formats/npy/npy_type.h"
#include "data/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { NPY_TYPE = 16, NPY_DIMENSIONS = 2, NPY_ALIGNMENT = 64 };

struct npy_array {
    const char *path;
    char type[NPY_TYPE]; /* "<f8"; cut where it is longer than any that is known */
    bool fortran_order;
    int dimensions;
    size_t shape[NPY_DIMENSIONS]; /* (dimensions); the second is 1 when there is one only */
    const char *values;
    size_t bytes;                  /* that the file has for values */
    const struct npy_type *number; /* once the type is checked */
    bool swapped;                  /* the bytes of a number are in the other order */
};

/* Reads the header. False, with an error, when the file is no .npy file or has more dimensions. */
bool npy_array_open(struct npy_array *array, const struct input *input, struct error *error);

/* Checks that numbers of the array's type can be used, as labels or as features; then that all of
 * them are there, so that they can be read. */
bool npy_array_check_type(struct npy_array *array, bool labels, struct error *error);
bool npy_array_check_size(const struct npy_array *array, struct error *error);

/* What to save in place of an array X of features or y of labels, as Python: "y.astype('<f8')". Of
 * texts that are labels it says which. Returns `text`. */
char *npy_array_advice(const struct npy_array *array, bool labels, char *text, size_t size);

/* The bytes of number i, in the order of the file; perhaps in `copy`. */
const char *npy_array_number(const struct npy_array *array, size_t i,
                             char copy[static NPY_SIZE_MOST]);

/* Number i, and whether a double can be that number. */
static inline double npy_array_value(const struct npy_array *array, size_t i)
{
    char copy[NPY_SIZE_MOST];
    return array->number->value(npy_array_number(array, i, copy));
}

static inline bool npy_array_is_exact(const struct npy_array *array, size_t i)
{
    char copy[NPY_SIZE_MOST];
    return array->number->is_exact == NULL ||
           array->number->is_exact(npy_array_number(array, i, copy));
}

/* Writes the header of an array, padded so that the numbers behind it are aligned: its type, "<f8",
 * and its shape, as in Python. */
void npy_header_write(const char *type, const char *shape, FILE *file);

/* Where the number in row i and column j is, in the order of the file. */
static inline size_t npy_array_index(const struct npy_array *array, size_t i, size_t j)
{
    return array->fortran_order ? j * array->shape[0] + i : i * array->shape[1] + j;
}

#endif
