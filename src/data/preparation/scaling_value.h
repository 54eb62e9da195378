/* SPDX-License-Identifier: MIT
 *
 * Scaling of one value, and features that are constant but for rounding: 0.3 in one row and
 * 0.30000000000000004 in the next, as it comes from adding up tenths. Divided by such a deviation
 * they would be a feature made of rounding errors, and 0.31 would be 1e15 deviations away. As in
 * scikit-learn (StandardScaler, MinMaxScaler), what varies by about 10 units in the last place of
 * its largest value is a constant and is not divided by anything. The limit is relative, so that
 * the unit of a feature is no matter.
 */
#ifndef DESCENT_DATA_PREPARATION_SCALING_VALUE_H
#define DESCENT_DATA_PREPARATION_SCALING_VALUE_H

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* The rounding of a deviation, relative to the largest value. A range is twice a deviation, or
 * more. */
#define SCALING_ROUNDING (10.0 * DBL_EPSILON)

/* Is a feature constant but for rounding? `deviation`: 0 where it is not known. */
static inline bool scaling_is_constant(double minimum, double maximum, double deviation)
{
    double size = fmax(fabs(minimum), fabs(maximum));
    return minimum == maximum || maximum - minimum <= 2.0 * SCALING_ROUNDING * size ||
           (deviation > 0.0 && deviation <= SCALING_ROUNDING * size);
}

/* (x - offset) / factor. A value of a constant, whose factor is 1, is 0 and not what rounding left
 * of it, so that its weight is moved by nothing. */
static inline double scaling_value(double x, double offset, double factor)
{
    double distance = x - offset;
    bool rounding = factor == 1.0 && fabs(distance) <= 2.0 * SCALING_ROUNDING * fabs(offset);
    return rounding ? 0.0 : distance / factor;
}

#endif
