/* SPDX-License-Identifier: MIT
 *
 * The standard normal distribution.
 */
#ifndef DESCENT_MEASURE_STATISTICS_NORMAL_H
#define DESCENT_MEASURE_STATISTICS_NORMAL_H

/* P(Z > z). */
double normal_tail(double z);

/* The z with P(Z > z) = tail, 0 < tail < 1, to the last few digits. */
double normal_critical(double tail);

#endif
