/* SPDX-License-Identifier: MIT
 *
 * An epoch of one-sample SGD for k models in parallel. A model's steps wait for each other, those
 * of two models do not: threads take groups of models, or, where there are too few for all threads
 * and the kernel has slices of long rows, features. Every kernel gives a model the same bits in any
 * group and by any threads, so the number of threads changes nothing.
 */
#ifndef DESCENT_KERNELS_STOCHASTIC_SGD_H
#define DESCENT_KERNELS_STOCHASTIC_SGD_H

#include "kernels/kernel_problem.h"

struct sgd; /* the workspace */

/* The problem has a kernel for it. */
struct sgd *sgd_create(const struct kernel_problem *problem);
void sgd_free(struct sgd *sgd); /* NULL is allowed */

/* Bytes that such a workspace takes. */
double sgd_bytes(const struct kernel_problem *problem);

void sgd_run(struct sgd *sgd, const struct sgd_epoch *epoch, const struct models *models);

#endif
