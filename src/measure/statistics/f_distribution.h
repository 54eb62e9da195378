/* SPDX-License-Identifier: MIT
 *
 * Fisher's F distribution: of the ratio of two independent estimates of one variance, with `first`
 * and `second` degrees of freedom. With first = 1 it is the square of Student's t.
 */
#ifndef DESCENT_MEASURE_STATISTICS_F_DISTRIBUTION_H
#define DESCENT_MEASURE_STATISTICS_F_DISTRIBUTION_H

/* P(F > f), f >= 0; degrees of freedom > 0. */
double f_tail(double f, double first, double second);

/* The f with P(F > f) = alpha, 0 < alpha < 1. */
double f_critical(double alpha, double first, double second);

#endif
