/* SPDX-License-Identifier: MIT
 *
 * What can be said of F* at a point. The loss is self-concordant in the sense of Bach
 * ("Self-concordant analysis for logistic regression", Electronic J. Statistics 2010): along x + t
 * p its second derivative falls no faster than exp(-t max_i |x_i.p|). Let U be any samples, H_U
 * their part of H with the regularisation, nu = sqrt(g' H_U^-1 g) the decrement in its norm, and M
 * the largest norm sqrt(x_i' H_U^-1 x_i) in U. Then along any p of norm 1 in H_U
 *
 *     F' >= -nu + (1 - exp(-M t)) / M
 *
 * since the other samples are convex. So for a = M nu < 1 there is a minimiser, and
 *
 *     F - F* <= (a + (1 - a) log(1 - a)) / M^2 = nu^2 / 2 (1 + a/3 + ...)
 *
 * D_i x_i x_i' / n is part of H_U, and so D_i x_i' H_U^-1 x_i <= n: M <= sqrt(n / min D), which
 * needs no pass. Samples that are nearly certain would spoil it, and are left out of U, a few more
 * with each try.
 *
 * Where columns are combinations of others, this holds on the others; and F does not change along
 * the null vectors, if they are null vectors: their products with each sample must be rounding of
 * its own terms. Columns that are dependent but for the rounding of every sample count as
 * dependent.
 *
 * For lambda > 0 F is strongly convex in the weights once it is minimised over the bias, to F_b:
 *
 *     F_b - F* <= sum g_j^2 / (2 mu_j)
 *
 * where the bias has been moved to. The gradient's own rounding is added to it in both.
 *
 * Little regularisation on data that are separable, wholly or in part, drives samples so far away
 * that neither holds. But no term of F is below 0: without those samples F is smaller, and so is
 * its minimum. What they add to F is then added to the bound.
 */
#include "solvers/optimum/optimum_search.h"

#include "base/memory.h"
#include "neuron/activation.h"
#include "solvers/norm.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { BIAS_STEPS = 50 };

static const double trace = 1e-13;   /* of regularisation, in a column of size 1 */
static const double enough = 1e-12;  /* of F: no better bound is looked for */
static const double certain = 1e-11; /* of F: what is left of the loss of a sample far away */
static const double nothing = 1e-20; /* the same, where F is next to 0 */

/* Samples below the threshold leave U. Returns the smallest weight that is left; infinite: none. */
static double leave_out(struct normalised *problem, double threshold)
{
    double *D = hessian_weights(problem->hessian), least = INFINITY;
    for (size_t i = 0; i < problem->data->rows; i++) {
        if (!(D[i] >= threshold))
            D[i] = 0.0;
        else if (normalised_has(problem, i) && D[i] > 0.0)
            least = fmin(least, D[i]);
    }
    return ranks_allreduce_min(problem->data->ranks, least);
}

/* --- Dependent columns ----------------------------------------------------------------------- */

/* v <- v minus what H says of its residual: one step of refinement. */
static void refine(struct search *search, double *v, double *work)
{
    normalised_multiply(&search->problem, v, work);
    cholesky_apply(search->factor, work);
    for (size_t i = 0; i < search->problem.length; i++)
        v[i] -= work[i];
}

/* Is x~ . v + c rounding in every sample? An element of v is known to rounding of the largest of
 * them, each in the size of its column: `sizes` are those, for the bound. */
static bool is_null(struct normalised *problem, const double *v, const double *sizes)
{
    double *buffer = memory_allocate(problem->length, sizeof *buffer), against = 0.0;
    for (size_t i = 0; i < problem->data->rows && against == 0.0; i++) {
        if (!normalised_has(problem, i))
            continue;
        const struct sample x = normalised_row(problem, i, buffer);
        const double rounding = normalised_rounding(&x, normalised_size(problem, &x, sizes));
        against += !(fabs(normalised_dot(problem, &x, v)) <= 4.0 * rounding);
    }
    memory_free(buffer);
    return ranks_allreduce_max(problem->data->ranks, against) == 0.0;
}

/* A null vector of H has nothing of columns that are held by the regularisation. */
static bool is_free(const struct normalised *problem, const double *v, const double *sizes)
{
    bool all = true;
    for (size_t j = 0; j < problem->length; j++)
        all = all && (problem->mu[j] == 0.0 || fabs(v[j]) <= 1e-12 * sizes[j]);
    return all;
}

static void sizes_of(const struct cholesky *factor, const double *v, double *sizes)
{
    double largest = 0.0;
    for (size_t i = 0; i < factor->length; i++)
        if (factor->S[i] > 0.0)
            largest = fmax(largest, fabs(v[i]) / factor->S[i]);
    for (size_t i = 0; i < factor->length; i++)
        sizes[i] = fmax(fabs(v[i]), largest * factor->S[i]);
}

static bool dependent_columns_are_null(struct search *search)
{
    const size_t length = search->problem.length;
    double *v = memory_allocate(2 * length, sizeof *v), *sizes = v + length;
    bool all = true;
    for (size_t k = search->factor->rank; k < length && all; k++) {
        cholesky_null(search->factor, k, v);
        refine(search, v, sizes);
        sizes_of(search->factor, v, sizes);
        all = is_free(&search->problem, v, sizes) && is_null(&search->problem, v, sizes);
    }
    memory_free(v);
    return all;
}

/* --- The decrement --------------------------------------------------------------------------- */

/* F - F* from nu and M. */
static double gain(double nu, double M)
{
    const double a = M * nu;
    if (!(a <= 0.5))
        return INFINITY;
    if (a < 1e-3) /* the series, whose terms fall by 1/2 a at least */
        return nu * nu * (0.5 + a / 3.0);
    return (a + (1.0 - a) * log1p(-a)) / (M * M);
}

/* nu, with what rounding of g (doubt) may add to it; infinite where H is too near to singular for
 * its inverse to be known to a tenth. */
static double decrement_of(struct search *search, const double *doubt)
{
    struct cholesky *factor = search->factor;
    const size_t length = search->problem.length;
    const double nu = cholesky_norm(factor, search->problem.g);
    if ((double)length * (double)(length + 2) * DBL_EPSILON > 0.1 * factor->least)
        return INFINITY;
    double *deviations = memory_allocate(length, sizeof *deviations), sum = nu;
    cholesky_deviations(factor, deviations);
    for (size_t i = 0; i < length; i++)
        sum += doubt[i] * deviations[i];
    memory_free(deviations);
    return 1.1 * sum;
}

/* With these samples: `least` is the smallest weight among them. */
static double bound_by_decrement(struct search *search, double least, const double *doubt)
{
    const double M = sqrt((double)dataset_samples(search->problem.data) / least);
    double nu = search_direction(search);
    if (search->factor != NULL) {
        if (!dependent_columns_are_null(search))
            return INFINITY;
        nu = decrement_of(search, doubt);
    } else {
        nu *= 2.0; /* conjugate gradients come from below */
    }
    return gain(nu, M);
}

static double best_by_decrement(struct search *search, const double *doubt)
{
    static const double thresholds[] = {0.0, 1e-16, 1e-12, 1e-9, 1e-6, 1e-3};
    double bound = INFINITY, last = -1.0;
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds && !isfinite(bound); i++) {
        const double least = leave_out(&search->problem, thresholds[i]);
        if (least != last && isfinite(least))
            bound = bound_by_decrement(search, least, doubt);
        last = least;
    }
    return bound;
}

/* --- Strong convexity ------------------------------------------------------------------------ */

/* Newton's method in the bias alone, as long as its derivative falls. */
static void minimise_over_bias(struct normalised *problem)
{
    const size_t d = problem->length - 1;
    double *diagonal = memory_allocate(problem->length, sizeof *diagonal);
    double last = INFINITY;
    for (int i = 0; i < BIAS_STEPS && fabs(problem->g[d]) < 0.5 * last; i++) {
        last = fabs(problem->g[d]);
        normalised_diagonal(problem, diagonal);
        if (!(diagonal[d] > 0.0))
            break;
        problem->point[d] -= problem->g[d] / diagonal[d];
        normalised_evaluate(problem);
    }
    memory_free(diagonal);
}

/* What the bias leaves of its derivative counts with its curvature, which hardly changes there. */
static double bound_by_convexity(struct normalised *problem, const double *doubt)
{
    const size_t d = problem->length - 1;
    double *diagonal = memory_allocate(problem->length, sizeof *diagonal), bound = 0.0;
    for (size_t j = 0; j < d; j++) {
        const double g = fabs(problem->g[j]) + doubt[j];
        bound += g == 0.0 ? 0.0 : g / problem->mu[j] * (g / 2.0);
    }
    const double rest = fabs(problem->g[d]) + doubt[d];
    normalised_diagonal(problem, diagonal);
    bound += rest / diagonal[d] * rest;
    memory_free(diagonal);
    return isnan(bound) ? INFINITY : bound;
}

/* Marks the samples that are left, and returns what the others add to F. */
static double leave_certain_out(struct normalised *problem, unsigned char *left)
{
    const double most = fmax(certain * problem->objective, nothing);
    double out = 0.0;
    for (size_t i = 0; i < problem->data->rows; i++) {
        const double y = problem->data->y[i];
        const double loss = class_weight(problem->data, y) * neuron_point(problem->z[i], y).loss;
        left[i] = normalised_has(problem, i) && !(loss <= most);
        out += normalised_has(problem, i) && !left[i] ? 1.01 * loss : 0.0;
    }
    ranks_allreduce(problem->data->ranks, &out, 1);
    return out / (double)dataset_samples(problem->data);
}

static double count_of(const struct normalised *problem, const unsigned char *left)
{
    double count = 0.0;
    for (size_t i = 0; i < problem->data->rows; i++)
        count += left[i];
    ranks_allreduce(problem->data->ranks, &count, 1);
    return count;
}

/* F without the regularisation of columns that hardly have any, and without the samples that hardly
 * add to it, is smaller than F, and so is its minimum: what is left out is added to the bound. Only
 * then are columns that depend on each other and are large against lambda free to do so. Everything
 * but the weights of second derivatives is as it was afterwards. */
static double bound_without_traces(struct search *search, bool with_certain, const double *doubt)
{
    struct normalised *problem = &search->problem;
    const size_t length = problem->length;
    const unsigned char *active = problem->active;
    double *mu = memory_allocate(length, sizeof *mu), left_out = 0.0;
    unsigned char *left = memory_allocate(problem->data->rows + 1, sizeof *left);
    memcpy(mu, problem->mu, length * sizeof *mu);
    for (size_t j = 0; j < length; j++) {
        if (!(mu[j] < trace))
            continue;
        left_out += 0.5 * (mu[j] * problem->point[j]) * problem->point[j];
        problem->mu[j] = 0.0;
    }
    if (!with_certain) {
        left_out += leave_certain_out(problem, left);
        problem->active = left;
    }
    const bool some = with_certain || count_of(problem, left) > 0.0;
    normalised_evaluate(problem);
    const double bound = left_out + (some ? best_by_decrement(search, doubt) : problem->objective);
    memcpy(problem->mu, mu, length * sizeof *mu);
    problem->active = active;
    normalised_evaluate(problem);
    memory_free(left);
    memory_free(mu);
    return bound;
}

double search_certify(struct search *search)
{
    struct normalised *problem = &search->problem;
    double *doubt = memory_allocate(problem->length, sizeof *doubt), bound = INFINITY;
    if (problem->lambda > 0.0)
        minimise_over_bias(problem);
    normalised_doubt(problem, doubt);
    if (problem->lambda > 0.0)
        bound = bound_by_convexity(problem, doubt);
    if (!(bound <= enough * problem->objective))
        bound = fmin(bound, best_by_decrement(search, doubt));
    for (int turn = 0; turn < 2 && problem->lambda > 0.0; turn++)
        if (!(bound <= enough * problem->objective)) {
            normalised_evaluate(problem);
            bound = fmin(bound, bound_without_traces(search, turn == 0, doubt));
        }
    memory_free(doubt);
    return bound;
}
