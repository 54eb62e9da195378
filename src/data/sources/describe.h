/* SPDX-License-Identifier: MIT
 *
 * The description of a data set: what a careful person looks at before training on it.
 */
#ifndef DESCENT_DATA_SOURCES_DESCRIBE_H
#define DESCENT_DATA_SOURCES_DESCRIBE_H

#include "data/dataset.h"

#include <stdbool.h>
#include <stdio.h>

enum { DESCRIBE_FEATURES = 20 }; /* that are shown unless all are asked for */

struct feature_summary {
    double minimum, maximum;
    double mean, deviation; /* population standard deviation: divided by n */
    size_t nonzero;         /* values that are not 0 */
};

/* The summaries of all features (d); the same bits for any number of threads. Free with
 * memory_free(). */
struct feature_summary *describe_features(const struct dataset *data, int threads);

/* The memory that takes: features may be billions in a sparse set. */
double describe_bytes(const struct dataset *data);

/* The two features that vary whose deviations are farthest apart. */
struct feature_scales {
    size_t wide, narrow;
    long double ratio; /* of their deviations, which may be beyond the range of doubles */
};

/* Are they so far apart that scaling is advised? And the scale that is, for such a set. */
bool describe_scales(const struct dataset *data, const struct feature_summary *summaries,
                     struct feature_scales *scales);
const char *describe_scale_advised(const struct dataset *data);

/* Prints rows, features, classes and their mapping, density, missing values, a table of features,
 * constant ones, and advice when scales are far apart. `title`: what to call the set. */
void describe_print(const struct dataset *data, const char *title, bool all, int threads,
                    FILE *file);

#endif
