/* SPDX-License-Identifier: MIT
 *
 * An epoch of one-sample SGD for k models in parallel. A model's steps wait for each other, those
 * of two models do not: threads take groups of models. Every kernel gives a model the same bits in
 * any group, so the number of threads changes nothing.
 */
#ifndef DESCENT_KERNELS_STOCHASTIC_SGD_H
#define DESCENT_KERNELS_STOCHASTIC_SGD_H

#include "kernels/kernel.h"

struct sgd; /* the workspace */

struct sgd_shape {
    const struct kernel *kernel; /* one that has an sgd_epoch */
    const struct dataset *data;
    size_t models; /* at most */
    int threads;
};

struct sgd *sgd_create(const struct sgd_shape *shape);
void sgd_free(struct sgd *sgd); /* NULL is allowed */

/* Bytes that such a workspace takes. */
double sgd_bytes(const struct sgd_shape *shape);

void sgd_run(struct sgd *sgd, const struct sgd_epoch *epoch, const struct models *models);

#endif
