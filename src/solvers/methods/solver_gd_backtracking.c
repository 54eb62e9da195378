/* SPDX-License-Identifier: MIT
 *
 * Full-batch gradient descent with backtracking.
 *
 * Problem:   minimise F(w, b) for one model.
 * Input:     F and its gradient over all samples, at every step that is tried.
 * Step:      w <- w - t dw,  b <- b - t db, with the first t that descends enough (line_search.h)
 *            of 2 t', t', t'/2, ...; t' is the last step's, and the rate before the first.
 * Stopping:  the training loop's. It needs no rate that suits the data, and pays with a pass or two
 *            more an epoch, which are on its clock.
 * Reference: Armijo, Pacific J. Mathematics 1966; Nocedal and Wright, "Numerical optimization",
 *            2006, algorithm 3.1.
 */
#include "solvers/line_search.h"
#include "solvers/solver.h"

/* State: the last step; start, gradient, direction (d + 1 each). */
static void step_gd_backtracking(const struct step *step)
{
    size_t length = step->models->features + 1;
    double *last = step->state, *start = last + 1;
    double *gradient = start + length, *direction = gradient + length;
    struct evaluation at = objective_gradient(step->objective, step->models);
    line_read(step->models, start);
    const double norm = at.gradient_norm[0], rate = step->epoch == 1 ? step->rates[0] : 2.0 * *last;
    line_gradient(&at, length - 1, gradient);
    double slope, square = line_dot(gradient, gradient, length);
    const double first = line_steepest(gradient, square, rate, length, direction, &slope);
    const struct line line = {start, direction, at.objective[0], slope, false};
    double t = first;
    if (norm > 0.0 && line_search(step, &line, &t, &at))
        *last = rate * (t / first);
}

static size_t state_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)common;
    return 1 + 3 * (features + 1);
}

const struct solver solver_gd_backtracking = {
    .entry = {"gd-backtracking", "full-batch gradient descent with a backtracking line search"},
    .uses = USES_RATE | USES_LAMBDA | USES_THREADS | USES_RANKS,
    .family = FAMILY_BATCH,
    .alone = true,
    .begins_with_gradient = true,
    .minimises_objective = true,
    .rate_auto = rate_auto_batch,
    .step = step_gd_backtracking,
    .state_rows = state_rows,
    .kept_rows = state_rows_number,
};
