/* SPDX-License-Identifier: MIT
 *
 * What tuning costs a side: the time of the best of so many configurations tried. The best of 100
 * configurations beside the best of 3 says more of the number than of the sides; how the best falls
 * with the number tried can be compared at any number.
 *
 * Reference: Dodge, Gururangan, Card, Schwartz and Smith, "Show your work: improved reporting of
 * experimental results", EMNLP 2019, who tell the mean of the best, drawn with replacement. Here it
 * is the median, because configurations that never arrive would make any mean infinite, and without
 * replacement, because no configuration is tried twice.
 */
#ifndef DESCENT_MEASURE_STATISTICS_TUNING_H
#define DESCENT_MEASURE_STATISTICS_TUNING_H

#include <stddef.h>

/* The median of the least of `tried` values drawn without replacement from `sorted` (count):
 * seconds, ascending, INFINITY (missed) last. 1 <= tried <= count. Where half of all draws end at
 * one value and half further on, the mean of the two, as median() has it. */
double best_after(const double *sorted, size_t count, size_t tried);

#endif
