/* SPDX-License-Identifier: MIT
 *
 * What readers of text have in common: the file is cut into blocks at line ends, and blocks are
 * read in parallel. They are cut by size, never by the number of threads, and each keeps only its
 * first fault, so that the fault reported is the first in the file whoever found it. Labels are
 * indices in order of appearance until all blocks are done (labels.h).
 */
#ifndef DESCENT_DATA_FORMATS_BLOCKS_H
#define DESCENT_DATA_FORMATS_BLOCKS_H

#include "base/parallel/ranks.h"
#include "data/formats/labels.h"
#include "data/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_texts; /* csv/format_csv_texts.h */

struct block {
    const char *begin, *end;
    size_t first_row, rows;
    struct labels labels;
    const char *fault; /* where the text begins that could not be read, or NULL */
    size_t fault_row;
    struct csv_texts *texts; /* of CSV: cells that are no numbers; NULL: there are none */

    /* For sparse formats: the place of the block's first value, how many there is room for or, once
     * read, how many there are, and the columns up to the last that has one. */
    size_t first_value, values;
    size_t columns;

    size_t missing; /* values that are not there, where a format lets them be */
};

/* False, with an error that says what they are, when the first bytes are not those of text whose
 * lines end in LF. */
bool blocks_check_text(const struct input *input, struct error *error);

/* The same in a format that has a signature of its own: `own`, as it is called there. */
bool blocks_check_text_of(const struct input *input, const char *own, struct error *error);

/* False, with an error, when there are more rows than a set may have. */
bool blocks_check_rows(const char *path, size_t rows, struct error *error);

/* Line breaks in [begin, end). */
size_t blocks_count_lines(const char *begin, const char *end);

/* Cuts [begin, end); free with memory_free(). */
struct block *blocks_cut(const char *begin, const char *end, size_t *count);

/* Merges the labels of blocks, in the order of rows, up to the first error: a fault, or a third
 * class (labels->count is LABELS_KEPT then). Returns the block it is in, or `count`.
 * translations[i] becomes what the label indices of block i mean for the whole. */
size_t blocks_merge(const struct block *blocks, size_t count, struct labels *labels,
                    int (*translations)[LABELS_KEPT]);

/* Is a value missing in any of the blocks, of all ranks? They call it together. */
bool blocks_miss(const struct block *blocks, size_t count, const struct ranks *ranks);

/* y (n): from indices within blocks to 0, for the label `first` of the whole, and 1. */
void blocks_translate(const struct block *blocks, size_t count, int (*translations)[LABELS_KEPT],
                      int first, double *y, int threads);

#endif
