/* SPDX-License-Identifier: MIT
 *
 * The objective in coordinates of its own, for the reference solve: what it says must not depend on
 * the units of a column, nor on where a column's zero is.
 *
 *     x~_j = (x_j - m_j) s_j      z = x~ . v + c      F = (1/n) sum loss(z_i, y_i) + 1/2 sum mu_j
 * v_j^2
 *
 * with s_j the power of two that brings the larger of the column and the root of lambda to 1, and
 * mu_j = lambda s_j^2 <= 1. A column is shifted only where that is exact: between values of one
 * sign of which the largest is at most three times the smallest, to their middle (Sterbenz's
 * lemma). So x~ is exact, and whatever holds of it in real arithmetic holds of the data: F has the
 * same values, and a direction that separates x~ separates x.
 *
 * Rows are cut and added up in chunks (data/chunks.h): the same bits at any number of threads, and
 * all ranks have the same sums, so that they decide alike. F is summed with compensation (Neumaier,
 * ZAMM 1974): its rounding is that of its terms.
 */
#ifndef DESCENT_SOLVERS_OPTIMUM_NORMALISED_H
#define DESCENT_SOLVERS_OPTIMUM_NORMALISED_H

#include "data/chunks.h"
#include "data/ranges.h"
#include "kernels/hessian.h"

struct normalised {
    const struct dataset *data;
    const unsigned char *active; /* (rows) 0: a sample that does not count; NULL: all do */
    double lambda;
    int threads;
    size_t length;           /* d + 1 */
    double *scale, *shift;   /* (d) s and m */
    double *mu;              /* (d + 1), 0 for the bias */
    double *point, *g;       /* (d + 1) where it is, and the gradient there */
    double *step;            /* (d + 1) a direction */
    double *z, *along;       /* (rows) x~ . point + c, and the same of the direction */
    double *residual;        /* (rows) the weight of the class times p - y */
    struct hessian *hessian; /* whose weights are set with z */
    struct chunking cut;
    size_t stride;
    double *partial; /* (chunks, stride) */
    double *buffers; /* (threads, d + 1 apart) a row of x~ */
    double objective;
};

/* At point 0. `ranges` are those of the data; active may be NULL. Clear with normalised_close(). */
void normalised_open(struct normalised *problem, const struct dataset *data,
                     const struct ranges *ranges, double lambda, const unsigned char *active,
                     int threads);
void normalised_close(struct normalised *problem);

/* Row i of x~, in `buffer` (d). */
struct sample normalised_row(const struct normalised *problem, size_t i, double *buffer);

static inline bool normalised_has(const struct normalised *problem, size_t i)
{
    return problem->active == NULL || problem->active[i] != 0;
}

/* sum x~_j v_j + c, and sum |x~_j v_j| + |c|, of a row (v: d + 1). */
double normalised_dot(const struct normalised *problem, const struct sample *x, const double *v);
double normalised_size(const struct normalised *problem, const struct sample *x, const double *v);

/* By how much the first may be wrong, from the second. */
double normalised_rounding(const struct sample *x, double size);

/* out (rows) = x~ . v + c */
void normalised_products(struct normalised *problem, const double *v, double *out);

/* F, g, residuals and weights of second derivatives at problem->point. */
void normalised_evaluate(struct normalised *problem);

/* F and its slope at point + t step, from z and along. */
void normalised_look(struct normalised *problem, double t, double *objective, double *slope);

/* H (d + 1, d + 1) with mu, from the weights that are set; H v, and the diagonal (d + 1). */
void normalised_matrix(struct normalised *problem, double *H);
void normalised_multiply(struct normalised *problem, const double *v, double *out);
void normalised_diagonal(struct normalised *problem, double *out);

/* What rounding may have done to problem->objective (returned), and to each element of g (d + 1).
 */
double normalised_doubt(struct normalised *problem, double *g);

/* The norm of the gradient in the units of the data. */
double normalised_gradient_norm(const struct normalised *problem);

#endif
