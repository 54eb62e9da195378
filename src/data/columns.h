/* SPDX-License-Identifier: MIT
 *
 * What the columns of a table hold, before they are encoded as features. A reader that meets more
 * than numbers fills X with one value a cell all the same: the number; of a category its index in
 * `categories`; of a missing value NaN. Rows are split on this, and only then does the encoding
 * (preparation/encoding.h), fitted to the rows that are trained on, turn columns into features.
 */
#ifndef DESCENT_DATA_COLUMNS_H
#define DESCENT_DATA_COLUMNS_H

#include <stddef.h>

struct data_column {
    char *name; /* in the header; NULL: it has none */
    char *
        *categories; /* (count) distinct texts, ascending by their bytes in UTF-8; NULL: numbers */
    size_t count;    /* of categories */
    size_t missing;  /* cells that are NaN, in the rows that were read */
};

/* The columns of X, in its order. */
struct data_columns {
    size_t count; /* = features of the set, until it is encoded */
    struct data_column *columns;
};

struct data_columns *data_columns_create(size_t count);
struct data_columns *data_columns_copy(const struct data_columns *columns); /* NULL gives NULL */
void data_columns_free(struct data_columns *columns);                       /* NULL is allowed */

#endif
