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
#include "solvers/line_search.h"
#include "solvers/norm.h"
#include "solvers/solver.h"
#include "solvers/units.h"

#include <math.h>
#include <string.h>

enum {
    NEWTON_DENSE = 1000, /* features: H of 8 MB, and a factorisation of a tenth of a second */
    FARTHEST = 100,      /* a step may be so many times as long as 1 + ||x|| */
};

/* The element of H of the bias, the mean of D: below it, every sample is certain. */
static const double certain = 0x1p-600;

static bool is_dense(size_t features)
{
    return features <= NEWTON_DENSE;
}

/* What a trial keeps beside its state. */
struct curved {
    struct hessian *hessian;
    struct units units;
};

static void *open_curved(const struct kernel_problem *problem, const struct configuration *common)
{
    struct curved *curved = memory_allocate(1, sizeof *curved);
    curved->hessian = hessian_create(problem->data, problem->threads);
    curved->units = units_choose(problem->data, common->lambda, problem->threads);
    return curved;
}

/* Units need more to be chosen than to be kept. */
static double curved_bytes(const struct kernel_problem *problem)
{
    const struct dataset *data = problem->data;
    double matrix = is_dense(data->features) ? hessian_matrix_bytes(data, problem->threads) : 0.0;
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

/* State: start, gradient, direction, the gradient and the direction in units, and the five vectors
 * of conjugate gradients (d + 1 each); H. */
static size_t state_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)common;
    size_t length = features + 1;
    return 10 * length + (is_dense(features) ? length * length : 0);
}

/* What a step works with; the numbers are all in step.state. */
struct newton {
    struct hessian *hessian;
    const struct units *units;
    size_t length;         /* d + 1 */
    double *start, *g, *p; /* (d + 1) as the model is */
    double *scaled, *q;    /* (d + 1) in units: the gradient, and the direction */
    double *work;          /* (3, d + 1) */
    double *raw;           /* (d + 1) a product with H on the way */
    double *diagonal;      /* (d + 1) of H */
    double *H;             /* (d + 1, d + 1), or behind the end */
};

static struct newton newton_of(const struct step *step)
{
    const size_t length = step->models->features + 1;
    const struct curved *curved = step->workspace;
    double *state = step->state;
    return (struct newton){
        .hessian = curved->hessian,
        .units = &curved->units,
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
    const bool all_certain = newton->diagonal[newton->length - 1] < certain;
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
    for (size_t i = 0; i < length * length && largest < certain; i++)
        H[i] *= 0x1p+500;
}

/* q with H q = -g; and is every sample certain? */
static bool solve(struct newton *newton)
{
    static const double ridges[] = {0.0, 1e-12, 1e-9};
    const size_t length = newton->length;
    for (size_t r = 0; is_dense(length - 1) && r < sizeof ridges / sizeof *ridges; r++) {
        units_matrix(newton->units, newton->hessian, newton->H);
        const bool all_certain = newton->H[length * length - 1] < certain;
        enlarge(newton->H, length);
        mend_diagonal(newton->H, length, ridges[r]);
        for (size_t i = 0; i < length; i++)
            newton->q[i] = -newton->scaled[i];
        if (cholesky_solve(newton->H, newton->q, length))
            return all_certain;
    }
    return solve_iteratively(newton);
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
static bool search(const struct step *step, const struct newton *newton, double objective,
                   bool steepest)
{
    double t = longest(newton);
    const struct line line = {newton->start, newton->p, objective,
                              line_dot(newton->scaled, newton->q, newton->length),
                              steepest || t < 1.0};
    struct evaluation at;
    const bool arrived = t == 1.0 && line.slope < 0.0 && !line_moves(&line, t, newton->length);
    return arrived || line_search(step, &line, &t, &at);
}

/* To weights 0, where F is log 2 and no sample is certain. F is convex: where it is more than that,
 * it falls on the way. */
static bool go_back(const struct step *step, const struct newton *newton, double objective)
{
    if (!(objective > log(2.0)))
        return false;
    for (size_t i = 0; i < newton->length; i++)
        newton->p[i] = -newton->start[i];
    const struct line line = {newton->start, newton->p, objective,
                              line_dot(newton->g, newton->p, newton->length), false};
    double t = 1.0;
    struct evaluation at;
    return line_search(step, &line, &t, &at);
}

/* Where nearly all samples are far on one side, H is almost 0 and its step would go to the end of
 * the world: there it is better to begin anew than to cut it. Where that leads nowhere either, it
 * is cut, or else the gradient is followed. */
static void step_newton(const struct step *step)
{
    struct newton newton = newton_of(step);
    const size_t length = newton.length;
    struct evaluation at = objective_gradient(step->objective, step->models);
    const double objective = at.objective[0];
    line_read(step->models, newton.start);
    line_gradient(&at, length - 1, newton.g);
    units_gradient(newton.units, newton.g, newton.scaled);
    hessian_set(newton.hessian, step->models);
    const bool all_certain = solve(&newton);
    if ((all_certain || !(longest(&newton) == 1.0)) && go_back(step, &newton, objective))
        return;
    if (search(step, &newton, objective, false))
        return;
    for (size_t i = 0; i < length; i++)
        newton.q[i] = -newton.scaled[i];
    if (!go_back(step, &newton, objective))
        search(step, &newton, objective, true);
}

const struct solver solver_newton = {
    .entry = {"newton", "Newton's method with a line search"},
    .uses = USES_LAMBDA | USES_THREADS | USES_RANKS,
    .family = FAMILY_BATCH,
    .alone = true,
    .begins_with_gradient = true,
    .minimises_objective = true,
    .reads_given = true,
    .step = step_newton,
    .state_rows = state_rows,
    .workspace = &second_derivatives,
};
