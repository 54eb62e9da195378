/* SPDX-License-Identifier: MIT
 *
 * The pass of one model over sparse data whose values are all 1 (data/incidence.h), with the bits
 * of the pass over their CSR.
 */
#ifndef DESCENT_KERNELS_PASS_INCIDENCE_H
#define DESCENT_KERNELS_PASS_INCIDENCE_H

#include "data/incidence.h"
#include "kernels/points.h"

/* z = x.w + b of the rows of a block, from the first on. */
void incidence_sums(const struct incidence_block *block, const double *restrict w, double b,
                    double *restrict z);

/* Adds the sums over the rows from those of `block` on to `row_end`. z holds the rows of a block,
 * INCIDENCE_ROWS at most. */
void pass_incidence(const struct dataset *data, const struct incidence_block *block, size_t row_end,
                    const struct models *models, const struct pass_sums *sums,
                    struct points *points, double *z);

#endif
