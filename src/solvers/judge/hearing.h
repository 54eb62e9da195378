/* SPDX-License-Identifier: MIT
 *
 * What the search for an objective (judge_explain.c) asks of the weights again and again: the
 * gradient of each loss at the weights that each rescaling says were trained. Each is worked out in
 * one pass over the data when it is first asked for.
 *
 * Kinks.   A loss with a kink has no gradient at samples that lie on it, and at an optimum of the
 *          hinge up to d + 1 of them do. There any slope between those beside it is one, and the
 *          weights are an optimum if some choice of them leaves nothing: a least squares problem in
 *          a box, solved by coordinate descent. All samples within KINK_WIDTH of the kink may
 *          choose, for no program comes to its optimum exactly; they are few, and together they can
 *          move the gradient by no more than `reach`.
 */
#ifndef DESCENT_SOLVERS_JUDGE_HEARING_H
#define DESCENT_SOLVERS_JUDGE_HEARING_H

#include "solvers/judge/differences.h"
#include "solvers/judge/judge.h"

#define KINK_WIDTH 1e-3 /* of the margin */

struct kinks {
    size_t count;
    size_t *rows; /* (count) samples at a kink, which the gradient is without */
    double reach; /* the most that they can change it by */
};

struct hearing {
    const struct judged *judged;
    size_t features;                      /* d */
    double *mean, *deviation;             /* (d) of the columns */
    double *v[RESCALINGS];                /* (d + 1) the weights that were trained, and the bias */
    double *gradient[RESCALINGS][LOSSES]; /* (d + 1) there; NULL: not needed yet */
    double size[RESCALINGS][LOSSES];      /* of what it is a sum of: the mean of |d loss / dz| */
    struct kinks kinks[RESCALINGS][LOSSES];
};

void hearing_open(struct hearing *hearing, const struct judged *judged);
void hearing_close(struct hearing *hearing);

/* (d + 1) of the loss, weights and bias, without samples at kinks. */
const double *hearing_gradient(struct hearing *hearing, size_t rescaling, size_t loss);

/* Adds slopes of the samples at kinks to a gradient g (d + 1), those that leave least of the
 * residual r (d + 1), in which coordinates that do not count are 0 in `counts` (d + 1) and in r;
 * nothing where they could not halve it. r is overwritten. */
void hearing_bend(const struct hearing *hearing, size_t rescaling, size_t loss,
                  const double *counts, double *r, double *g);

/* The Euclidean norm of g (length). */
double hearing_norm(const double *g, size_t length);

#endif
