/* SPDX-License-Identifier: MIT
 *
 * What Newton's methods share: units of the columns (units.h), a step that is cut where it would go
 * to the end of the world, and the ways out where H is nearly 0.
 */
#include "solvers/methods/newton_steps.h"

#include "base/memory.h"
#include "solvers/line_search.h"
#include "solvers/norm.h"

#include <math.h>

enum { FARTHEST = 100 }; /* a step may be so many times as long as 1 + ||x|| */

size_t newton_state_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)common;
    size_t length = features + 1;
    return 10 * length + (newton_is_dense(features) ? length * length : 0);
}

static struct newton newton_of(const struct step *step, double *state, struct hessian *hessian,
                               const struct units *units)
{
    const size_t length = step->models->features + 1;
    return (struct newton){
        .step = step,
        .hessian = hessian,
        .units = units,
        .length = length,
        .start = state,
        .g = state + length,
        .p = state + 2 * length,
        .scaled = state + 3 * length,
        .q = state + 4 * length,
        .work = state + 5 * length,
        .raw = state + 8 * length,
        .diagonal = state + 9 * length,
        .H = state + 10 * length,
    };
}

/* ||x||, and ||p||, by what they do to a sample. */
static double length_of(const struct newton *newton, const double *x)
{
    for (size_t i = 0; i < newton->length; i++)
        newton->work[i] = x[i] * newton->units->column[i];
    newton->work[newton->length - 1] = units_bias(newton->units, x);
    return norm_of(newton->work, newton->length);
}

/* The part of a step along q that is not longer than FARTHEST allows. */
static double longest(const struct newton *newton)
{
    units_weights(newton->units, newton->q, newton->p);
    const double farthest = (double)FARTHEST * (1.0 + length_of(newton, newton->start));
    return fmin(1.0, farthest / length_of(newton, newton->p));
}

/* Along q. Where the step is cut, or the direction is not Newton's, nothing says that 1 is far
 * enough, and it is doubled as long as F falls steeply. A full step of Newton's that changes
 * nothing has arrived. */
static bool search(struct newton *newton, double objective, bool steepest)
{
    double t = longest(newton);
    const struct line line = {newton->start, newton->p, objective,
                              line_dot(newton->scaled, newton->q, newton->length),
                              steepest || t < 1.0};
    struct evaluation at;
    const bool arrived = t == 1.0 && line.slope < 0.0 && !line_moves(&line, t, newton->length);
    newton->slope = line.slope;
    newton->taken = arrived ? 1.0 : 0.0;
    if (!arrived && line_search(newton->step, &line, &t, &at))
        newton->taken = t;
    return newton->taken > 0.0;
}

/* To weights 0, where F is log 2 and no sample is certain. F is convex: where it is more than that,
 * it falls on the way. */
static bool go_back(const struct newton *newton, double objective)
{
    if (!(objective > log(2.0)))
        return false;
    for (size_t i = 0; i < newton->length; i++)
        newton->p[i] = -newton->start[i];
    const struct line line = {newton->start, newton->p, objective,
                              line_dot(newton->g, newton->p, newton->length), false};
    double t = 1.0;
    struct evaluation at;
    return line_search(newton->step, &line, &t, &at);
}

/* Where nearly all samples are far on one side, H is almost 0 and its step would go to the end of
 * the world: there it is better to begin anew than to cut it. Where that leads nowhere either, it
 * is cut, or else the gradient is followed. */
void newton_step(const struct step *step, double *state, struct hessian *hessian,
                 const struct units *units, newton_solve *solve, struct newton *made)
{
    struct newton newton = newton_of(step, state, hessian, units);
    const size_t length = newton.length;
    struct evaluation at = objective_gradient(step->objective, step->models);
    const double objective = at.objective[0];
    line_read(step->models, newton.start);
    line_gradient(&at, length - 1, newton.g);
    units_gradient(newton.units, newton.g, newton.scaled);
    const bool all_certain = solve(&newton);
    bool done = (all_certain || !(longest(&newton) == 1.0)) && go_back(&newton, objective);
    done = done || search(&newton, objective, false);
    for (size_t i = 0; i < length && !done; i++)
        newton.q[i] = -newton.scaled[i];
    if (!done && !go_back(&newton, objective))
        search(&newton, objective, true);
    *made = newton;
}
