/* SPDX-License-Identifier: MIT
 *
 * A flat column has no curvature, and no gradient either: 1 in its place leaves it where it is.
 */
#include "solvers/conjugate_gradients.h"

#include "solvers/line_search.h"

#include <math.h>

enum { TURNS = 20 }; /* a dimension, at most */

static double preconditioned(const double *r, const double *diagonal, size_t length)
{
    double sum = 0.0;
    for (size_t i = 0; i < length; i++)
        sum += r[i] * (r[i] / diagonal[i]);
    return sum;
}

void conjugate_gradients(const struct linear_system *system, double *x)
{
    const size_t length = system->length;
    double *r = system->work, *p = r + length, *Hp = p + length, *diagonal = system->diagonal;
    for (size_t i = 0; i < length; i++) {
        diagonal[i] = diagonal[i] > 0.0 ? diagonal[i] : 1.0;
        x[i] = 0.0;
        r[i] = -system->g[i];
        p[i] = r[i] / diagonal[i];
    }
    double square = preconditioned(r, diagonal, length);
    const double enough = system->enough(sqrt(square));
    for (size_t turn = 0; turn < TURNS * length && sqrt(square) > enough; turn++) {
        system->multiply(system->context, p, Hp);
        const double curvature = line_dot(p, Hp, length), last = square, t = square / curvature;
        if (!(curvature > 0.0) || !isfinite(t))
            break;
        for (size_t i = 0; i < length; i++) {
            x[i] += t * p[i];
            r[i] -= t * Hp[i];
        }
        square = preconditioned(r, diagonal, length);
        for (size_t i = 0; i < length; i++)
            p[i] = r[i] / diagonal[i] + square / last * p[i];
    }
}
