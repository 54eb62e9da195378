/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD without a call a sample.
 */
#ifndef DESCENT_KERNELS_SGD_H
#define DESCENT_KERNELS_SGD_H

#include "kernels/kernel.h"

/* The sgd_epoch of kernels whose speed matters: one model after the other, weights in registers
 * where d is small. */
void sgd_epoch_inlined(const struct sgd_epoch *epoch, const struct models *models);

#endif
