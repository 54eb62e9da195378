/* SPDX-License-Identifier: MIT
 *
 * Shares of text (share.h): rows are lines, so that where row 1000 begins is known when the lines
 * before it were counted. Each rank counts the rows in its P-th of the bytes, cut at line ends; the
 * counts of all tell which rows those are, and each finds the places of the rows with which any
 * rank begins or ends that lie in its part. Then each reads its own rows.
 *
 * Labels are known when all ranks have read theirs: a rank tells the others where in the file the
 * first of each kind stand, which is where they look as well.
 */
#ifndef DESCENT_DATA_FORMATS_SHARE_TEXT_H
#define DESCENT_DATA_FORMATS_SHARE_TEXT_H

#include "data/formats/blocks.h"
#include "data/share.h"

struct share_text {
    struct input *input;
    const char *begin, *end; /* of the lines that hold the rows */

    /* The rows in the lines [begin, end) of a format. */
    size_t (*count)(const void *format, const char *begin, const char *end);
    void *format;

    struct scratch *scratch; /* where rows lie that memory does not hold (scratch.h), or NULL */
};

/* Counts the rows of blocks of it, and gives each its first; `values`, unless it is NULL, counts
 * what else they hold. Returns how many rows there are. */
size_t share_text_count(const struct share_text *text,
                        size_t (*values)(const char *begin, const char *end), struct block *blocks,
                        size_t count, int threads);

/* Narrows text to the lines whose rows are to be read here, and notes which and how many they are;
 * all ranks see the same bytes there. Nothing happens where that is all of them. */
bool share_find(struct share *share, struct share_text *text, int threads, struct error *error);

/* Takes note of the rows that were counted in these lines; false, with an error, when a rank has
 * others than it should. */
bool share_counted(struct share *share, const char *path, size_t rows, struct error *error);

/* blocks_merge() over the blocks of all ranks: labels and translations are those of the whole.
 * Returns the block here that has the first error of all, or `count`: there is none here. With
 * LABELS_KEPT labels it is a third class, which all ranks know. */
size_t share_merge(const struct share *share, const struct input *input, const struct block *blocks,
                   size_t count, struct labels *labels, int (*translations)[LABELS_KEPT]);

#endif
