/* SPDX-License-Identifier: MIT
 *
 * Newton's method with a line search.
 *
 * Problem:   minimise F(w, b) for one model.
 * Input:     F, its gradient g, and its Hessian H = [X 1]' D [X 1] / n + lambda diag(1, ..., 1, 0)
 *            over all samples.
 * Step:      x <- x + t p with H p = -g, and t from a line search that begins with 1. Up to
 *            NEWTON_DENSE features H is formed and solved by Cholesky, with 1e-12 of its largest
 *            element on the diagonal where it is singular; beyond, by conjugate gradients, which
 *            need only products with H, to a residual of min(1/2, sqrt(||g||)) ||g||: little far
 *            away, superlinear at the end. On a singular H they give the shortest p.
 * Stopping:  the training loop's. An epoch is one step, with all its passes on its clock.
 * Reference: Nocedal and Wright, "Numerical optimization", 2006, algorithms 3.2 and 7.1; Lin, Weng
 *            and Keerthi, "Trust region Newton method for large-scale logistic regression", JMLR
 *            2008.
 */
#include "solvers/cholesky.h"
#include "solvers/hyperparameter.h"
#include "solvers/line_search.h"
#include "solvers/solver.h"

#include <math.h>
#include <string.h>

enum {
    NEWTON_DENSE = 1000, /* features: H of 8 MB, and a factorisation of a tenth of a second */
    TURNS = 20,          /* conjugate gradients take at most so many steps a dimension */
    FARTHEST = 100,      /* a step may be so many times as long as 1 + ||x|| */
};

static bool is_dense(size_t features)
{
    return features <= NEWTON_DENSE;
}

/* State: start, gradient, direction, and the three vectors of conjugate gradients (d + 1 each); H.
 */
static size_t state_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)common;
    size_t length = features + 1;
    return 6 * length + (is_dense(features) ? length * length : 0);
}

/* p with H p = -g by conjugate gradients from 0. */
static void solve_iteratively(struct objective *objective, const double *g, double *p, double *work,
                              size_t length)
{
    double *r = work, *q = r + length, *Hq = q + length;
    double norm = sqrt(line_dot(g, g, length));
    double enough = norm * fmin(0.5, sqrt(norm));
    for (size_t i = 0; i < length; i++) {
        p[i] = 0.0;
        q[i] = r[i] = -g[i];
    }
    double square = norm * norm;
    for (size_t turn = 0; turn < TURNS * length && sqrt(square) > enough; turn++) {
        objective_hessian_multiply(objective, q, Hq);
        double curvature = line_dot(q, Hq, length);
        if (!(curvature > 1e-300)) /* flat: where it is 0, so is the gradient */
            break;
        double step = square / curvature, last = square;
        for (size_t i = 0; i < length; i++) {
            p[i] += step * q[i];
            r[i] -= step * Hq[i];
        }
        square = line_dot(r, r, length);
        for (size_t i = 0; i < length; i++)
            q[i] = r[i] + square / last * q[i];
    }
}

/* A feature that is zero in all samples has nothing but lambda, and without it nothing: 1 in its
 * place leaves its weight where it is. The others get `ridge` times the largest element. */
static void mend_diagonal(double *H, size_t length, double ridge)
{
    double largest = 0.0;
    for (size_t i = 0; i < length; i++)
        largest = fmax(largest, H[i * length + i]);
    for (size_t i = 0; i < length; i++) {
        double *element = &H[i * length + i];
        *element = *element == 0.0 ? 1.0 : *element + ridge * largest;
    }
}

static void find_direction(struct objective *objective, const double *g, double *p, double *work,
                           size_t length)
{
    static const double ridges[] = {0.0, 1e-12, 1e-9};
    double *H = work + 3 * length;
    for (size_t r = 0; is_dense(length - 1) && r < sizeof ridges / sizeof *ridges; r++) {
        objective_hessian_matrix(objective, H);
        mend_diagonal(H, length, ridges[r]);
        for (size_t i = 0; i < length; i++)
            p[i] = -g[i];
        if (cholesky_solve(H, p, length))
            return;
    }
    solve_iteratively(objective, g, p, work, length);
}

static double norm(const double *x, size_t length)
{
    return sqrt(line_dot(x, x, length));
}

/* Where nearly all samples are far on one side, H is almost 0 and its step would go to the end of
 * the world: it is cut, and where it leads nowhere the gradient is followed instead. */
static void step_newton(const struct step *step)
{
    size_t length = step->models->features + 1;
    double *start = step->state, *g = start + length, *p = g + length, *work = p + length;
    struct evaluation at = objective_gradient(step->objective, step->models);
    double objective = at.objective[0];
    line_read(step->models, start);
    line_gradient(&at, length - 1, g);
    objective_hessian_at(step->objective, step->models);
    find_direction(step->objective, g, p, work, length);
    const struct line newton = {start, p, objective, line_dot(g, p, length), false};
    double t = fmin(1.0, FARTHEST * (1.0 + norm(start, length)) / norm(p, length));
    if (newton.slope < 0.0 && line_search(step, &newton, &t, &at))
        return;
    for (size_t i = 0; i < length; i++)
        p[i] = -g[i];
    const struct line steepest = {start, p, objective, -line_dot(g, g, length), false};
    t = 1.0;
    if (steepest.slope < 0.0)
        line_search(step, &steepest, &t, &at);
}

const struct solver solver_newton = {
    .entry = {"newton", "Newton's method: second derivatives, and a line search"},
    .uses = USES_LAMBDA | USES_THREADS | USES_RANKS,
    .alone = true,
    .second_order = true,
    .whole_hessian = NEWTON_DENSE,
    .minimises_objective = true,
    .step = step_newton,
    .state_rows = state_rows,
};
