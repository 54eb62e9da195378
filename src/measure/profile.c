/* SPDX-License-Identifier: MIT
 *
 * rho_s(tau) by counting, one point of it at a time: a report asks for a few.
 */
#include "measure/profile.h"

#include <assert.h>
#include <math.h>

static double least(const double *values, size_t count)
{
    double found = INFINITY;
    for (size_t i = 0; i < count; i++)
        found = fmin(found, values[i]);
    return found;
}

double profile_share(const double *seconds, size_t problems, size_t sides, size_t side,
                     double factor)
{
    assert(side < sides && factor >= 1.0);
    size_t solved = 0, within = 0;
    for (size_t p = 0; p < problems; p++) {
        const double *row = seconds + p * sides; /* (sides) */
        double best = least(row, sides);
        if (isinf(best))
            continue;
        solved++;
        within += isfinite(row[side]) && row[side] <= factor * best;
    }
    return solved > 0 ? (double)within / (double)solved : NAN;
}
