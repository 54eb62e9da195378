/* SPDX-License-Identifier: MIT
 *
 * A data set: rows of features and a label in {0, 1}. It is read once and never written again
 * while models are trained on it, so threads share it without locks.
 */
#ifndef DESCENT_DATA_DATASET_H
#define DESCENT_DATA_DATASET_H

#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>

struct dataset {
    size_t rows;     /* n */
    size_t features; /* d */
    double *X;       /* (n, d) row-major */
    double *y;       /* (n), 0 or 1; NULL: a set without labels, to be predicted */

    char *name;               /* what to call it: the file's name or the generator's */
    char **feature_names;     /* (d), or NULL: then x1, x2, ... */
    char *class_names[2];     /* the texts in the file that became 0 and 1; [1] is NULL: only one */
    char digest[DIGEST_TEXT]; /* of rows, features, X and y */
};

/* Storage for n x d features and, if `labelled`, n labels; untouched, so that the threads that fill
 * it place its pages. Free with dataset_free(). */
struct dataset *dataset_create(size_t rows, size_t features, bool labelled);
void dataset_free(struct dataset *data); /* NULL is allowed */

/* Computes data->digest, once X and y are filled. */
void dataset_seal(struct dataset *data);

/* The name of feature j, "x3" where the set gives it none: then it is composed in `buffer`. */
enum { DATASET_NAME = 24 };
const char *dataset_feature_name(const struct dataset *data, size_t j,
                                 char buffer[static DATASET_NAME]);

/* Bytes that X and y of such a set take, as a double because the product may overflow. */
double dataset_bytes(size_t rows, size_t features);

#endif
