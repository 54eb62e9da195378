/* SPDX-License-Identifier: MIT
 *
 * Bracketing by doubling, then halving.
 */
#include "solvers/line_search.h"

#include "solvers/norm.h"

#include <math.h>
#include <string.h>

enum { EVALUATIONS = 60 };
static const double c1 = 1e-4, c2 = 0.9;
static const double rounding = 1e-14; /* of F, relative */

double line_dot(const double *a, const double *b, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

void line_read(const struct models *models, double *x)
{
    memcpy(x, models->W, models->features * sizeof *x);
    x[models->features] = models->b[0];
}

void line_gradient(const struct evaluation *at, size_t features, double *g)
{
    memcpy(g, at->dW, features * sizeof *g);
    g[features] = at->db[0];
}

double line_steepest(const double *g, double square, double rate, size_t length, double *direction,
                     double *slope)
{
    const bool in_range = square > 1e-280 && square < 1e280;
    const double norm = norm_of(g, length);
    for (size_t i = 0; i < length; i++)
        direction[i] = in_range ? -g[i] : -(g[i] / norm);
    *slope = in_range ? -square : -norm;
    return in_range ? rate : rate * norm;
}

static struct evaluation move(const struct step *step, const struct line *line, double t)
{
    struct models *models = step->models;
    size_t d = models->features;
    for (size_t f = 0; f < d; f++)
        models->W[f] = line->start[f] + t * line->direction[f];
    models->b[0] = line->start[d] + t * line->direction[d];
    return objective_at(step->objective, models);
}

static double slope_at(const struct line *line, const struct evaluation *at, size_t features)
{
    return line_dot(at->dW, line->direction, features) + at->db[0] * line->direction[features];
}

/* A comparison with a NaN is false: what overflowed does not descend. */
bool line_descends(const struct line *line, double t, double objective, double slope)
{
    bool armijo = objective <= line->objective + c1 * t * line->slope;
    bool nearly = objective <= line->objective + rounding * fabs(line->objective);
    return armijo || (nearly && slope <= (2.0 * c1 - 1.0) * line->slope);
}

bool line_moves(const struct line *line, double t, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (line->start[i] + t * line->direction[i] != line->start[i])
            return true;
    return false;
}

/* The first step that is worth an evaluation; 0: there is none. */
static double first_step(const struct line *line, double t, size_t length)
{
    if (!(line->slope < 0.0) || !isfinite(line->slope) || !(t > 0.0))
        return 0.0;
    while (isfinite(t) && !line_moves(line, t, length))
        t *= 2.0;
    return isfinite(t) ? t : 0.0;
}

bool line_search(const struct step *step, const struct line *line, double *t, struct evaluation *at)
{
    const size_t d = step->models->features;
    double low = 0.0, high = INFINITY;
    *t = first_step(line, *t, d + 1);
    for (int i = 0; i<EVALUATIONS && * t> low && line_moves(line, *t, d + 1); i++) {
        *at = move(step, line, *t);
        double slope = slope_at(line, at, d);
        if (!line_descends(line, *t, at->objective[0], slope))
            high = *t;
        else if (line->wolfe && slope < c2 * line->slope)
            low = *t;
        else
            return true;
        *t = isfinite(high) ? 0.5 * (low + high) : 2.0 * low;
    }
    *at = move(step, line, 0.0);
    *t = 0.0;
    return false;
}
