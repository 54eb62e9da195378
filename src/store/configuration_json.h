/* SPDX-License-Identifier: MIT
 *
 * A configuration as a JSON object: one member for each row of hyperparameters[], in their order
 * and under the names of the store's columns. Choices are texts; what does not apply to the solver
 * or the schedule is null, and so is "never" (an infinite number).
 */
#ifndef DESCENT_STORE_CONFIGURATION_JSON_H
#define DESCENT_STORE_CONFIGURATION_JSON_H

#include "solvers/hyperparameter.h"

#include <jansson.h>

/* Never NULL; the caller owns it (json_decref). */
json_t *configuration_to_json(const struct configuration *configuration);

#endif
