/* SPDX-License-Identifier: MIT
 *
 * Units for second derivatives: powers of two in which no column, nor its regularisation, is larger
 * than 1. H with the units u is u_f u_g H_fg, and neither the squares of a column of 1e200 nor
 * those of one of 1e-200 are out of range. A column that lies far from 0 and varies little, such as
 * a time in seconds of one hour, is nearly a multiple of the bias, and H singular to rounding: it
 * is counted from the middle of its values, so that
 *
 *     x~_f = (x_f - shift_f) u_f,    w_f = u_f w~_f,    b = b~ - sum shift_f w_f
 */
#ifndef DESCENT_SOLVERS_UNITS_H
#define DESCENT_SOLVERS_UNITS_H

#include "data/ranges.h"
#include "kernels/hessian.h"

#include <stdbool.h>

struct units {
    size_t features; /* d */
    double lambda;
    double *scale;  /* (d + 1); 1 for the bias */
    double *column; /* (d + 1) the largest value of each, counted so; 1 for the bias */
    double *shift;  /* (d + 1) 0: none; and 0 for the bias */
    bool extreme;   /* products of two columns may be out of range as they are */
    bool shifted;   /* some column is */
};

/* From the ranges of the columns; NULL: they are found by a pass over the data with `threads`
 * threads. Clear with units_clear(). */
struct units units_choose(const struct dataset *data, const struct ranges *ranges, double lambda,
                          int threads);
void units_clear(struct units *units);

/* H (d + 1, d + 1) with regularisation, in these units, its upper half alone, its diagonal (d + 1),
 * and its product with v (d + 1); raw (d + 1) is workspace. */
void units_matrix(const struct units *units, struct hessian *hessian, double *H);
void units_upper(const struct units *units, struct hessian *hessian, double *H);
void units_diagonal(const struct units *units, struct hessian *hessian, double *out);
void units_multiply(const struct units *units, struct hessian *hessian, const double *v,
                    double *raw, double *out);

/* A gradient in these units, and of a vector of weights in units what it is without: all (d + 1).
 */
void units_gradient(const struct units *units, const double *g, double *in_units);
void units_weights(const struct units *units, const double *in_units, double *w);

/* b~ of a model x (d + 1). */
double units_bias(const struct units *units, const double *x);

#endif
