/* SPDX-License-Identifier: MIT
 *
 * Order statistics of a few samples. Timings are skewed and have outliers on one side, so the
 * middle and the range are told, not mean and standard deviation.
 *
 * No value may be NaN: a sample that is missing is left out by the caller, who then says how many
 * there were. Infinity is allowed, and is what a censored sample ("not reached") is: the median is
 * finite as long as more than half of the samples are. Without samples, the result is NaN.
 */
#ifndef DESCENT_MEASURE_STATISTICS_H
#define DESCENT_MEASURE_STATISTICS_H

#include <stddef.h>

/* The `share` quantile, share in [0, 1], interpolated linearly between the order statistics (type 7
 * of Hyndman and Fan, "Sample quantiles in statistical packages", 1996). `values` (count). */
double statistics_quantile(const double *values, size_t count, double share);

double statistics_median(const double *values, size_t count);

/* Half the range between the smallest and the largest value, as a share of the median; 0 for one
 * value. What "1.2 s +-5 %" shows of a handful of repeats. */
double statistics_spread(const double *values, size_t count);

#endif
