/* SPDX-License-Identifier: MIT
 *
 * Levenberg and Marquardt's method with bounds. With residuals r and slopes J of the curve, a step
 * d solves
 *
 *     (A + damping diag A) d = b,   A = J' W J,   b = J' W r
 *
 * over the parameters that are free: not those at a bound that b pushes against, nor those that
 * nothing depends on. The step is cut off at the bounds, taken if S falls, and tried again with
 * more damping if it does not (Marquardt, "An algorithm for least-squares estimation of nonlinear
 * parameters", 1963). Damping by the diagonal of A makes it the same in any unit, which matters
 * here: a coefficient of p^2 may be a billion times smaller than one of p.
 */
#include "measure/statistics/least_squares.h"

#include "solvers/cholesky.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MOST = LEAST_SQUARES_PARAMETERS, STEPS = 200, HALVINGS = 60 }; /* at most */

/* Relative decrease of S from which on a minimum is as good as reached, and share of the way to the
 * end of an interval to which that is known. */
static const double settled = 1e-14, precision = 1e-11;

static const double damping_first = 1e-3, damping_least = 1e-12, damping_most = 1e8;

/* Strides in search of an end where there is no bound. */
static const double stride_first = 1e-9;
enum { STRIDES = 35 }; /* each 4 times as long as the one before: up to 3e11 */

struct normal_equations {
    double A[MOST][MOST];
    double b[MOST];
};

double least_squares_sum(const struct least_squares *problem, const double *x)
{
    double sum = problem->within, slope[MOST];
    for (size_t i = 0; i < problem->points; i++) {
        double curve = problem->curve(problem->at[i], x, problem->regime, slope);
        double residual = problem->value[i] - curve;
        sum += problem->weight[i] * residual * residual;
    }
    return sum;
}

static void linearise(const struct least_squares *problem, const double *x,
                      struct normal_equations *normal)
{
    memset(normal, 0, sizeof *normal);
    double slope[MOST];
    for (size_t i = 0; i < problem->points; i++) {
        double curve = problem->curve(problem->at[i], x, problem->regime, slope);
        double residual = problem->value[i] - curve;
        for (size_t j = 0; j < problem->parameters; j++) {
            double weighted = problem->weight[i] * slope[j];
            normal->b[j] += weighted * residual;
            for (size_t k = 0; k < problem->parameters; k++)
                normal->A[j][k] += weighted * slope[k];
        }
    }
}

/* The parameters that may move, in `free`; returns how many. */
static size_t find_free(const struct normal_equations *normal, const struct least_squares *problem,
                        const struct least_squares_box *box, const double *x, size_t *free)
{
    size_t count = 0;
    for (size_t j = 0; j < problem->parameters; j++) {
        double push = normal->b[j];
        if (normal->A[j][j] > 0.0 && !(push <= 0.0 && x[j] <= box->low[j]) &&
            !(push >= 0.0 && x[j] >= box->high[j]))
            free[count++] = j;
    }
    return count;
}

/* x + d, within the box, in `moved`; without a step where the equations have no solution. Returns
 * d'b, by which S is expected to fall. */
static double take_step(const struct normal_equations *normal, const struct least_squares *problem,
                        const struct least_squares_box *box, double damping, const double *x,
                        double *moved)
{
    size_t free[MOST], count = find_free(normal, problem, box, x, free);
    double A[MOST * MOST], step[MOST] = {0.0};
    for (size_t j = 0; j < count; j++) {
        for (size_t k = 0; k < count; k++)
            A[j * count + k] = normal->A[free[j]][free[k]] * (j == k ? 1.0 + damping : 1.0);
        step[j] = normal->b[free[j]];
    }
    memcpy(moved, x, problem->parameters * sizeof *moved);
    if (count == 0)
        return 0.0;
    if (!cholesky_solve(A, step, count))
        return INFINITY;
    double expected = 0.0;
    for (size_t j = 0; j < count; j++) {
        size_t k = free[j];
        moved[k] = fmin(fmax(x[k] + step[j], box->low[k]), box->high[k]);
        expected += step[j] * normal->b[k];
    }
    return expected;
}

double least_squares_minimise(const struct least_squares *problem,
                              const struct least_squares_box *box, double *x)
{
    double sum = least_squares_sum(problem, x), damping = damping_first;
    struct normal_equations normal;
    linearise(problem, x, &normal);
    for (int i = 0; i < STEPS && damping < damping_most; i++) {
        double moved[MOST];
        if (take_step(&normal, problem, box, damping, x, moved) <= settled * sum)
            break;
        double moved_sum = least_squares_sum(problem, moved);
        if (!(moved_sum < sum)) {
            damping *= 10.0;
            continue;
        }
        double gained = sum - moved_sum;
        memcpy(x, moved, problem->parameters * sizeof *x);
        sum = moved_sum;
        if (gained <= settled * sum)
            break;
        damping = fmax(damping / 10.0, damping_least);
        linearise(problem, x, &normal);
    }
    return sum;
}

/* One parameter held while the others follow it; x is where they were last. */
struct profile {
    const struct least_squares *problem;
    struct least_squares_box box;
    double x[MOST];
    size_t held;
    double limit;
};

static bool within_limit(struct profile *profile, double value)
{
    size_t i = profile->held;
    profile->x[i] = profile->box.low[i] = profile->box.high[i] = value;
    return least_squares_minimise(profile->problem, &profile->box, profile->x) <= profile->limit;
}

/* Strides from `*inside` until the limit is passed: false if it never is. */
static bool find_outside(struct profile *profile, int direction, double *inside, double *outside)
{
    double from = *inside, stride = stride_first;
    for (int j = 0; j < STRIDES; j++, stride *= 4.0) {
        *outside = from + direction * stride;
        if (!within_limit(profile, *outside))
            return true;
        *inside = *outside;
    }
    return false;
}

double least_squares_reach(const struct least_squares *problem, const struct least_squares_box *box,
                           const double *x, double limit, size_t i, int direction)
{
    struct profile profile = {.problem = problem, .box = *box, .held = i, .limit = limit};
    memcpy(profile.x, x, problem->parameters * sizeof *x);
    double bound = direction > 0 ? box->high[i] : box->low[i];
    double inside = x[i], outside = bound;
    if (isfinite(bound) ? within_limit(&profile, bound)
                        : !find_outside(&profile, direction, &inside, &outside))
        return bound;
    for (int j = 0; j < HALVINGS && fabs(outside - inside) > precision * fabs(inside - x[i]); j++) {
        double middle = inside + (outside - inside) / 2.0;
        if (within_limit(&profile, middle))
            inside = middle;
        else
            outside = middle;
    }
    return inside;
}
