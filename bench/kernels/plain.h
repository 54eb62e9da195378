/* SPDX-License-Identifier: MIT
 *
 * How a person would write it with OpenBLAS and OpenMP at hand and no other thought about the
 * machine: what the kernels have to be worth their trouble against. No row here is a straw man: the
 * loops are vectorised, the threads are used, and both are compiled as the kernels are.
 */
#ifndef DESCENT_BENCH_PLAIN_H
#define DESCENT_BENCH_PLAIN_H

#include "kernels/kernel.h"

/* Gives the BLAS library, and the loops of plain_gradient(), so many threads. Everything else here
 * expects 1 (threads_initialise), so this is to be set back. */
void plain_set_threads(int threads);

/* G (d, k) = X' (sigmoid(X W + b) - y): two dgemv over all of X with the sigmoid between them, one
 * model after the other. `scratch` holds plain_scratch() doubles. */
void plain_gradient(const struct dataset *data, const struct models *models, double *G,
                    double *scratch);
size_t plain_scratch(size_t rows, size_t features);

/* One epoch of one-sample SGD with the sigmoid, one model after the other. */
void plain_sgd_epoch(const struct sgd_epoch *epoch, const struct models *models);

#endif
