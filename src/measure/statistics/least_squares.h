/* SPDX-License-Identifier: MIT
 *
 * Curves of few parameters through measured points, by weighted least squares within bounds, and
 * how far each parameter may move before the fit becomes significantly worse.
 *
 *     minimise   S(x) = within + sum over i of weight(i) (value(i) - curve(at(i); x))^2
 *     subject to low <= x <= high
 *
 * A point may stand for several samples: value is then their mean, weight their number, and what no
 * curve can remove, their squares about the means, is `within`.
 *
 * Intervals are those of the profile: all values of a parameter for which the others can be chosen
 * so that S stays below a limit (Bates and Watts, "Nonlinear regression analysis and its
 * applications", 1988, chapter 6). They need no linear approximation at the minimum, are unchanged
 * by another choice of parameters, and end at a bound by themselves.
 */
#ifndef DESCENT_MEASURE_STATISTICS_LEAST_SQUARES_H
#define DESCENT_MEASURE_STATISTICS_LEAST_SQUARES_H

#include <stddef.h>

enum { LEAST_SQUARES_PARAMETERS = 3 }; /* at most */

/* The value at `at`, and its derivatives by the parameters in slope. `regime` is that of the
 * problem: it tells a curve with bends which of its smooth pieces to be. */
typedef double least_squares_curve(double at, const double *x, double regime, double *slope);

struct least_squares {
    least_squares_curve *curve;
    double regime;
    size_t parameters;
    size_t points;
    const double *at, *value, *weight; /* (points) */
    double within;
};

/* Low and high may be equal, which fixes a parameter, or infinite. */
struct least_squares_box {
    double low[LEAST_SQUARES_PARAMETERS], high[LEAST_SQUARES_PARAMETERS];
};

/* S(x). */
double least_squares_sum(const struct least_squares *problem, const double *x);

/* Moves x, within the box, to a minimum near it, and returns S there. */
double least_squares_minimise(const struct least_squares *problem,
                              const struct least_squares_box *box, double *x);

/* The last value of parameter i, from x[i] in the direction (1 or -1), whose profile does not
 * exceed the limit; x, as minimised, is within it. Infinite where no end is found. */
double least_squares_reach(const struct least_squares *problem, const struct least_squares_box *box,
                           const double *x, double limit, size_t i, int direction);

#endif
