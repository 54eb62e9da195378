/* SPDX-License-Identifier: MIT
 *
 * Values are sorted in a copy; there are as many as a trial has repeats.
 */
#include "measure/statistics.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double statistics_quantile(const double *values, size_t count, double share)
{
    assert(share >= 0.0 && share <= 1.0);
    if (count == 0)
        return NAN;
    double *sorted = memory_allocate_untouched(count, sizeof *sorted);
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);

    double position = share * (double)(count - 1); /* h = (n - 1) p, from 0 */
    size_t below = (size_t)position;
    double part = position - (double)below;
    double quantile = sorted[below];
    if (part > 0.0 && sorted[below + 1] > quantile) /* inf - inf is not a number */
        quantile += part * (sorted[below + 1] - quantile);
    memory_free(sorted);
    return quantile;
}

double statistics_median(const double *values, size_t count)
{
    return statistics_quantile(values, count, 0.5);
}

double statistics_spread(const double *values, size_t count)
{
    double least = statistics_quantile(values, count, 0.0);
    double largest = statistics_quantile(values, count, 1.0);
    double median = statistics_median(values, count);
    return largest > least ? 0.5 * (largest - least) / median : 0.0 * median;
}
