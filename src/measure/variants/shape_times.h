/* SPDX-License-Identifier: MIT
 *
 * The variants of a kernel on made data of some shape, beside what the machine can do at most: for
 * one model a pass of `fused`, or of `fused-narrow` where features are in fewer bits, and the
 * reading of X; for several one of `batched` and two products of matrices as large.
 */
#ifndef DESCENT_MEASURE_VARIANTS_SHAPE_TIMES_H
#define DESCENT_MEASURE_VARIANTS_SHAPE_TIMES_H

#include "base/error.h"
#include "measure/variants/variant_times.h"

struct shape {
    size_t rows, features, models;
    const struct entry *precision; /* of the features of one model; NULL: float64 */
};

/* Shapes that most work is near to: in memory, in a large cache, in a small one. */
extern const struct shape shapes_usual[];
extern const size_t shapes_usual_count;

/* "ROWSxFEATURES", "ROWSxFEATURESxMODELS" or "ROWSxFEATURES@PRECISION". */
bool shape_parse(const char *text, struct shape *shape);

/* Such a text, without a single model. Returns `text`. */
enum { SHAPE_TEXT = 96 };
char *shape_text(const struct shape *shape, char text[static SHAPE_TEXT]);

struct shape_times {
    struct shape shape;
    struct variant_case what;
    double limit; /* seconds that a pass cannot beat */
    struct variant_times times;
};

/* Measures a shape at each of so many (count) numbers of threads into list (count), and chooses the
 * best of each. False, with an error, where memory does not hold the data. */
bool shape_measure(const struct shape *shape, const int *threads, size_t count,
                   struct shape_times *list, struct error *error);
void shape_times_clear(struct shape_times *times);

#endif
