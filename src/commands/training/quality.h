/* SPDX-License-Identifier: MIT
 *
 * What train and predict say of the quality of a classifier: the measures of
 * measure/statistics/classification.h and the confusion matrix, on the rows trained on, on those
 * held out and on those predicted. Every row counts 1 in them, unless predict is told otherwise:
 * class weights are for training, and the rows that a model will meet are not weighted.
 */
#ifndef DESCENT_COMMANDS_QUALITY_H
#define DESCENT_COMMANDS_QUALITY_H

#include "base/error.h"
#include "data/dataset.h"
#include "measure/statistics/classification.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* The help of --threshold, which train and predict have, and its value. */
#define THRESHOLD_OPTION                                                                           \
    {                                                                                              \
        .entry = {"threshold", "say class 1 where its probability is above this"},                 \
        .argument = "P", .fallback = "0.5"                                                         \
    }
bool quality_threshold(const char *text, double *threshold, struct error *error);

/* One set of rows, and what it is called. */
struct quality {
    const char *of;
    bool measured; /* else it was not: no labels, rows on several ranks, weights that are not
                    * finite, no memory */
    struct classification measures;
};

/* Measures a model on a set, NULL: there is none. `weighted`: rows count what the set's class
 * weights say. A shortage of memory is told on stderr. */
struct quality quality_of(const struct dataset *data, const char *of, const double *w, double b,
                          double threshold, bool weighted);

/* A table of those that were measured, with a blank line above; nothing where there is none. */
void quality_tell(const struct quality *sets, size_t count, char *const class_names[2], FILE *out);

/* An object: the threshold, every measure by its key, null where it is not defined, and the
 * confusion matrix. null where it was not measured. */
json_t *quality_to_json(const struct quality *quality, char *const class_names[2]);

#endif
