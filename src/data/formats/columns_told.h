/* SPDX-License-Identifier: MIT
 *
 * The table of columns that `descent data` prints, before anything is decided for the user: what
 * each column is, how many distinct values it has, how many are missing, what they look like, and
 * what is done with it. Readers whose columns have kinds fill in its lines.
 */
#ifndef DESCENT_DATA_FORMATS_COLUMNS_TOLD_H
#define DESCENT_DATA_FORMATS_COLUMNS_TOLD_H

#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    TOLD_COLUMNS = 60,         /* that are shown, but for those that are refused */
    TOLD_DISTINCT_MOST = 1000, /* from which on it is not counted how many values differ */
};

/* A line of the table. */
struct told_column {
    size_t position; /* in the file, from 1 */
    const char *name, *kind, *done;
    size_t distinct, missing;
    char *examples; /* or NULL; freed by told_write() */
};

void told_head(FILE *out);

/* Fills in what values look like: the first of some texts (count); or the numbers of a feature of a
 * matrix, how many differ, and whether they are more than numbers. `missing` is known. */
void told_texts(struct told_column *told, char *const *texts, size_t count);
void told_numbers(struct told_column *told, const struct dataset *data, size_t feature);

void told_write(struct told_column *told, FILE *out);

/* The line of the label's column, which may be passed over. */
void told_label(size_t position, const char *name, bool ignored, FILE *out);

/* Behind the last line: so many were not shown. */
void told_end(size_t others, FILE *out);

#endif
