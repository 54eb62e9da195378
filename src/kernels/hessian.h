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

/* From now on H is the sum over rows[0 .. count), with the weights D[0 .. count) in the order of
 * rows, divided by all samples: a sample of rows stands for all. rows stay the caller's; NULL: all
 * rows again. Only where all rows are here. */
void hessian_pick(struct hessian *hessian, const uint32_t *rows, size_t count);

/* Units that columns are measured in: x_j becomes (x_j - shift[j]) scale[j]. Products of two
 * columns of 1e200 overflow, and of 1e-200 vanish: in units of their own they do neither, and a
 * scale that is a power of two changes no bit of a sum but its exponent. In sparse data only
 * columns that every row has may be shifted. */
struct hessian_units {
    const double *scale; /* (d) */
    const double *shift; /* (d), or NULL: none */
};

/* The same in other units; of it the upper half alone, the diagonal included; and its diagonal
 * alone (d + 1), without the matrix. */
void hessian_matrix_in(struct hessian *hessian, const struct hessian_units *units, double *H);
void hessian_upper_in(struct hessian *hessian, const struct hessian_units *units, double *H);
void hessian_diagonal_in(struct hessian *hessian, const struct hessian_units *units, double *out);

/* D (rows that are here), to be read, or set to other weights that are >= 0. */
double *hessian_weights(struct hessian *hessian);

#endif
