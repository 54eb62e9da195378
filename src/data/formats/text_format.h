/* SPDX-License-Identifier: MIT
 *
 * What formats of text differ in, and what is done with the rows of any of them once they are
 * there: whether all of a text is read (text_read.h) or what is unpacked of it by now
 * (text_stream.h).
 */
#ifndef DESCENT_DATA_FORMATS_TEXT_FORMAT_H
#define DESCENT_DATA_FORMATS_TEXT_FORMAT_H

#include "data/formats/share_text.h"

/* One format. `format`: what it knows of the text. */
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

/* What is done once all rows are there: merges labels and faults, in their order. */
bool text_labels_set(const struct text_format *row, const struct share_text *text,
                     struct block *blocks, size_t count, const struct share *share,
                     struct dataset *data, int threads, struct error *error);

#endif
