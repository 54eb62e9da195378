/* SPDX-License-Identifier: MIT
 *
 * The largest curvature of the mean loss, L = lambda_max([X 1]' C [X 1]) / (4n) with C the weights
 * of classes (1, unless they are balanced): full-batch gradient descent cannot be shown to descend
 * with a rate of 2 / (L + lambda) or more.
 */
#ifndef DESCENT_SOLVERS_CURVATURE_H
#define DESCENT_SOLVERS_CURVATURE_H

#include "data/dataset.h"

/* The true L is at least what curvature_largest() returns, but for rounding, and less than this
 * share more, but for a chance of 1e-9 in the choice of a start vector. */
#define CURVATURE_TOLERANCE 1e-3

/* L from below, with `threads` threads; infinite where it is beyond a double. */
double curvature_largest(const struct dataset *data, int threads);

#endif
