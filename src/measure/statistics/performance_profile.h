/* SPDX-License-Identifier: MIT
 *
 * Performance profiles: how the sides of a comparison do over many problems at once. At each
 * problem a side's time is divided by the best time of all sides; the profile of a side is the
 * share of the problems at which this is within a factor tau:
 *
 *     rho_s(tau) = |{p: t(p, s) <= tau min over s' of t(p, s')}| / |{p: some side arrived}|
 *
 * rho_s(1) is how often s is the best; for large tau it is how often it arrives at all. Unlike a
 * mean of times or of ratios, it is not ruled by the largest problem, and misses need no number. It
 * compares each side with the best, whoever that is: with another set of sides, the order of two of
 * them can change (Gould and Scott, "A note on performance profiles for benchmarking software", ACM
 * Transactions on Mathematical Software 2016).
 *
 * Reference: Dolan and More, "Benchmarking optimization software with performance profiles",
 * Mathematical Programming 2002. By their definition problems that no side solved stay in the
 * denominator; here they are left out, for they say nothing of the sides. Who reports shares says
 * how many those are.
 */
#ifndef DESCENT_MEASURE_STATISTICS_PERFORMANCE_PROFILE_H
#define DESCENT_MEASURE_STATISTICS_PERFORMANCE_PROFILE_H

#include <stddef.h>

/* The share of problems at which the time of `side` is within `factor` (>= 1) of the best of all
 * sides, its own among them. seconds (problems, sides): > 0, row-major, INFINITY where a side never
 * arrived, which no factor makes good. NaN when no side arrived at any problem. */
double performance_profile_share(const double *seconds, size_t problems, size_t sides, size_t side,
                                 double factor);

/* For many points of one profile: the best of each problem, best (problems), and the share with
 * them. */
void performance_profile_find_best(const double *seconds, size_t problems, size_t sides,
                                   double *best);
double performance_profile_share_of(const double *seconds, const double *best, size_t problems,
                                    size_t sides, size_t side, double factor);

#endif
