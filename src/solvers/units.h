/* SPDX-License-Identifier: MIT
 *
 * Units for second derivatives: powers of two in which no column, nor its regularisation, is larger
 * than 1. H with the units u is u_f u_g H_fg, and neither the squares of a column of 1e200 nor
 * those of one of 1e-200 are out of range.
 */
#ifndef DESCENT_SOLVERS_UNITS_H
#define DESCENT_SOLVERS_UNITS_H

#include "kernels/hessian.h"

#include <stdbool.h>

struct units {
    size_t features; /* d */
    double lambda;
    double *scale;  /* (d + 1); 1 for the bias */
    double *column; /* (d + 1) the largest value of each; 1 for the bias */
    bool extreme;   /* products of two columns may be out of range as they are */
};

/* By a pass over the data with `threads` threads. Clear with units_clear(). */
struct units units_choose(const struct dataset *data, double lambda, int threads);
void units_clear(struct units *units);

/* H (d + 1, d + 1) with regularisation, in these units, and its diagonal (d + 1). */
void units_matrix(const struct units *units, struct hessian *hessian, double *H);
void units_diagonal(const struct units *units, struct hessian *hessian, double *out);

#endif
