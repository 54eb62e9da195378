/* SPDX-License-Identifier: MIT
 *
 * The largest curvature of the mean loss, L = lambda_max([X 1]' C [X 1]) / (4n) with C the weights
 * of classes (1, unless they are balanced): full-batch gradient descent cannot be shown to descend
 * with a rate of 2 / (L + lambda) or more.
 */
#ifndef DESCENT_SOLVERS_CURVATURE_H
#define DESCENT_SOLVERS_CURVATURE_H

#include "data/dataset.h"

/* L by the power method with `threads` threads, from below (a Rayleigh quotient), to about 1e-4
 * relative or `passes` passes over the data, whichever comes first. */
double curvature_largest(const struct dataset *data, int passes, int threads);

#endif
