/* SPDX-License-Identifier: MIT
 *
 * How far to go along a direction: a step t with
 *
 *     F(x + t p) <= F(x) + c1 t slope        it descends enough (Armijo)
 *     g(x + t p) . p >= c2 slope             and would not descend much further (weak Wolfe)
 *
 * with slope = g(x) . p < 0, c1 = 1e-4 and c2 = 0.9, by doubling and halving (Lewis and Overton,
 * "Nonsmooth optimization via quasi-Newton methods", Mathematical Programming 2013, algorithm 2.6),
 * which ends on every function bounded below. Near the optimum differences of F are rounding; there
 * descent is told by the derivative, (2 c1 - 1) slope >= g . p, as long as F does not rise by more
 * than rounding (Hager and Zhang, SIAM J. Optimization 2005).
 */
#ifndef DESCENT_SOLVERS_LINE_SEARCH_H
#define DESCENT_SOLVERS_LINE_SEARCH_H

#include "solvers/solver.h"

#include <stdbool.h>

/* A line through the point where the one model of a step is, which is `start`. */
struct line {
    const double *start;     /* (d + 1) weights, then the bias */
    const double *direction; /* (d + 1) */
    double objective;        /* F(start) */
    double slope;            /* g(start) . direction, < 0 */
    bool wolfe;              /* both conditions; false: only the first, from the first step down */
};

/* Moves the model to start + t direction, the first step tried being *t; *at is what is known there
 * and *t the step taken. A step that is too short to change a weight is none: it is doubled until
 * it does, for nothing is to be evaluated there. False when no such step was found in 60
 * evaluations, when the slope is not a negative number, or when a step of 1, the natural one of a
 * method that has a length to its steps, changes nothing: the model is at `start` again, as near to
 * the optimum as rounding allows. */
bool line_search(const struct step *step, const struct line *line, double *t,
                 struct evaluation *at);

/* Is the step t, at whose end F and its slope are these, short enough: does it descend enough? Only
 * objective and slope of the line are looked at. */
bool line_descends(const struct line *line, double t, double objective, double slope);

/* Does a step of t change a weight, or the bias? (length: d + 1) */
bool line_moves(const struct line *line, double t, size_t length);

/* A model, and its gradient, as a vector (d + 1). */
void line_read(const struct models *models, double *x);
void line_gradient(const struct evaluation *at, size_t features, double *g);

/* The line of steepest descent with a first step of `rate` times the gradient g (length), whose
 * squared norm is `square`: writes direction (length) and its slope, and returns the step. The
 * direction is -g; where its square is out of range it is -g / ||g||, and the step is as much
 * longer. */
double line_steepest(const double *g, double square, double rate, size_t length, double *direction,
                     double *slope);

/* a . b over (count) */
double line_dot(const double *a, const double *b, size_t count);

#endif
