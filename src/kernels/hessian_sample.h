/* SPDX-License-Identifier: MIT
 *
 * A sample of rows whose second derivatives stand for those of all: row i with the probability
 *
 *     q_i = min(1, D_i / theta),    D_i = c p_i (1 - p_i)
 *
 * and, where it is picked, with the weight D_i / q_i = max(D_i, theta), so that the mean of what is
 * picked is H. theta is such that the q_i add up to the size that is wanted. Where most samples are
 * certain, their D is next to 0, and the others are all picked: for the same size, that is much
 * nearer to H than rows picked alike.
 *
 * What decides is no random number but frac(i / phi + shift), phi the golden ratio, which fills the
 * unit interval evenly over any stretch of rows (Weyl), and another shift at every turn.
 */
#ifndef DESCENT_KERNELS_HESSIAN_SAMPLE_H
#define DESCENT_KERNELS_HESSIAN_SAMPLE_H

#include "data/dataset.h"

/* From the residuals (rows) c (p - y): picks about `size` rows, all of them where there are no
 * more; rows and weights have room for all. Returns how many, and *mean, the mean of D. */
size_t hessian_sample(const struct dataset *data, const double *residuals, size_t size,
                      uint32_t turn, uint32_t *rows, double *weights, double *mean);

#endif
