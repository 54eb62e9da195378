/* SPDX-License-Identifier: MIT
 *
 * Reading text of which a line is a row, in two passes over blocks (blocks.h):
 *
 *   1. every block counts its rows and, for sparse sets, what may be values; summed up, they give
 *      each block its first row and the place of its first value;
 *   2. every block parses its rows straight into their places, and notes the labels it met.
 *
 * A format says how a block is read and what its faults are; which lines a rank reads, what fits
 * into memory, which label is 0 and what is said first are the same for all.
 */
#ifndef DESCENT_DATA_FORMATS_TEXT_READ_H
#define DESCENT_DATA_FORMATS_TEXT_READ_H

#include "data/formats/share_text.h"

/* What formats differ in. `format`: that of the text. */
struct text_format {
    /* How many values there may be in [begin, end); NULL: sets are dense. */
    size_t (*count_values)(const char *begin, const char *end);

    /* False, with an error, when there is no memory for so many. */
    bool (*fits)(const void *format, double rows, double values, struct error *error);

    /* The bytes that so many take. */
    double (*bytes)(const void *format, double rows, double values);

    struct dataset *(*create)(const void *format, size_t rows, size_t values);

    /* Notes where the bytes end, and returns where the rows do. Not `whole`: it is not known yet,
     * and `end` is beyond any byte. */
    const char *(*end)(void *format, const char *end, bool whole);

    /* Reads the rows of a block to their places, until its end, a fault, or a label that makes a
     * third class. */
    void (*read)(const void *format, struct block *block, struct dataset *data);

    /* Says what the first error of all is, if there is one; `block`: the one here that it is in, or
     * NULL. With LABELS_KEPT labels there is a third class. */
    bool (*fault)(const void *format, const struct block *block, const struct labels *labels,
                  struct error *error);

    /* The name of a class from its label; free with memory_free(). */
    char *(*class_name)(const char *text, size_t length);

    /* What is left to do when all rows are there. */
    bool (*finish)(void *format, struct block *blocks, size_t count, struct share *share,
                   struct dataset *data, int threads, struct error *error);
};

/* Reads the rows of a text that are this rank's; NULL on error. All ranks call it together. */
struct dataset *text_rows_read(const struct text_format *row, struct share_text *text,
                               struct share *share, int threads, struct error *error);

#endif
