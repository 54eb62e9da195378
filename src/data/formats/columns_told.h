/* SPDX-License-Identifier: MIT
 *
 * The table of columns that `descent data` prints, before anything is decided for the user: what
 * each column is, how many distinct values it has, how many are missing, what they look like, and
 * what is done with it. Readers whose columns have kinds say what they know; numbers are looked at
 * here. Where there are many columns, neighbours of which the same is to be said share a line.
 */
#ifndef DESCENT_DATA_FORMATS_COLUMNS_TOLD_H
#define DESCENT_DATA_FORMATS_COLUMNS_TOLD_H

#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    TOLD_COLUMNS = 1000,       /* more are not looked at, but for those that are refused */
    TOLD_DISTINCT_MOST = 1000, /* from which on it is not counted how many values differ */
};

/* A column. */
struct told_column {
    size_t position; /* in the file, from 1 */
    char *name;      /* freed by columns_tell(), as is .examples */
    const char *kind, *done;
    size_t distinct, missing;
    char *examples; /* of texts; NULL: none */
    bool numbers;   /* those of X: */
    size_t feature;
    double minimum, maximum; /* filled in by columns_tell() */
    bool label;
};

/* Fills in what the first of some texts (count) look like. */
void told_texts(struct told_column *told, char *const *texts, size_t count);

/* A line for the label's column, which may be passed over. */
struct told_column told_label(size_t position, char *name, bool ignored);

/* Writes the table of columns (count), and that there are others. `data` is dense. */
void columns_tell(struct told_column *columns, size_t count, size_t others,
                  const struct dataset *data, int threads, FILE *out);

#endif
