/* SPDX-License-Identifier: MIT
 *
 * Reading numbers and doing nothing but adding them up: what a pass over the data for one model
 * cannot beat.
 */
#ifndef DESCENT_MEASURE_CEILINGS_READ_PASS_H
#define DESCENT_MEASURE_CEILINGS_READ_PASS_H

#include <stddef.h>

/* The sum of x (count) in so many turns, each of which reads all of it and adds it again, by this
 * thread alone. The last bits depend on how wide the vectors of this build are. */
double read_sum(const double *x, size_t count, int turns);

/* The sum of x (count) by a team, each thread a contiguous share, the same every time. */
double read_pass(const double *x, size_t count, int threads);

#endif
