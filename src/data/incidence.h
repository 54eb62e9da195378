/* SPDX-License-Identifier: MIT
 *
 * Sparse data whose values are all 1, an incidence matrix, laid out for passes over all rows of one
 * model. Its columns fit 16 bits, and nothing is multiplied:
 *
 *     z_i = the sum of w_f over the features f of row i
 *     g_f = the sum of r_i over the rows i of feature f
 *
 * As CSR lies, a pass over rows of a dozen entries waits for the ends of rows, which a processor
 * cannot foresee, and for sums of frequent features, which one row has just written and the next
 * one reads. So rows lie in blocks, each inside one chunk of the sums (chunks.h), and a block has
 * its entries twice: by rows, those of equal length behind each other, so that the end of one is
 * that of the last; and by features, so that a sum stays in a register. Both take 2 bytes an entry
 * where CSR takes 12.
 *
 * Each sum adds what it did in the order of the CSR set: z_i of one row is a sum of its own, and
 * the rows of a feature ascend. A product by 1 is exact. So the bits are the same.
 */
#ifndef DESCENT_DATA_INCIDENCE_H
#define DESCENT_DATA_INCIDENCE_H

#include <stddef.h>
#include <stdint.h>

/* `count` rows of length `key`, or a feature `key` that has `count` rows. */
struct incidence_run {
    uint32_t key, count;
};

enum {
    INCIDENCE_ROWS = 4096, /* of a block, at most: their residuals stay in the nearest caches */
    INCIDENCE_FEATURES = 1 << 16,
};

struct incidence_block {
    size_t begin, end; /* rows */
    size_t lengths, features;
    struct incidence_run *by_length;  /* (lengths) */
    struct incidence_run *by_feature; /* (features), those with most rows first */
    uint16_t *places;  /* (end - begin) of rows in the order of lengths, from begin */
    uint16_t *columns; /* of these rows, one row after the other */
    uint16_t *rows;    /* of the features, likewise, ascending, from begin */
};

struct incidence {
    size_t count;
    struct incidence_block *blocks;
};

void incidence_free(struct incidence *incidence); /* NULL is allowed */

/* The first of the blocks that are together the rows [begin, end); NULL: they are in none. */
const struct incidence_block *incidence_find(const struct incidence *incidence, size_t begin,
                                             size_t end);

#endif
