/* SPDX-License-Identifier: MIT
 *
 * The optimum F* of the objective on a data set for one lambda, from a reference solve: gaps are
 * measured against it, and never against the best curve in a plot.
 *
 * It comes from Newton's method from zero weights, carried on until a step can gain no more than
 * rounding. Two witnesses stand beside it: the norm of the gradient, and for lambda > 0 a bound
 * that needs no faith in the solver. F is lambda-strongly convex in w once it is minimised over
 * the bias, so with F_b the smallest F over the bias at these weights and dw the gradient there
 *
 *     F - F* <= (F - F_b) + ||dw||^2 / (2 lambda)
 *
 * to which the rounding of F itself is added: no digit beyond those of a double is vouched for.
 *
 * Without regularisation there may be none. If a direction (v, c) has s_i (x_i . v + c) >= 0 for
 * all samples (s = +1 or -1 by class) and > 0 for one, F falls along it for ever: the data are
 * separable, completely when it is > 0 for all, else quasi-completely (Albert and Anderson, "On the
 * existence of maximum likelihood estimates in logistic regression models", Biometrika 1984). Three
 * kinds of such directions are looked for: a feature that never is of one sign in one class and of
 * the other in the other, weights that classify all samples strictly, and the steps of Newton's
 * method, which turn into that direction.
 */
#ifndef DESCENT_SOLVERS_OPTIMUM_H
#define DESCENT_SOLVERS_OPTIMUM_H

#include "data/dataset.h"

enum optimum_status {
    OPTIMUM_UNKNOWN = 0, /* not looked for, or not found: see `reason` */
    OPTIMUM_FOUND = 1,   /* objective is F*, to about 1e-12 of itself */
    OPTIMUM_NONE = -1,   /* no finite minimiser; `reason` says how that is known */
};

struct optimum {
    enum optimum_status status;
    double lambda;
    double objective;     /* F at the last point: F*, or where the search ended */
    double gradient_norm; /* there, weights and bias */
    double bound;         /* on F - F* there, for lambda > 0; infinite for lambda = 0 */
    int64_t steps;        /* of Newton's method */
    double seconds;       /* that it took */
    char reason[256];     /* for people; "" when found */
};

/* Looks for it with `threads` threads; the same bits at any number of them. */
struct optimum optimum_find(const struct dataset *data, double lambda, int threads);

/* The operations that looking for it takes, roughly: what decides whether it is worth it. */
double optimum_flops(const struct dataset *data);

/* "unknown", "found", "none", and back; unknown when there is none of that name. */
const char *optimum_status_name(enum optimum_status status);
enum optimum_status optimum_status_find(const char *name);

#endif
