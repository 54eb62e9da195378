/* SPDX-License-Identifier: MIT
 *
 * A data set: rows of features and a label in {0, 1}. It is read once and never written again
 * while models are trained on it, so threads share it without locks.
 *
 * Features are either dense, a matrix X (n, d) row-major, or sparse, compressed sparse rows (CSR):
 * row i has the values values[starts[i]] .. values[ends[i] - 1] in the columns beside them, and
 * zeros elsewhere. Loops that must be fast look at the arrays; all others ask dataset_sample() and
 * sample_value(), and do not care.
 */
#ifndef DESCENT_DATA_DATASET_H
#define DESCENT_DATA_DATASET_H

#include "base/digest.h"
#include "base/error.h"
#include "base/parallel/ranks.h"
#include "data/columns.h"
#include "data/incidence.h"
#include "data/mapping.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* How the columns of a file were told apart. A model keeps it, so that what it predicts is read
 * alike. */
struct columns_found {
    bool header;        /* the first line has the names of columns */
    bool decimal_comma; /* numbers were written with a comma */
    char delimiter;     /* between fields; NUL: the format has none, or there was no file */
    size_t label;       /* column of the label, from 1; 0: labels are in no column of their own */
    char *label_name;   /* its name in the header, or NULL */
};

/* A fit: everything that is needed to scale other rows in the same way. */
struct scaling {
    const struct entry *method; /* a row of scale_table (preparation/scaling.h), not `none` */
    size_t features;            /* d */
    double *offset;             /* (d) subtracted first, or NULL: nothing is */
    double *factor;             /* (d) then divided by, never 0; or NULL */
};

void scaling_free(struct scaling *scaling); /* NULL is allowed */

/* The values of X in fewer bits, which training reads (precision.h); all zero: it reads X. They may
 * be the singles of a set, and are not its own then. Of sparse rows they are the values alone. */
struct stored {
    const struct entry *precision; /* a row of precision_table, not `float64`; without values: there
                                    * is nothing to store, as all are 1 */
    size_t width;                  /* bytes of a value */
    void *values;   /* (n, d) row-major, or (nnz), and STORED_BEHIND bytes that may be read behind
                       them */
    double *units;  /* (d) what a 1 of each column stands for; NULL: 1 */
    double largest; /* of what stands there, without its sign, at most */
    bool refine;    /* training ends with passes over X */
};

enum { STORED_BEHIND = 64 };

struct dataset {
    size_t rows;          /* n */
    size_t features;      /* d */
    double *X;            /* (n, d) row-major; NULL: sparse, or singles */
    const float *singles; /* (n, d) row-major, in place of X: a file of float32 that stays as it
                           * lies (precision.h); NULL: it is not */
    struct mapping
        *mapping; /* the file that X or sparse rows lie in, which memory has no copy of */
    double *y;    /* (n), 0 or 1; NULL: a set without labels, to be predicted */
    struct stored stored;

    size_t *starts;    /* (n + 1) sparse: where rows begin, ... */
    size_t *ends;      /* (n) ... and end; the whole of a set has ends = starts + 1 */
    uint32_t *columns; /* (nnz) ascending within a row, from 0 */
    double *values;    /* (nnz) */
    struct incidence
        *incidence; /* the same once more, laid out for passes (incidence.h); or NULL */

    /* What a sample's loss and residual count, by its label: 1 and 1, unless classes are weighted.
     * The mean over n samples is unchanged by a class's share: n0 weights[0] + n1 weights[1] = n.
     */
    double class_weights[2];

    struct data_columns *table; /* (features) what X holds until it is encoded (columns.h); NULL:
                                 * numbers, of which none is missing */

    bool numbers_stored;       /* sparse: in columns of numbers the zeros are stored too */
    struct encoding *encoding; /* what columns were turned into these features, or NULL: each is a
                                * column as it was */
    struct scaling *scaling;   /* what was done to the features then, or NULL: nothing */
    struct dataset *heldout;   /* rows kept from training (splitting.h), scaled and weighted alike,
                                * or NULL: none */

    /* For a data set that is distributed over ranks (source.h) these are the rows of one rank;
     * NULL: the whole set is here. */
    const struct ranks *ranks;
    size_t first_row;                 /* of the whole, that is here */
    size_t whole_rows, whole_entries; /* of all ranks together; see dataset_samples() */
    size_t blocks; /* of rows of the whole, for sums over all of them; 0: by its shape (chunks.h) */

    char *notes;        /* what was decided about the file for want of being told, a sentence a
                         * line, or NULL */
    bool *zeros;        /* (d) which features are 0 in all rows trained on; NULL: none is */
    size_t zeros_count; /* how many that are */
    bool gaps;          /* values were missing before they were filled, or rows dropped */

    char *cache; /* the file that keeps what was read, its size, and whether it was read from there
                  * or written; NULL: none does */

    struct columns_found found;
    char *name;               /* what to call it: the file's name or the generator's */
    char **feature_names;     /* (d), or NULL: then x1, x2, ... */
    char *class_names[2];     /* the texts in the file that became 0 and 1; [1] is NULL: only one */
    char digest[DIGEST_TEXT]; /* of what training sees: shape, features, labels, weights;
                               * and of the rows held out, sealed before; of the whole set,
                               * the same whether it is distributed or not */
};

/* Storage for n x d features and, if `labelled`, n labels; untouched, so that the threads that fill
 * it place its pages. Free with dataset_free(). */
struct dataset *dataset_create(size_t rows, size_t features, bool labelled);

/* Gives a set whose features lie in a mapped file features in memory, to be written to. Nothing
 * happens to others. False when memory is short. */
bool dataset_own(struct dataset *data, int threads, struct error *error);

/* Is the file that they lie in still what was read? An error (ERROR_FAILED) when it has changed. To
 * be asked before a result is recorded. */
bool dataset_is_unchanged(const struct dataset *data, struct error *error);

/* A dense set without labels around an X that lies in a mapping, which the caller adds; and around
 * singles that do. */
struct dataset *dataset_create_around(size_t rows, size_t features, double *X);
struct dataset *dataset_create_around_singles(size_t rows, size_t features, const float *singles);

/* Gives a set of singles an X in memory, of the same numbers, in their place. Nothing happens to
 * others. False when memory is short. */
bool dataset_widen(struct dataset *data, int threads, struct error *error);

/* The same around sparse rows. */
struct dataset *dataset_create_around_sparse(size_t rows, size_t features, size_t *starts,
                                             uint32_t *columns, double *values);

/* The same as dataset_create() for a sparse set with room for `nonzeros` values; starts[0] is 0. */
struct dataset *dataset_create_sparse(size_t rows, size_t features, size_t nonzeros, bool labelled);

/* Gives a set that was created for fewer rows or values room for so many; those kept are copied.
 * Its memory must have been checked. */
void dataset_grow(struct dataset *data, size_t kept, size_t rows, size_t kept_values,
                  size_t values);

/* Makes a sparse set dense, with `threads` threads, in the matrix of `dense`, a set of as many rows
 * and features, which is freed. */
void dataset_densify(struct dataset *data, struct dataset *dense, int threads);

/* Puts the features of another set, which is freed, in the place of those of `data`: numbers, not
 * names; as many rows. */
void dataset_replace_features(struct dataset *data, struct dataset *other);

void dataset_free(struct dataset *data); /* NULL is allowed */

/* Adds a sentence to notes, on a line of its own. */
void dataset_note(char **notes, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds all sentences of others, which are freed and may be NULL, behind those of notes. */
void dataset_notes_append(char **notes, char *others);

/* Puts the name of what they are about before all sentences, as readers do with their own. */
void dataset_notes_name(char **notes, const char *name);

/* Prints the notes of a set, which all ranks have and the first of them prints. */
void dataset_print_notes(const struct dataset *data, FILE *file);

/* Finds out which features are 0 in all rows, those of all ranks; they call it together. */
void dataset_find_zeros(struct dataset *data);

/* Computes data->digest, once all else is filled. */
void dataset_seal(struct dataset *data);

static inline bool dataset_is_sparse(const struct dataset *data)
{
    return data->starts != NULL;
}

/* Does training read values of fewer bits than X has? */
static inline bool dataset_is_stored(const struct dataset *data)
{
    return data->stored.values != NULL;
}

/* Bytes of a number as training reads it. */
static inline size_t dataset_width(const struct dataset *data)
{
    if (dataset_is_stored(data))
        return data->stored.width;
    return data->singles != NULL ? sizeof(float) : sizeof(double);
}

/* What a sample with the label y counts. */
static inline double class_weight(const struct dataset *data, double y)
{
    return data->class_weights[y > 0.5];
}

/* The numbers that are stored: n d, or nnz. */
static inline size_t dataset_entries(const struct dataset *data)
{
    return dataset_is_sparse(data) ? data->starts[data->rows] : data->rows * data->features;
}

/* Rows, and numbers that are stored, of the whole set: of all ranks, where it is distributed. What
 * is a mean over samples divides by the first. */
static inline size_t dataset_samples(const struct dataset *data)
{
    return data->ranks != NULL ? data->whole_rows : data->rows;
}

static inline size_t dataset_whole_entries(const struct dataset *data)
{
    return data->ranks != NULL ? data->whole_entries : dataset_entries(data);
}

/* One row: `count` values, as doubles or as singles, and the columns they are in; NULL: 0, 1, 2,
 * ... */
struct sample {
    size_t count;
    const double *values;
    const uint32_t *columns;
    const float *singles; /* in place of values; NULL: these are there */
};

static inline struct sample dataset_sample(const struct dataset *data, size_t i)
{
    const size_t d = data->features;
    if (data->X != NULL)
        return (struct sample){.count = d, .values = data->X + i * d};
    if (data->singles != NULL)
        return (struct sample){.count = d, .singles = data->singles + i * d};
    const size_t start = data->starts[i];
    return (struct sample){.count = data->ends[i] - start,
                           .values = data->values + start,
                           .columns = data->columns + start};
}

/* The rows [begin, begin + count) of a dense set as doubles (count, d). */
void dataset_rows(const struct dataset *data, size_t begin, size_t count, double *restrict rows);

/* The rows [begin, begin + count) of a labelled set as a set: a view, not to be freed. */
struct dataset dataset_slice(const struct dataset *data, size_t begin, size_t count);

/* The set as it was given: X alone, to all who look. A view, not to be freed. */
struct dataset dataset_as_given(const struct dataset *data);

static inline size_t sample_column(const struct sample *sample, size_t t)
{
    return sample->columns != NULL ? sample->columns[t] : t;
}

static inline double sample_value(const struct sample *sample, size_t t)
{
    return sample->singles != NULL ? (double)sample->singles[t] : sample->values[t];
}

/* x . w */
static inline double sample_dot(const struct sample *sample, const double *w)
{
    double sum = 0.0;
    for (size_t t = 0; t < sample->count; t++)
        sum += sample_value(sample, t) * w[sample_column(sample, t)];
    return sum;
}

/* w = w + c x */
static inline void sample_add(const struct sample *sample, double c, double *w)
{
    for (size_t t = 0; t < sample->count; t++)
        w[sample_column(sample, t)] += c * sample_value(sample, t);
}

/* The name of feature j, "x3" where the set gives it none: then it is composed in `buffer`. */
enum { DATASET_NAME = 24 };
const char *dataset_feature_name(const struct dataset *data, size_t j,
                                 char buffer[static DATASET_NAME]);

/* Bytes that X and y of such a set take, as a double because the product may overflow; and those of
 * a sparse one. */
double dataset_bytes(size_t rows, size_t features);
double dataset_bytes_sparse(size_t rows, size_t nonzeros);

#endif
