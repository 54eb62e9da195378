/* SPDX-License-Identifier: MIT
 *
 * Newton's method with a line search.
 *
 * Problem:   minimise F(w, b) for one model.
 * Input:     F, its gradient g, and its Hessian H = [X 1]' D [X 1] / n + lambda diag(1, ..., 1, 0)
 *            over all samples.
 * Step:      x <- x + t p with H p = -g, and t from a line search that begins with 1. Up to
 *            NEWTON_DENSE features H is formed and solved by Cholesky, with 1e-12 of each diagonal
 *            element added to it where it is singular; beyond, by conjugate gradients with the
 *            diagonal as their preconditioner, which need only products with H, to a residual of
 *            min(1/2, sqrt(||g||)) ||g|| in its norm: little far away, superlinear at the end.
 *            All of it is in units of the columns (units.h), so that these may be of any size.
 * Stopping:  the training loop's. An epoch is one step, with all its passes on its clock.
 * Reference: Nocedal and Wright, "Numerical optimization", 2006, algorithms 3.2 and 7.1; Lin, Weng
 *            and Keerthi, "Trust region Newton method for large-scale logistic regression", JMLR
 *            2008.
 */
#include "base/memory.h"
#include "data/ranges.h"
#include "solvers/cholesky.h"
#include "solvers/conjugate_gradients.h"
#include "solvers/methods/newton_steps.h"

#include <math.h>

/* What a trial keeps beside its state. */
struct curved {
    struct hessian *hessian;
    struct units units;
};

static void *open_curved(const struct kernel_problem *problem, const struct configuration *common)
{
    struct curved *curved = memory_allocate(1, sizeof *curved);
    curved->hessian = hessian_create(problem->data, problem->threads);
    curved->units = units_choose(problem->data, problem->ranges, common->lambda, problem->threads);
    return curved;
}

/* Units need more to be chosen than to be kept. */
static double curved_bytes(const struct kernel_problem *problem)
{
    const struct dataset *data = problem->data;
    double matrix =
        newton_is_dense(data->features) ? hessian_matrix_bytes(data, problem->threads) : 0.0;
    return hessian_bytes(data) + ranges_bytes(data, problem->threads) + matrix;
}

static void close_curved(void *workspace)
{
    struct curved *curved = workspace;
    hessian_free(curved->hessian);
    units_clear(&curved->units);
    memory_free(curved);
}

static const struct solver_workspace second_derivatives = {open_curved, curved_bytes, close_curved};

/* Little far away, superlinear at the end. */
static double residual_enough(double norm)
{
    return norm * fmin(0.5, sqrt(norm));
}

static void multiply(void *context, const double *v, double *out)
{
    const struct newton *newton = context;
    units_multiply(newton->units, newton->hessian, v, newton->raw, out);
}

/* q with H q = -g by conjugate gradients from 0; and is every sample certain? */
static bool solve_iteratively(struct newton *newton)
{
    const struct linear_system system = {newton->length, newton->scaled,  newton->diagonal,
                                         newton->work,   residual_enough, multiply,
                                         newton};
    units_diagonal(newton->units, newton->hessian, newton->diagonal);
    const bool all_certain = newton->diagonal[newton->length - 1] < newton_certain;
    conjugate_gradients(&system, newton->q);
    return all_certain;
}

/* A feature that is zero in all samples has nothing but lambda, and without it nothing: 1 in its
 * place leaves its weight where it is. The others get `ridge` times what they have: each in
 * proportion, or a column of small numbers would be held fast by one of large numbers. */
static void mend_diagonal(double *H, size_t length, double ridge)
{
    for (size_t i = 0; i < length; i++) {
        double *element = &H[i * length + i];
        *element = *element == 0.0 ? 1.0 : *element + ridge * *element;
    }
}

/* Where all samples are certain H is near to 0, and its inverse out of range. It is made larger: q
 * is as much smaller, and still longer than a step may be. */
static void enlarge(double *H, size_t length)
{
    double largest = 0.0;
    for (size_t i = 0; i < length; i++)
        largest = fmax(largest, H[i * length + i]);
    for (size_t i = 0; i < length * length && largest < newton_certain; i++)
        H[i] *= 0x1p+500;
}

/* q with H q = -g; and is every sample certain? */
static bool solve(struct newton *newton)
{
    static const double ridges[] = {0.0, 1e-12, 1e-9};
    const size_t length = newton->length;
    hessian_set(newton->hessian, newton->step->models);
    for (size_t r = 0; newton_is_dense(length - 1) && r < sizeof ridges / sizeof *ridges; r++) {
        units_matrix(newton->units, newton->hessian, newton->H);
        const bool all_certain = newton->H[length * length - 1] < newton_certain;
        enlarge(newton->H, length);
        mend_diagonal(newton->H, length, ridges[r]);
        for (size_t i = 0; i < length; i++)
            newton->q[i] = -newton->scaled[i];
        if (cholesky_solve(newton->H, newton->q, length))
            return all_certain;
    }
    return solve_iteratively(newton);
}

static void step_newton(const struct step *step)
{
    const struct curved *curved = step->workspace;
    struct newton made;
    newton_step(step, step->state, curved->hessian, &curved->units, solve, &made);
}

const struct solver solver_newton = {
    .entry = {"newton", "Newton's method with a line search"},
    .uses = USES_LAMBDA | USES_THREADS | USES_RANKS,
    .family = FAMILY_BATCH,
    .alone = true,
    .begins_with_gradient = true,
    .minimises_objective = true,
    .reads_given = true,
    .reads_ranges = true,
    .factors = true,
    .step = step_newton,
    .state_rows = newton_state_rows,
    .kept_rows = state_rows_none,
    .workspace = &second_derivatives,
};
