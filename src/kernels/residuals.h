/* SPDX-License-Identifier: MIT
 *
 * The middle of a pass, between the two products: what kernels share.
 */
#ifndef DESCENT_KERNELS_RESIDUALS_H
#define DESCENT_KERNELS_RESIDUALS_H

#include "kernels/kernel.h"

/* Turns sums Z (rows, k) = x.w + b into residuals sigmoid(Z) - y, and adds the rows' losses,
 * correct predictions and residuals to `sums`. y (rows). */
void residuals(size_t rows, size_t models, const double *y, double *Z,
               const struct pass_sums *sums);

#endif
