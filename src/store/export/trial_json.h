/* SPDX-License-Identifier: MIT
 *
 * Configurations and traces as JSON, one way for all that is written: model files, exports and
 * `descent train --format json`.
 */
#ifndef DESCENT_STORE_EXPORT_TRIAL_JSON_H
#define DESCENT_STORE_EXPORT_TRIAL_JSON_H

#include "solvers/hyperparameter.h"
#include "solvers/trial.h"
#include "store/trial_columns.h"

#include <jansson.h>

/* The value of a hyper-parameter: a number or the name of a choice; null where it does not apply or
 * sets no limit. */
json_t *hyperparameter_to_json(const struct hyperparameter *row,
                               const struct configuration *configuration);

/* An object with a key for every hyper-parameter, named as the store's columns are. Never NULL; the
 * caller owns it.
 */
json_t *configuration_to_json(const struct configuration *configuration);

/* What a column says of a trial; null where it says nothing. Never NULL; the caller owns it. */
json_t *column_to_json(const struct trial_column *column, const struct stored_trial *row);

/* An object of arrays, one a field of struct trace_point; numbers that are not finite are null.
 * Never NULL; the caller owns it. */
json_t *trace_to_json(const struct trace *trace, double optimum);

#endif
