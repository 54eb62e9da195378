/* SPDX-License-Identifier: MIT
 *
 * With x(0) <= ... <= x(n-1), the quantile of type 7 lies at position h = (n - 1) q:
 *
 *     Q(q) = x(floor h) + (h - floor h) (x(floor h + 1) - x(floor h))
 */
#include "measure/statistics/statistics.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

void sort_ascending(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
}

static double interpolate(const double *sorted, size_t count, double q)
{
    double h = (double)(count - 1) * q;
    size_t below = (size_t)h, above = below + 1 < count ? below + 1 : below;
    double low = sorted[below], high = sorted[above], share = h - (double)below;
    /* Without a distance to go there is nothing to add; with infinities 0 * inf would be NaN. */
    if (share == 0.0 || low == high)
        return low;
    return low + share * (high - low);
}

double quantile(const double *values, size_t count, double q)
{
    assert(q >= 0.0 && q <= 1.0);
    for (size_t i = 0; i < count; i++)
        if (isnan(values[i]))
            return NAN;
    if (count == 0)
        return NAN;
    double *sorted = memory_allocate_untouched(count, sizeof *sorted);
    memcpy(sorted, values, count * sizeof *sorted);
    sort_ascending(sorted, count);
    double value = interpolate(sorted, count, q);
    memory_free(sorted);
    return value;
}

double median(const double *values, size_t count)
{
    return quantile(values, count, 0.5);
}
