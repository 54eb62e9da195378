/* SPDX-License-Identifier: MIT
 *
 * Second derivatives of the mean loss of one model, for Newton's method. With c_y the weight of a
 * sample's class,
 *
 *     H = [X 1]' D [X 1] / n,    D_i = c_y p_i (1 - p_i)
 *
 * of size d + 1, the bias last. The regularisation is not in it: lambda on the first d diagonal
 * elements is the caller's. hessian_multiply() needs no H, only two products with X; the matrix
 * itself is for a few hundred features at most.
 *
 * Rows are cut and added up as in a pass (chunks.h): the same bits at any number of threads.
 */
#ifndef DESCENT_KERNELS_HESSIAN_H
#define DESCENT_KERNELS_HESSIAN_H

#include "data/dataset.h"
#include "kernels/models.h"

struct hessian; /* D, and the workspace */

struct hessian *hessian_create(const struct dataset *data, int threads);
void hessian_free(struct hessian *hessian); /* NULL is allowed */

/* Bytes that it takes, and those that hessian_matrix() takes beside them from its first call on. */
double hessian_bytes(const struct dataset *data);
double hessian_matrix_bytes(const struct dataset *data, int threads);

/* D at a model, the only one of `models`. */
void hessian_set(struct hessian *hessian, const struct models *models);

/* out = H v, both (d + 1). */
void hessian_multiply(struct hessian *hessian, const double *v, double *out);

/* H (d + 1, d + 1), all of it. */
void hessian_matrix(struct hessian *hessian, double *H);

#endif
