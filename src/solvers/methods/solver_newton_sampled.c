/* SPDX-License-Identifier: MIT
 *
 * Newton's method with the second derivatives of a sample of rows.
 *
 * Problem:   minimise F(w, b) for one model.
 * Input:     F and its gradient g over all samples, whose residuals say how curved the loss of each
 *            is; H over a few rows, picked by that (kernels/hessian_sample.h), and lambda.
 * Step:      x <- x + t p with H p = -g to a twentieth of ||g||, in the norm of the inverse
 *            diagonal, by conjugate gradients, and t from a line search that begins with 1. H only
 *            turns and scales the step, so a rough one will do; g is exact, and so is the optimum.
 *            Up to NEWTON_DENSE features H is formed; beyond, its rows are multiplied with. All of
 *            it is in units of the columns.
 * Sample:    a sixteenth of the rows, and no fewer than 8 for a weight. Where a step is cut, or
 * does not halve g . p, it is doubled: at last it is all rows, and the method Newton's. Stopping:
 * the training loop's. An epoch is one step; it costs hardly more than its passes. Reference: Byrd,
 * Chin, Neveitt and Nocedal, "On the use of stochastic Hessian information in optimization methods
 * for machine learning", SIAM J. Optimization 2011; Xu, Yang, Roosta-Khorasani, Re and Mahoney,
 * "Sub-sampled Newton methods with non-uniform sampling", NIPS 2016.
 */
#include "base/memory.h"
#include "data/ranges.h"
#include "kernels/hessian_sample.h"
#include "kernels/vector.h"
#include "solvers/conjugate_gradients.h"
#include "solvers/methods/newton_steps.h"

#include <math.h>
#include <string.h>

enum {
    SHARE = 16,        /* of the rows, one in so many, ... */
    ROWS_A_WEIGHT = 8, /* ... and at least */
};

static const double tolerance = 0.05, progress = 0.5;

/* What a trial works with beside its state. */
struct sampled {
    struct hessian *hessian;
    struct units units;
    uint32_t *rows; /* (n) */
};

/* Rows of state: what the next step goes by, then what newton_step() works in. */
enum { STATE_SIZE, STATE_SLOPE, STATE_KEPT }; /* of the sample; of the last step */

static size_t first_size(const struct dataset *data)
{
    const size_t share = data->rows / SHARE, least = ROWS_A_WEIGHT * (data->features + 1);
    return share > least ? share : least;
}

static void *open_sampled(const struct kernel_problem *problem, const struct configuration *common)
{
    const struct dataset *data = problem->data;
    struct sampled *sampled = memory_allocate(1, sizeof *sampled);
    sampled->hessian = hessian_create(data, problem->threads);
    sampled->units = units_choose(data, problem->ranges, common->lambda, problem->threads);
    sampled->rows = memory_allocate_untouched(data->rows, sizeof *sampled->rows);
    return sampled;
}

static double sampled_bytes(const struct kernel_problem *problem)
{
    const struct dataset *data = problem->data;
    double matrix =
        newton_is_dense(data->features) ? hessian_matrix_bytes(data, problem->threads) : 0.0;
    return hessian_bytes(data) + ranges_bytes(data, problem->threads) + matrix +
           sizeof(uint32_t) * (double)data->rows;
}

static void close_sampled(void *workspace)
{
    struct sampled *sampled = workspace;
    hessian_free(sampled->hessian);
    units_clear(&sampled->units);
    memory_free(sampled->rows);
    memory_free(sampled);
}

static const struct solver_workspace sampled_rows = {open_sampled, sampled_bytes, close_sampled};

static double residual_enough(double norm)
{
    return tolerance * norm;
}

/* out = H v, of H the upper half: each of its rows is one of the products, and is added to others.
 */
static void multiply_upper(void *context, const double *v, double *out)
{
    const struct newton *newton = context;
    const size_t length = newton->length;
    memset(out, 0, length * sizeof *out);
    for (size_t f = 0; f < length; f++) {
        const double *restrict row = newton->H + f * length;
        const double factor = v[f];
        out[f] += vector_dot(row + f, v + f, length - f);
#pragma omp simd
        for (size_t g = f + 1; g < length; g++)
            out[g] = multiply_add(factor, row[g], out[g]);
    }
}

static void multiply_rows(void *context, const double *v, double *out)
{
    const struct newton *newton = context;
    units_multiply(newton->units, newton->hessian, v, newton->raw, out);
}

/* What H is at this point: rows, and their weights. Returns the mean of those of all samples. */
static double pick_rows(struct newton *newton)
{
    const struct step *step = newton->step;
    const struct dataset *data = step->problem->data;
    struct sampled *sampled = step->workspace;
    const size_t size = (size_t)step->state[STATE_SIZE];
    double mean;
    const double *residuals = objective_residuals(step->objective, step->models);
    const size_t count = hessian_sample(data, residuals, size, (uint32_t)step->epoch, sampled->rows,
                                        hessian_weights(newton->hessian), &mean);
    hessian_pick(newton->hessian, sampled->rows, count);
    return mean;
}

/* q with H q = -g; and is every sample certain? */
static bool solve(struct newton *newton)
{
    const size_t length = newton->length;
    const bool dense = newton_is_dense(length - 1);
    const struct linear_system system = {.length = length,
                                         .g = newton->scaled,
                                         .diagonal = newton->diagonal,
                                         .work = newton->work,
                                         .enough = residual_enough,
                                         .multiply = dense ? multiply_upper : multiply_rows,
                                         .context = newton};
    const double mean = pick_rows(newton);
    if (dense)
        units_upper(newton->units, newton->hessian, newton->H);
    else
        units_diagonal(newton->units, newton->hessian, newton->diagonal);
    for (size_t f = 0; f < length && dense; f++)
        newton->diagonal[f] = newton->H[f * length + f];
    conjugate_gradients(&system, newton->q);
    return mean < newton_certain;
}

static void step_newton_sampled(const struct step *step)
{
    const struct dataset *data = step->problem->data;
    struct sampled *sampled = step->workspace;
    double *size = step->state + STATE_SIZE, *slope = step->state + STATE_SLOPE;
    if (step->epoch == 1) {
        *size = (double)first_size(data);
        *slope = -INFINITY;
    }
    struct newton made;
    newton_step(step, step->state + STATE_KEPT, sampled->hessian, &sampled->units, solve, &made);
    if (!(made.taken == 1.0) || !(made.slope > progress * *slope))
        *size = fmin(2.0 * *size, (double)data->rows);
    *slope = made.slope;
}

static size_t state_rows(size_t samples, size_t features, const struct configuration *common)
{
    return STATE_KEPT + newton_state_rows(samples, features, common);
}

static size_t kept_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)features, (void)common;
    return STATE_KEPT;
}

const struct solver solver_newton_sampled = {
    .entry = {"newton-sampled", "Newton's method with the curvature of a sample of rows"},
    .uses = USES_LAMBDA | USES_THREADS,
    .family = FAMILY_BATCH,
    .alone = true,
    .begins_with_gradient = true,
    .reads_given = true,
    .reads_ranges = true,
    .reads_residuals = true,
    .minimises_objective = true,
    .step = step_newton_sampled,
    .state_rows = state_rows,
    .kept_rows = kept_rows,
    .workspace = &sampled_rows,
};
