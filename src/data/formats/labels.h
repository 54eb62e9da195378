/* SPDX-License-Identifier: MIT
 *
 * Class labels as they stand in a file, and their mapping to {0, 1}: of two numbers the smaller is
 * 0 ("-1" and "+1", "1" and "2"); of two texts the first in the order of code points ("cat",
 * "dog"), whatever the encoding. Numbers that are equal are one label however they are written
 * ("1", "1.0", "+1"): as doubles, and from 2^53 on, where doubles do not hold every whole number,
 * exactly as they are written.
 *
 * Which label is 0 is known only when both were seen. So while rows are read a label is its index
 * in order of appearance, each block of rows with a `struct labels` of its own; afterwards these
 * are merged in the order of the rows, and the indices translated. The result depends neither on
 * threads nor on where blocks begin.
 */
#ifndef DESCENT_DATA_FORMATS_LABELS_H
#define DESCENT_DATA_FORMATS_LABELS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    LABELS_KEPT = 3,     /* the third is an error, which names it */
    LABELS_SPELLINGS = 4 /* ways of writing that are recognised without reading a number */
};

struct label {
    const char *text; /* (length) where it stands in the file; the byte after it is readable */
    size_t length;
    bool is_number;
    double number;
    size_t row; /* of its first appearance, from 0 */
};

struct labels {
    size_t count;
    struct label kept[LABELS_KEPT]; /* (count), in order of appearance */
    size_t spelling_count;
    struct {
        const char *text;
        size_t length;
        int index;
    } spellings[LABELS_SPELLINGS];
};

/* The index of a label, which is added if it is new: 0, 1, or 2 for a third. -1 when the text is no
 * label: empty, NaN, infinite. */
int labels_index(struct labels *labels, const char *text, size_t length, size_t row);

/* The index of a label that is written like one met before, byte by byte; -1: none is known to be.
 */
int labels_again(const struct labels *labels, const char *text, size_t length);

/* Adds the labels of later rows: translation[i] becomes the index here of label i there. */
void labels_merge(struct labels *labels, const struct labels *later, int translation[LABELS_KEPT]);

/* Are the names of two classes one label: the same text, or the same number? */
bool labels_same(const char *a, const char *b);

/* May the name of a class stand as a number in a file? NULL, a class that no row has, may. */
bool labels_name_is_number(const char *name, double *number);

/* The index of the label, among two, that becomes 0. */
int labels_first(const struct labels *labels);

#endif
