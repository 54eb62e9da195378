/* SPDX-License-Identifier: MIT
 *
 * Newton's method from weights 0, where no sample is far on one side, with H solved by Cholesky's
 * method with pivoting: columns that are combinations of others stay out of a step, which leaves F*
 * as it is. Beyond SEARCH_DENSE features by conjugate gradients with the diagonal as
 * preconditioner.
 *
 * A step is doubled as long as F still falls steeply at its end (weak Wolfe conditions, see
 * line_search.h), so that weights that must become large, for an outlier or because there is no
 * minimiser, do so geometrically. F along a line needs z and x~.p alone, not the data.
 */
#include "solvers/optimum/optimum_search.h"

#include "base/memory.h"
#include "solvers/conjugate_gradients.h"
#include "solvers/line_search.h"

#include <math.h>
#include <string.h>

enum { LOOKS = 80, PATIENCE = 4 };

static const double c2 = 0.5;

void search_open(struct search *search, const struct dataset *data, const struct ranges *ranges,
                 double lambda, const unsigned char *active, int threads)
{
    *search = (struct search){0};
    normalised_open(&search->problem, data, ranges, lambda, active, threads);
    if (data->features <= SEARCH_DENSE)
        search->factor = cholesky_create(data->features + 1);
    search->touched = memory_allocate(data->rows + 1, sizeof *search->touched);
}

void search_close(struct search *search)
{
    cholesky_free(search->factor);
    memory_free(search->touched);
    normalised_close(&search->problem);
}

/* --- A direction ----------------------------------------------------------------------------- */

/* To a residual of 1e-12 of g near the end, and of its root far away; p'g is exact to its square.
 */
static double residual_enough(double norm)
{
    return norm * fmin(0.1, fmax(norm, 1e-8));
}

static void multiply(void *context, const double *v, double *out)
{
    normalised_multiply(context, v, out);
}

static void solve_iteratively(struct normalised *problem)
{
    const size_t length = problem->length;
    double *work = memory_allocate(4 * length, sizeof *work), *diagonal = work + 3 * length;
    const struct linear_system system = {length,          problem->g, diagonal, work,
                                         residual_enough, multiply,   problem};
    normalised_diagonal(problem, diagonal);
    conjugate_gradients(&system, problem->step);
    memory_free(work);
}

double search_direction(struct search *search)
{
    struct normalised *problem = &search->problem;
    const size_t length = problem->length;
    if (search->factor == NULL) {
        solve_iteratively(problem);
        return sqrt(fmax(-line_dot(problem->g, problem->step, length), 0.0));
    }
    normalised_matrix(problem, search->factor->L);
    cholesky_factor(search->factor);
    for (size_t i = 0; i < length; i++)
        problem->step[i] = -problem->g[i];
    cholesky_apply(search->factor, problem->step);
    return cholesky_norm(search->factor, problem->g);
}

/* --- A step ---------------------------------------------------------------------------------- */

/* How far along the direction; 0: nowhere. */
static double look_for_step(struct normalised *problem)
{
    double low = 0.0, high = INFINITY, t = 1.0, there, slope_there;
    struct line line = {0};
    normalised_look(problem, 0.0, &line.objective, &line.slope);
    if (!(line.slope < 0.0))
        return 0.0;
    for (int i = 0; i < LOOKS; i++) {
        normalised_look(problem, t, &there, &slope_there);
        if (!line_descends(&line, t, there, slope_there))
            high = t;
        else if (slope_there < c2 * line.slope)
            low = t;
        else
            return t;
        t = isfinite(high) ? 0.5 * (low + high) : 2.0 * low;
    }
    return low;
}

static bool take_step(struct search *search)
{
    struct normalised *problem = &search->problem;
    normalised_products(problem, problem->step, problem->along);
    const double t = look_for_step(problem);
    if (t == 0.0)
        return false;
    for (size_t i = 0; i < problem->length; i++)
        problem->point[i] += t * problem->step[i];
    search->steps++;
    normalised_evaluate(problem);
    return true;
}

/* --- Until it is there ----------------------------------------------------------------------- */

/* Proofs that cost a matrix of their own are looked for at a few points on the way. */
static bool is_turn(int64_t steps)
{
    return steps >= 10 && (steps & (steps - 1)) == 0;
}

static bool is_unbounded(struct search *search)
{
    struct normalised *problem = &search->problem;
    if (problem->lambda > 0.0)
        return false;
    search->separation = separation_strictly(problem, problem->point, problem->z);
    if (search->separation == SEPARATION_UNPROVEN && is_turn(search->steps))
        search->separation = separation_by_fractions(problem, SEARCH_DENSE, search->touched);
    return search->separation != SEPARATION_UNPROVEN;
}

/* Half the square of the decrement is what a step gains. At 1e-26 of F there is nothing left to
 * gain; and where it is small and no longer falls, what is left is rounding. */
static bool is_there(double decrement, double last, double objective)
{
    const double gain = decrement * decrement;
    return gain <= 1e-26 * objective || (gain <= 1e-16 * objective && decrement > 0.7 * last);
}

/* On its way to an outlier, whose p (1 - p) falls by e with each step, the decrement falls by the
 * root of e, to next to nothing, until the outlier is so certain that the other samples take over:
 * then it rises. Near a minimum it falls much faster. */
static bool is_on_its_way(double decrement, double last)
{
    return decrement > 0.5 * last && decrement < 0.7 * last;
}

void search_descend(struct search *search)
{
    struct normalised *problem = &search->problem;
    double last = INFINITY;
    int patience = 0;
    normalised_evaluate(problem);
    while (!is_unbounded(search)) {
        search->decrement = search_direction(search);
        patience = is_on_its_way(search->decrement, last) ? PATIENCE : patience - (patience > 0);
        if ((patience == 0 && is_there(search->decrement, last, problem->objective)) ||
            search->steps == SEARCH_STEPS || !take_step(search))
            return;
        last = search->decrement;
    }
}
