/* SPDX-License-Identifier: MIT
 *
 * What the columns of a table hold, before they are encoded as features. A reader that meets more
 * than numbers fills X with one value a cell all the same: the number; of a category its index in
 * `categories`; of a missing value NaN. Rows are split on this, and only then does the encoding
 * (preparation/encoding.h), fitted to the rows that are trained on, turn columns into features.
 */
#ifndef DESCENT_DATA_COLUMNS_H
#define DESCENT_DATA_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

struct entry; /* base/table.h */

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

/* A copy of the columns from[0], from[1], ... (count); NULL gives NULL. */
struct data_columns *data_columns_take(const struct data_columns *columns, const size_t *from,
                                       size_t count);
void data_columns_free(struct data_columns *columns); /* NULL is allowed */

/* --- What columns become ------------------------------------------------------------------- */

/* The place of a level that has none. */
#define ENCODING_NOWHERE ((size_t)-1)

/* One column of a fit: `first` to before first + features are what it has become. */
struct encoded_column {
    char *name;    /* in the file, or NULL */
    bool category; /* it has levels, else numbers */
    char **levels; /* (count) categories that were trained on, ascending by their bytes */
    bool *rare;    /* (count) which of them are one level together; NULL: none is */
    size_t count;  /* of levels; of a hashed column 0 */
    double fill; /* of numbers, in the place of a missing one; NaN: there is nothing to put there */
    char *fill_level; /* of categories likewise, or NULL */
    bool marked;      /* a missing value is marked by a 0/1 feature, or is a level, of its own */

    /* What follows from the above and from the method (encoding_lay_out()). */
    size_t first, features;
    size_t *places; /* (count) of levels among the column's features, or its codes */
    size_t rare_place, missing_place;
};

/* A fit: everything that is needed to encode other rows in the same way. */
struct encoding {
    const struct entry *method;  /* a row of categories_table (preparation/encoding.h) */
    size_t buckets;              /* of a hashed column; 0: the method does not hash */
    const struct entry *missing; /* a row of missing_table */
    size_t count;                /* of columns */
    struct encoded_column *columns;
    size_t features; /* that they become, together; ... */
    char **names;    /* (features) ... and what those are called */
};

/* All fields of the columns are empty at first. */
struct encoding *encoding_create(size_t columns);
struct encoding *encoding_copy(const struct encoding *encoding); /* NULL gives NULL */
void encoding_free(struct encoding *encoding);                   /* NULL is allowed */

/* Copies of (count) texts; NULL gives NULL. And their end, which NULL has none of. */
char **texts_copy(char *const *texts, size_t count);
void texts_free(char **texts, size_t count);

#endif
