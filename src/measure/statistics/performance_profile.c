/* SPDX-License-Identifier: MIT
 *
 * rho_s(tau) by counting, one point of it at a time: a report asks for a few.
 */
#include "measure/statistics/performance_profile.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>

static double least(const double *values, size_t count)
{
    double found = INFINITY;
    for (size_t i = 0; i < count; i++)
        found = fmin(found, values[i]);
    return found;
}

void performance_profile_find_best(const double *seconds, size_t problems, size_t sides,
                                   double *best)
{
    for (size_t p = 0; p < problems; p++)
        best[p] = least(seconds + p * sides, sides);
}

double performance_profile_share_of(const double *seconds, const double *best, size_t problems,
                                    size_t sides, size_t side, double factor)
{
    assert(side < sides && factor >= 1.0);
    size_t solved = 0, within = 0;
    for (size_t p = 0; p < problems; p++) {
        double value = seconds[p * sides + side];
        if (isinf(best[p]))
            continue;
        solved++;
        within += isfinite(value) && value <= factor * best[p];
    }
    return solved > 0 ? (double)within / (double)solved : NAN;
}

double performance_profile_share(const double *seconds, size_t problems, size_t sides, size_t side,
                                 double factor)
{
    double *best = memory_allocate_untouched(problems, sizeof *best);
    performance_profile_find_best(seconds, problems, sides, best);
    double share = performance_profile_share_of(seconds, best, problems, sides, side, factor);
    memory_free(best);
    return share;
}
