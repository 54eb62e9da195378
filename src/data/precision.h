/* SPDX-License-Identifier: MIT
 *
 * In how many bits the values of X are stored for training. Reading X is what an epoch over much
 * data costs, so a value of fewer bits is a faster epoch, and what it costs is known: with
 * u = 2^-24 for float32 and 2^-8 for bfloat16, and a unit s of each column for int8,
 *
 *     float32, bfloat16   |stored - x| <= u |x| + t     t: half the smallest number above 0
 *     int8                |stored - x| <= s / 2          s: the largest |x| of the column, by 127
 *
 * all rounded to nearest, ties to even. A value that would be infinite is refused. Weights, labels
 * and sums over rows stay float64.
 *
 * Of sparse rows only the values are stored, as float32; their columns have 32 bits in any case.
 *
 * X itself stays too: F*, what is recorded of a trial, rows held out and predictions are of the
 * data as they were given.
 */
#ifndef DESCENT_DATA_PRECISION_H
#define DESCENT_DATA_PRECISION_H

#include "base/error.h"
#include "base/table.h"
#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum storage { STORAGE_FLOAT64, STORAGE_FLOAT32, STORAGE_BFLOAT16, STORAGE_INT8 };

struct precision {
    struct entry entry;
    enum storage storage;
    size_t bytes;    /* of a value */
    double roundoff; /* u, by which a value is rounded; 0: by its column's unit */
    double least;    /* t: half the smallest number above 0; 0: by its column's unit */
};

extern const struct table precision_table;
extern const struct table refine_table; /* no, yes */
extern const struct entry refine_yes;

/* The precision of a table entry. */
const struct precision *precision_of(const struct entry *entry);

/* Stores the rows trained on, which stay as they are beside it, in the precision of a row of the
 * table; nothing happens for float64. What lies in a file as float32 is that already, and values
 * that are all 1 are not stored. All ranks of a distributed set at the same time. False, with an
 * error, for sparse rows but in float32, a value that overflows, and short memory. */
bool precision_apply(const struct entry *method, bool refine, struct dataset *data, int threads,
                     struct error *error);

/* Bytes that the stored values of a set take in memory of their own; 0 where there are none. */
double stored_bytes(const struct dataset *data);

/* Row i of a dense set that is stored, as doubles (d): exactly what is stored, save that of int8
 * the product with its unit is rounded. */
void stored_row(const struct dataset *data, size_t i, double *restrict row);

/* Copies `count` rows, by their numbers, to `values`, which has room for them and for what may be
 * read behind. */
void stored_gather(const struct dataset *data, const uint32_t *order, size_t count, void *values);

/* Doubles that so many gathered rows take. */
static inline size_t stored_doubles(const struct dataset *data, size_t count)
{
    size_t bytes = count * data->features * data->stored.width + STORED_BEHIND;
    return (bytes + sizeof(double) - 1) / sizeof(double);
}

/* Bytes from one row to the next. */
static inline size_t stored_stride(const struct dataset *data)
{
    return data->features * data->stored.width;
}

#endif
