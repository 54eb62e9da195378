/* SPDX-License-Identifier: MIT
 *
 * L-BFGS: a quasi-Newton method that remembers the last m steps.
 *
 * Problem:   minimise F(w, b) for one model.
 * Input:     F and its gradient g over all samples.
 * Step:      x <- x + t p with p = -H g, H the inverse Hessian that the last m pairs
 *            s = x - x', y = g - g' make of gamma I, gamma = s.y / y.y of the last one (the
 *            two-loop recursion), and t from a line search (line_search.h) that begins with 1. A
 *            pair enters only where s.y > 0 by more than rounding.
 * Stopping:  the training loop's. An epoch is one step; the passes of its line search, mostly one,
 *            are on its clock.
 * Reference: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization",
 *            Mathematical Programming 1989; Nocedal and Wright 2006, algorithms 7.4 and 7.5.
 */
#include "solvers/line_search.h"
#include "solvers/solver.h"

#include <math.h>
#include <string.h>

/* The state of one model, all in step.state. */
struct history {
    size_t length;     /* d + 1 */
    size_t memory;     /* m */
    double *pairs;     /* how many there have been; the last m are kept, pair i at i % m */
    double *alpha;     /* (m) workspace of the recursion */
    double *curvature; /* (m) s.y */
    double *start, *gradient, *direction; /* (d + 1) */
    double *s, *y;                        /* (m, d + 1) */
};

static size_t state_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples;
    size_t memory = (size_t)common->memory;
    return 1 + 2 * memory + (3 + 2 * memory) * (features + 1);
}

static struct history history_of(const struct step *step)
{
    struct history history = {
        .length = step->models->features + 1,
        .memory = (size_t)step->configurations[0]->memory,
        .pairs = step->state,
    };
    history.alpha = history.pairs + 1;
    history.curvature = history.alpha + history.memory;
    history.start = history.curvature + history.memory;
    history.gradient = history.start + history.length;
    history.direction = history.gradient + history.length;
    history.s = history.direction + history.length;
    history.y = history.s + history.memory * history.length;
    return history;
}

/* to = to + c from */
static void add(double *to, double c, const double *from, size_t length)
{
    for (size_t i = 0; i < length; i++)
        to[i] += c * from[i];
}

/* direction = -H gradient */
static void recursion(const struct history *history)
{
    size_t length = history->length, last = (size_t)*history->pairs;
    size_t first = last > history->memory ? last - history->memory : 0;
    double *q = history->direction;
    memcpy(q, history->gradient, length * sizeof *q);
    for (size_t i = last; i-- > first;) {
        size_t at = i % history->memory;
        history->alpha[at] = line_dot(history->s + at * length, q, length) / history->curvature[at];
        add(q, -history->alpha[at], history->y + at * length, length);
    }
    if (last > 0) {
        size_t at = (last - 1) % history->memory;
        const double *y = history->y + at * length;
        double gamma = history->curvature[at] / line_dot(y, y, length);
        for (size_t i = 0; i < length; i++)
            q[i] *= gamma;
    }
    for (size_t i = first; i < last; i++) {
        size_t at = i % history->memory;
        double beta = line_dot(history->y + at * length, q, length) / history->curvature[at];
        add(q, history->alpha[at] - beta, history->s + at * length, length);
    }
    for (size_t i = 0; i < length; i++)
        q[i] = -q[i];
}

/* The pair of the step just taken, of length t, to the gradient of `at`. */
static void remember(const struct history *history, double t, const struct evaluation *at)
{
    size_t length = history->length, place = (size_t)*history->pairs % history->memory;
    double *s = history->s + place * length, *y = history->y + place * length;
    line_gradient(at, length - 1, y);
    add(y, -1.0, history->gradient, length);
    for (size_t i = 0; i < length; i++)
        s[i] = t * history->direction[i];
    double curvature = line_dot(s, y, length);
    if (!(curvature > 1e-16 * sqrt(line_dot(s, s, length) * line_dot(y, y, length))))
        return;
    history->curvature[place] = curvature;
    *history->pairs += 1.0;
}

static void step_lbfgs(const struct step *step)
{
    struct history history = history_of(step);
    size_t length = history.length;
    struct evaluation at = objective_gradient(step->objective, step->models);
    double objective = at.objective[0], norm = at.gradient_norm[0];
    line_read(step->models, history.start);
    line_gradient(&at, length - 1, history.gradient);
    recursion(&history);
    double slope = line_dot(history.gradient, history.direction, length);
    if (!(slope < 0.0)) /* at the optimum, or the memory is of no use any more */
        *history.pairs = 0.0;
    double t = 1.0;
    if (!(slope < 0.0) || *history.pairs == 0.0)
        t = line_steepest(history.gradient, norm * norm, fmin(1.0, 1.0 / norm), length,
                          history.direction, &slope);
    const struct line line = {history.start, history.direction, objective, slope, true};
    if (norm > 0.0 && line_search(step, &line, &t, &at))
        remember(&history, t, &at);
}

const struct solver solver_lbfgs = {
    .entry = {"lbfgs", "quasi-Newton steps from recent gradients, with a line search"},
    .uses = USES_LAMBDA | USES_THREADS | USES_RANKS | USES_MEMORY,
    .family = FAMILY_BATCH,
    .alone = true,
    .begins_with_gradient = true,
    .minimises_objective = true,
    .step = step_lbfgs,
    .state_rows = state_rows,
};
