/* SPDX-License-Identifier: MIT
 *
 * Columns by name. Weights, and what is encoded, go by position; where a set and a model both have
 * names, the columns of the set are brought into the model's order, whatever theirs is, and others
 * are left out.
 */
#ifndef DESCENT_DATA_PREPARATION_COLUMNS_ORDER_H
#define DESCENT_DATA_PREPARATION_COLUMNS_ORDER_H

#include "base/error.h"
#include "data/dataset.h"

#include <stddef.h>

/* Makes the columns of these names (count), in this order, those of a set that has names; what is
 * left out is noted. A set that has them already stays as it is. False, with an error, when a name
 * is not there, or there is no memory for a copy. */
bool columns_order(struct dataset *data, char *const *names, size_t count, int threads,
                   struct error *error);

#endif
