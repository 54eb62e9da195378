/* SPDX-License-Identifier: MIT
 *
 * What a cross-validation says of a configuration, as JSON: for each measure an object of its mean
 * and its standard error.
 */
#ifndef DESCENT_STORE_FOLD_JSON_H
#define DESCENT_STORE_FOLD_JSON_H

#include "measure/statistics/fold_mean.h"

#include <jansson.h>

/* Adds a key for each measure to an object. */
void fold_means_set(json_t *object, const struct fold_means *means);

#endif
