/* SPDX-License-Identifier: MIT
 *
 * Rows that were scaled already. A file of data cannot say that its rows were scaled before they
 * were written; a model that scales would do so twice, and predict nonsense without a word.
 */
#ifndef DESCENT_DATA_PREPARATION_SCALING_AGAIN_H
#define DESCENT_DATA_PREPARATION_SCALING_AGAIN_H

#include "data/preparation/scaling.h"

#include <stddef.h>

/* Do rows that are to be scaled by `scaling` look as if they had been? Then the feature that shows
 * it most, from 0; otherwise data->features. Looks at all values once. */
size_t scaling_again(const struct scaling *scaling, const struct dataset *data);

#endif
