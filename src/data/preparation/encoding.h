/* SPDX-License-Identifier: MIT
 *
 * Encoding: columns of a table (data/columns.h), some of them categories or with missing values,
 * become features. What is fitted on the rows trained on (which levels there are, which of them are
 * rare, what stands in the place of a missing value) is applied to them, to the rows held out and,
 * from the model file, to whatever is predicted. Scaling comes after it.
 *
 *     column of numbers      the number, or the mean or median where it is missing; where missing
 *                            values are marked and there were any: a feature NAME=(missing) too
 *     onehot                 a 0/1 feature NAME=LEVEL for each level, none left out; rare ones
 *                            together are NAME=(rare), a missing value may be NAME=(missing)
 *     ordinal                one feature: 0, 1, ... in this same order of levels
 *     hash:N                 N 0/1 features NAME=(hash B), B = XXH3_64bits(level) mod N
 *
 * Of sparse rows, what is not stored is 0: it counts in a mean and in a median, and stays as it is.
 * Levels are in the order of their bytes. A level that was not seen in training is all zeros under
 * onehot; where there is a rare level, it is rare. Ordinal has no code for it, and refuses. A
 * category that is missing is filled with the most frequent level, of equally frequent ones the
 * first. Features that are 0 or 1 by this are never scaled (scaling.h). These are OneHotEncoder,
 * OrdinalEncoder and SimpleImputer of scikit-learn, with names.
 *
 * Means are added up in long double, row by row, each column by one thread: threads change no bit.
 */
#ifndef DESCENT_DATA_PREPARATION_ENCODING_H
#define DESCENT_DATA_PREPARATION_ENCODING_H

#include "base/error.h"
#include "base/table.h"
#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>

/* A row of categories_table. */
struct category_method {
    struct entry entry;
    bool numbered; /* one feature, which is the place of a level; else a 0/1 feature for a place */
    bool hashed;   /* the place follows from the text alone: levels are not kept */
    bool refused;
};
extern const struct table categories_table;

/* The values of a column of numbers that are there. */
struct column_values {
    size_t count, zeros; /* that are stored; and, of sparse rows, zeros beside them */
    long double sum;
    double *kept; /* (count) themselves, to be reordered, for a method that keeps them; or NULL */
};

/* A row of missing_table. */
struct missing_method {
    struct entry entry;
    bool drops;
    bool marks;
    bool keeps;

    /* What to fill in; at least one value is there. NULL: nothing is filled. */
    double (*fill)(const struct column_values *values);
};
extern const struct table missing_table;
extern const struct missing_method missing_refuse;

/* The row that an entry of the table is. */
const struct category_method *category_method_of(const struct entry *entry);
const struct missing_method *missing_method_of(const struct entry *entry);

enum { ENCODING_BUCKETS_MAX = 1 << 24 };

/* What is asked for. */
struct encoding_wish {
    const struct entry *method;  /* a row of categories_table */
    size_t buckets;              /* where it hashes; else 0 */
    size_t rare;                 /* levels of fewer rows are one; 0: none is */
    const struct entry *missing; /* a row of missing_table */
};

/* Reads "onehot", "ordinal", "hash:64", "refuse", which may be NULL: the first. On failure writes
 * why to `reason` and returns false. */
bool categories_parse(const char *text, struct encoding_wish *wish, char *reason, size_t size);

/* Can all rows of a set be encoded so? False, with an error that names every column that cannot.
 * `found`: are there rows with missing values that are to be dropped? */
bool encoding_check(const struct encoding_wish *wish, const struct dataset *data, int threads,
                    bool *found, struct error *error);

/* A copy of the rows in which no value is missing, with a note of how many are not; NULL, with an
 * error, when none is left, or none of one class, or there is no memory. */
struct dataset *encoding_drop(const struct dataset *data, int threads, char **notes,
                              struct error *error);

/* Fits to the rows of a set, with the same bits at any number of threads; one without a table is
 * numbers, of which none is missing. NULL, with an error, when nothing of a column is there, or
 * there is no memory. */
struct encoding *encoding_fit(const struct encoding_wish *wish, const struct dataset *data,
                              int threads, struct error *error);

/* What follows from the rest of a fit: first where features are, then what they are called. */
void encoding_lay_out(struct encoding *encoding);
void encoding_name(struct encoding *encoding);

/* The place of a level that may be new; or ENCODING_NOWHERE. */
size_t encoding_place(const struct encoding *encoding, const struct encoded_column *column,
                      const char *level);

/* Is it one of the levels that were trained on? */
bool encoding_knows(const struct encoded_column *column, const char *level);

/* Which features (features) are 0 or 1, as levels and marks are; free with memory_free(). */
bool *encoding_flags(const struct encoding *encoding);

/* Turns the columns of a set, which must be those of the fit in their order, into features: dense,
 * or sparse where the set is, or that takes less memory and `sparse` allows it. Made of a matrix,
 * sparse rows store every number, also those that are 0 (data->numbers_stored). Its table becomes
 * NULL and its encoding a copy of this one. What is not as in training is noted in data->notes; or,
 * where there is no way to encode it, an error (false). `whose`: what to call the rows in a note.
 */
bool encoding_apply(const struct encoding *encoding, struct dataset *data, bool sparse,
                    const char *whose, int threads, struct error *error);

/* "'age' (3 rows), 'sex' (1 row) and 7 more": columns with missing values, from missing (columns).
 * Free with
 * memory_free(). */
char *encoding_list(const struct dataset *data, const size_t *missing);

#endif
