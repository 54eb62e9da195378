/* SPDX-License-Identifier: MIT
 *
 * Scaling of features: x' = (x - offset) / factor, one offset and one factor a feature, or each row
 * divided by its length. What is fitted on the training rows is applied to them, to the rows held
 * out and, from the model file, to whatever is predicted. The methods are the rows of scale_table
 * (descent list scales).
 */
#ifndef DESCENT_DATA_PREPARATION_SCALING_H
#define DESCENT_DATA_PREPARATION_SCALING_H

#include "base/error.h"
#include "base/table.h"
#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>

struct scaling_column; /* what a fit knows of a feature; scaling.c */

/* About how scaled values of a feature lie. */
struct scale_spread {
    double mean, deviation;
    double skew; /* how many times closer they may lie where a range was made their unit; or 1 */
};

struct scale {
    struct entry entry;
    bool offsets;               /* has offsets: zeros do not stay zeros */
    bool factors;               /* has factors */
    struct scale_spread spread; /* with factors only */
    void (*fit)(const struct scaling_column *column, double *offset, double *factor);
};

extern const struct table scale_table;
extern const struct scale scale_none;

/* How the values that it makes lie; NULL without factors, where scaling twice changes nothing. */
const struct scale_spread *scaling_spread(const struct scaling *scaling);

/* Room for the offsets and factors that the method has, not filled in. */
struct scaling *scaling_create(const struct entry *method, size_t features);

/* The row that an entry of scale_table is. */
const struct scale *scale_row(const struct entry *method);

/* Can a set of this kind be scaled so: do zeros stay zeros, or is none left out? */
bool scaling_suits(const struct entry *method, const struct dataset *data);

/* Fits to the rows of a set. Features that an encoding made 0 or 1 are left so. With the same bits
 * at any number of threads. NULL, with an error, when the set is sparse and the method would fill
 * it, or there is no memory. */
struct scaling *scaling_fit(const struct entry *method, const struct dataset *data, int threads,
                            struct error *error);

/* Scales a set in place, one that is mapped after dataset_own(), and notes that in data->scaling.
 * It must suit the method; see scaling_fold(). False, with an error, when a value becomes too large
 * for a double, or there is no memory for a copy. */
bool scaling_apply(const struct scaling *scaling, struct dataset *data, int threads,
                   struct error *error);

/* The model (w, b) of scaled rows as one of the rows as they are, to rounding:
 * w_raw = w / factor, b_raw = b - offset . w_raw; w_raw may be w. Not for `unit`, which has no such
 * model. */
void scaling_fold(const struct scaling *scaling, const double *w, double b, double *w_raw,
                  double *b_raw);

#endif
