/* SPDX-License-Identifier: MIT
 *
 * Weights of classes: `balanced` makes a rare class count as much as a frequent one, n / (2 n_c)
 * for each of the n_c rows of class c; their mean over all rows is 1.
 */
#ifndef DESCENT_DATA_PREPARATION_WEIGHTING_H
#define DESCENT_DATA_PREPARATION_WEIGHTING_H

#include "base/error.h"
#include "base/table.h"
#include "data/dataset.h"

#include <stdbool.h>

extern const struct table weighting_table;
extern const struct entry weighting_none;

/* Weights the classes of a set by a row of the table. Rows held out get the same weights: their
 * loss is then the same mean as that of the rows trained on. False, with an error, when there are
 * no two classes to be balanced. */
bool weighting_apply(const struct entry *method, struct dataset *data, struct error *error);

#endif
