/* SPDX-License-Identifier: MIT
 *
 * The comparison as a JSON value, for reports that hold it among other things.
 */
#ifndef DESCENT_REPORT_COMPARISON_COMPARISON_JSON_H
#define DESCENT_REPORT_COMPARISON_COMPARISON_JSON_H

#include "report/comparison/comparison.h"

#include <jansson.h>

/* What comparison_json() prints, of the first `problems` problems and without the crossover. Never
 * NULL; the caller owns it. */
json_t *comparison_to_json(const struct comparison *comparison, size_t problems);

#endif
