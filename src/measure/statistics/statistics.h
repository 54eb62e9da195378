/* SPDX-License-Identifier: MIT
 *
 * Statistics of few samples, as times of repeats are: order statistics, which one disturbed repeat
 * does not move far, where a mean would follow it.
 *
 * Infinity is a value: a repeat that never reached its target is later than any that did. NaN is
 * not: no values, or a NaN among them, give NaN, because a sample that is missing without a word
 * would change what the others say.
 */
#ifndef DESCENT_MEASURE_STATISTICS_STATISTICS_H
#define DESCENT_MEASURE_STATISTICS_STATISTICS_H

#include <stddef.h>

/* Sorts values (count) ascending; none may be NaN. */
void sort_ascending(double *values, size_t count);

/* The value that half of values (count) do not exceed; between the two in the middle, their mean.
 * `values` need no order and stay as they are. */
double median(const double *values, size_t count);

/* The quantile of share q in [0, 1] by linear interpolation: type 7 of Hyndman and Fan, "Sample
 * quantiles in statistical packages", The American Statistician 1996. q = 0 is the least value, 0.5
 * the median, 1 the largest. */
double quantile(const double *values, size_t count, double q);

#endif
