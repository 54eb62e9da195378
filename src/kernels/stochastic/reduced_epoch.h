/* SPDX-License-Identifier: MIT
 *
 * One epoch of SGD with reduced variance, for k models: a step follows what its sample has that a
 * table does not yet know. The table keeps of every sample a residual t_i, and A, a are the mean
 * gradient of the table, A = X' t / n and a = sum t / n. For i in order, with the sigmoid p of
 * z_i = x_i . w + b before the step and the weight c of the class of y_i,
 *
 *     r = c (p - y_i)
 *     w <- w - rate ((r - t_i) x_i + A + lambda w)
 *     b <- b - rate ((r - t_i) + a)
 *
 * Two methods differ only in what becomes of the table:
 *
 *     SAGA  A <- A + (r - t_i) x_i / n,  a <- a + (r - t_i) / n,  t_i <- r     after each step
 *     SVRG  nothing: it is that of a snapshot, until the next one
 *
 * (Defazio, Bach and Lacoste-Julien, NIPS 2014; Johnson and Zhang, NIPS 2013.) reduced_fill() makes
 * a table from models: SVRG's snapshot, and what SAGA may start from.
 *
 * Dense rows cost 2 d a step. Sparse ones cost what they store: see reduced_sparse.c. The bits of a
 * model depend neither on its company nor on the number of threads.
 */
#ifndef DESCENT_KERNELS_STOCHASTIC_REDUCED_EPOCH_H
#define DESCENT_KERNELS_STOCHASTIC_REDUCED_EPOCH_H

#include "kernels/kernel_problem.h"

#include <stdbool.h>
#include <stdint.h>

struct reduced_table {
    double *residuals; /* (n, k) t */
    double *A;         /* (d, k) */
    double *a;         /* (k) */
};

struct spare_work; /* kernels/shares.h */

struct reduced_epoch {
    const uint32_t *order; /* (n) row numbers, some perhaps repeated, or NULL: as they lie */
    const double *rates;   /* (k) */
    const double *lambdas; /* (k) */
    struct reduced_table table;
    bool update;                    /* SAGA; otherwise SVRG */
    const struct spare_work *spare; /* for a thread that helps another, when it is done; or NULL */
};

struct reduced; /* the workspace */

/* Threads take groups of models; on sparse data others help them (reduced_ahead.h). */
struct reduced *reduced_create(const struct kernel_problem *problem);
void reduced_free(struct reduced *reduced); /* NULL is allowed */

/* Bytes that such a workspace takes; the table is the caller's. */
double reduced_bytes(const struct kernel_problem *problem);

void reduced_run(struct reduced *reduced, const struct reduced_epoch *epoch,
                 const struct models *models);

/* t = c (p - y) of every sample at these models, t (n, k). With them belong A = G / n and a = gb /
 * n from a pass at the same models. */
void reduced_fill(const struct dataset *data, const struct models *models, double *residuals,
                  int threads);

#endif
