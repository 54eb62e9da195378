/* SPDX-License-Identifier: MIT
 *
 * Directions along which the loss of unregularised logistic regression falls for ever: (v, c) with
 * s_i (x_i . v + c) >= 0 for all samples, s = +1 for class 1 and -1 for class 0, and > 0 for one.
 * They prove that there is no finite minimiser (Albert and Anderson, Biometrika 1984). That none is
 * found proves nothing.
 */
#ifndef DESCENT_SOLVERS_SEPARATION_H
#define DESCENT_SOLVERS_SEPARATION_H

#include "data/dataset.h"

/* Is a single feature such a direction: of one sign, or zero, in class 1, and of the other, or
 * zero, in class 0? `reason` says which. */
bool separation_by_feature(const struct dataset *data, char *reason, size_t size);

/* Is this direction (d + 1), the bias last, one of them, up to rounding? */
bool separation_along(const struct dataset *data, const double *direction, char *reason,
                      size_t size);

#endif
