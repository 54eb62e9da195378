/* SPDX-License-Identifier: MIT
 *
 * A configuration as JSON, one way for all that is written: model files, exports, descent train.
 */
#ifndef DESCENT_STORE_CONFIGURATION_JSON_H
#define DESCENT_STORE_CONFIGURATION_JSON_H

#include "solvers/hyperparameter.h"

#include <jansson.h>

/* An object with a key for every hyper-parameter, named as the store's columns are: a number, or
 * the name of a choice. null: does not apply, or no limit (an infinite number). New reference. */
json_t *configuration_json(const struct configuration *configuration);

/* A number; null where JSON has none (NaN, infinite). New reference. */
json_t *json_number_or_null(double number);

/* An array of `count` numbers. New reference. */
json_t *json_numbers(const double *numbers, size_t count);

#endif
