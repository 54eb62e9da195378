/* SPDX-License-Identifier: MIT
 *
 * With x = second / (second + first f), P(F > f) = I_x(second / 2, first / 2), the regularised
 * incomplete beta function. That is a continued fraction,
 *
 *     I_x(a, b) = x^a (1 - x)^b / (a B(a, b)) / (1 + d(1) / (1 + d(2) / (1 + ...)))
 *     d(2m)     = m (b - m) x / ((a + 2m - 1) (a + 2m))
 *     d(2m + 1) = -(a + m) (a + b + m) x / ((a + 2m) (a + 2m + 1))
 *
 * (NIST Digital Library of Mathematical Functions, 8.17.22), which converges fast where
 * x < (a + 1) / (a + b + 2); beyond that I_x(a, b) = 1 - I_(1-x)(b, a). It is evaluated from its
 * end to its beginning: nothing overflows on the way, and the number of terms can be generous,
 * because it is evaluated a few dozen times a report. The quantile is found by halving.
 */
#include "measure/statistics/f_distribution.h"

#include <assert.h>
#include <math.h>

enum { TERMS = 500, HALVINGS = 100 }; /* terms: of the order of sqrt(max(a, b)) are needed */

static double fraction_term(double a, double b, double x, int j)
{
    int half = j / 2;
    double m = half;
    if (j % 2 == 0)
        return m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    return -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
}

/* I_x(a, b) for x on the side where the fraction converges; rest = 1 - x, unrounded. */
static double beta_by_fraction(double a, double b, double x, double rest)
{
    if (x <= 0.0)
        return 0.0;
    double fraction = 1.0;
    for (int j = TERMS; j >= 1; j--)
        fraction = 1.0 + fraction_term(a, b, x, j) / fraction;
    double log_front = a * log(x) + b * log(rest) + lgamma(a + b) - lgamma(a) - lgamma(b);
    return exp(log_front) / a / fraction;
}

double f_tail(double f, double first, double second)
{
    assert(f >= 0.0 && first > 0.0 && second > 0.0);
    if (isinf(f))
        return 0.0;
    double a = second / 2.0, b = first / 2.0, whole = second + first * f;
    double x = second / whole, rest = first * f / whole;
    if (x < (a + 1.0) / (a + b + 2.0))
        return beta_by_fraction(a, b, x, rest);
    return 1.0 - beta_by_fraction(b, a, rest, x);
}

double f_critical(double alpha, double first, double second)
{
    assert(alpha > 0.0 && alpha < 1.0);
    double low = 0.0, high = 1.0;
    while (f_tail(high, first, second) > alpha)
        high *= 2.0;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = low + (high - low) / 2.0;
        if (f_tail(middle, first, second) > alpha)
            low = middle;
        else
            high = middle;
    }
    return high;
}
