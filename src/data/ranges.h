/* SPDX-License-Identifier: MIT
 *
 * Between what values each feature lies, class by class: from them come units in which columns are
 * of size 1, and the simplest proofs that classes are separable. Comparisons alone, so that nothing
 * is rounded, and the same numbers at any number of threads and ranks.
 */
#ifndef DESCENT_DATA_RANGES_H
#define DESCENT_DATA_RANGES_H

#include "data/dataset.h"

struct range {
    double least, most; /* least > most: of no value */
};

struct ranges {
    size_t features;      /* d */
    struct range *of[2];  /* (d) each: of class 0 and of class 1, zeros of sparse rows included */
    unsigned char *whole; /* (d) of sparse data: does every row have a value there? Else: 1 */
    double rows[2];       /* of each class, on all ranks */
};

/* By one pass over the data with `threads` threads; of the rows that are not 0 in active (rows), or
 * of all where that is NULL. Clear with ranges_clear(). */
struct ranges ranges_find(const struct dataset *data, const unsigned char *active, int threads);

/* Bytes that it takes while it looks, what it leaves included. */
double ranges_bytes(const struct dataset *data, int threads);
void ranges_clear(struct ranges *ranges);

/* The range over both classes. */
struct range ranges_of_both(const struct ranges *ranges, size_t feature);

/* The power of two that brings `size` >= 0 into [1/2, 1); 1 for 0, and never so far that it, or its
 * inverse, is no normal number. */
double range_unit(double size);

#endif
