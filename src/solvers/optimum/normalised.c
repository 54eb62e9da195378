/* SPDX-License-Identifier: MIT
 *
 * Passes over rows of x~, which are made one at a time where they are used: a copy would double
 * what the data take.
 */
#include "solvers/optimum/normalised.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "kernels/row_sums.h"
#include "solvers/norm.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Behind the gradient in the sums of a chunk. */
enum { LOSS, LOSS_REST, SLOPE, SUMS };

static const double roundoff = DBL_EPSILON / 2.0;

static size_t buffer_length(const struct dataset *data)
{
    return memory_apart(data->features + 1);
}

static void choose_coordinates(struct normalised *problem, const struct ranges *ranges)
{
    const double root = sqrt(problem->lambda);
    for (size_t j = 0; j + 1 < problem->length; j++) {
        const struct range both = ranges_of_both(ranges, j);
        const double near = fmin(fabs(both.least), fabs(both.most));
        const double far = fmax(fabs(both.least), fabs(both.most));
        const bool shifted =
            ranges->whole[j] && both.least * both.most > 0.0 && far <= 3.0 * near && near < far;
        if (shifted)
            problem->shift[j] = both.least + (both.most - both.least) / 2.0;
        const double size = shifted ? both.most - both.least : far;
        problem->scale[j] = range_unit(fmax(size, root));
        problem->mu[j] = root * problem->scale[j] * (root * problem->scale[j]);
    }
}

void normalised_open(struct normalised *problem, const struct dataset *data,
                     const struct ranges *ranges, double lambda, const unsigned char *active,
                     int threads)
{
    const size_t length = data->features + 1, rows = data->rows;
    *problem = (struct normalised){.data = data, .active = active, .lambda = lambda};
    problem->threads = chunk_threads(data, threads);
    problem->length = length;
    double *vectors = memory_allocate(6 * length, sizeof *vectors);
    problem->scale = vectors;
    problem->shift = vectors + length;
    problem->mu = vectors + 2 * length;
    problem->point = vectors + 3 * length;
    problem->g = vectors + 4 * length;
    problem->step = vectors + 5 * length;
    problem->z = memory_allocate(3 * rows + 1, sizeof *problem->z);
    problem->along = problem->z + rows;
    problem->residual = problem->along + rows;
    problem->hessian = hessian_create(data, threads);
    problem->cut = chunking_of(data, rows);
    problem->stride = memory_apart(length + SUMS);
    problem->partial =
        memory_allocate_untouched(problem->cut.count * problem->stride, sizeof(double));
    problem->buffers =
        memory_allocate_untouched((size_t)problem->threads * buffer_length(data), sizeof(double));
    choose_coordinates(problem, ranges);
}

void normalised_close(struct normalised *problem)
{
    hessian_free(problem->hessian);
    memory_free(problem->scale);
    memory_free(problem->z);
    memory_free(problem->partial);
    memory_free(problem->buffers);
}

/* --- Rows ---------------------------------------------------------------------------------- */

struct sample normalised_row(const struct normalised *problem, size_t i, double *buffer)
{
    struct sample x = dataset_sample(problem->data, i);
    if (x.columns == NULL) {
#pragma omp simd
        for (size_t j = 0; j < x.count; j++)
            buffer[j] = (sample_value(&x, j) - problem->shift[j]) * problem->scale[j];
    } else {
        for (size_t t = 0; t < x.count; t++)
            buffer[t] =
                (sample_value(&x, t) - problem->shift[x.columns[t]]) * problem->scale[x.columns[t]];
    }
    x.values = buffer;
    x.singles = NULL;
    return x;
}

double normalised_dot(const struct normalised *problem, const struct sample *x, const double *v)
{
    double sum;
    if (x->columns == NULL)
        sum = dense_sum_one(x->values, v, x->count);
    else
        sparse_sum(x, v, 1, 1, &sum);
    return sum + v[problem->length - 1];
}

double normalised_size(const struct normalised *problem, const struct sample *x, const double *v)
{
    double sum = fabs(v[problem->length - 1]);
    for (size_t t = 0; t < x->count; t++)
        sum += fabs(sample_value(x, t) * v[sample_column(x, t)]);
    return sum;
}

/* A product, each addition, and what underflows. */
double normalised_rounding(const struct sample *x, double size)
{
    return ((double)x->count + 3.0) * (roundoff * size + DBL_MIN);
}

static double *own_buffer(const struct normalised *problem)
{
    return problem->buffers + (size_t)threads_current() * buffer_length(problem->data);
}

/* --- Passes -------------------------------------------------------------------------------- */

/* What the rows [begin, end) add to the sums of a chunk, which are 0. */
typedef void add_rows(struct normalised *problem, size_t begin, size_t end, double *sums,
                      const void *context);

/* sums (length + SUMS) of all rows, divided by n. */
static const double *pass(struct normalised *problem, add_rows *add, const void *context)
{
    const size_t count = problem->length + SUMS;
#pragma omp parallel num_threads(problem->threads)
    {
        threads_enter();
#pragma omp for schedule(static)
        for (size_t chunk = 0; chunk < problem->cut.count; chunk++) {
            double *sums = problem->partial + chunk * problem->stride;
            memset(sums, 0, count * sizeof *sums);
            add(problem, chunking_begin(&problem->cut, chunk),
                chunking_begin(&problem->cut, chunk + 1), sums, context);
        }
        chunks_add(problem->partial, problem->stride, problem->cut.count, count);
    }
    ranks_allreduce(problem->data->ranks, problem->partial, count);
    for (size_t j = 0; j < count; j++)
        problem->partial[j] /= (double)dataset_samples(problem->data);
    return problem->partial;
}

struct products {
    const double *v;
    double *out;
};

static void add_products(struct normalised *problem, size_t begin, size_t end, double *sums,
                         const void *context)
{
    const struct products *products = context;
    double *buffer = own_buffer(problem);
    (void)sums;
    for (size_t i = begin; i < end; i++) {
        const struct sample x = normalised_row(problem, i, buffer);
        products->out[i] = normalised_dot(problem, &x, products->v);
    }
}

void normalised_products(struct normalised *problem, const double *v, double *out)
{
    const struct products products = {v, out};
#pragma omp parallel num_threads(problem->threads)
    {
        threads_enter();
#pragma omp for schedule(static)
        for (size_t chunk = 0; chunk < problem->cut.count; chunk++)
            add_products(problem, chunking_begin(&problem->cut, chunk),
                         chunking_begin(&problem->cut, chunk + 1), NULL, &products);
    }
}

/* sum + rest <- sum + rest + term */
static void add_compensated(double *sum, double *rest, double term)
{
    const double total = *sum + term;
    *rest += fabs(*sum) >= fabs(term) ? (*sum - total) + term : (term - total) + *sum;
    *sum = total;
}

/* p (1 - p) = e / (1 + e)^2 */
static double curvature_of(double z)
{
    const double e = neuron_exp(-fabs(z));
    return e / ((1.0 + e) * (1.0 + e));
}

static void add_point(struct normalised *problem, size_t begin, size_t end, double *sums,
                      const void *context)
{
    double *buffer = own_buffer(problem), *D = hessian_weights(problem->hessian);
    double *totals = sums + problem->length;
    (void)context;
    for (size_t i = begin; i < end; i++) {
        D[i] = problem->residual[i] = 0.0;
        if (!normalised_has(problem, i))
            continue;
        const double y = problem->data->y[i], weight = class_weight(problem->data, y);
        const struct neuron_point at = neuron_point(problem->z[i], y);
        const struct sample x = normalised_row(problem, i, buffer);
        problem->residual[i] = weight * at.residual;
        D[i] = weight * curvature_of(problem->z[i]);
        add_compensated(&totals[LOSS], &totals[LOSS_REST], weight * at.loss);
        sample_add(&x, problem->residual[i], sums);
        sums[problem->length - 1] += problem->residual[i];
    }
}

static double penalty_at(const struct normalised *problem, double t)
{
    double sum = 0.0;
    for (size_t j = 0; j + 1 < problem->length; j++) {
        const double v = problem->point[j] + t * problem->step[j];
        sum += problem->mu[j] > 0.0 ? problem->mu[j] * v * v : 0.0;
    }
    return 0.5 * sum;
}

void normalised_evaluate(struct normalised *problem)
{
    normalised_products(problem, problem->point, problem->z);
    const double *sums = pass(problem, add_point, NULL), *totals = sums + problem->length;
    for (size_t j = 0; j < problem->length; j++)
        problem->g[j] = sums[j] + problem->mu[j] * problem->point[j];
    problem->objective = totals[LOSS] + totals[LOSS_REST] + penalty_at(problem, 0.0);
}

static void add_line(struct normalised *problem, size_t begin, size_t end, double *sums,
                     const void *context)
{
    const double t = *(const double *)context;
    double *totals = sums + problem->length;
    for (size_t i = begin; i < end; i++) {
        if (!normalised_has(problem, i))
            continue;
        const double y = problem->data->y[i], weight = class_weight(problem->data, y);
        const struct neuron_point at = neuron_point(problem->z[i] + t * problem->along[i], y);
        add_compensated(&totals[LOSS], &totals[LOSS_REST], weight * at.loss);
        totals[SLOPE] += weight * at.residual * problem->along[i];
    }
}

void normalised_look(struct normalised *problem, double t, double *objective, double *slope)
{
    const double *totals = pass(problem, add_line, &t) + problem->length;
    *objective = totals[LOSS] + totals[LOSS_REST] + penalty_at(problem, t);
    *slope = totals[SLOPE];
    for (size_t j = 0; j + 1 < problem->length; j++)
        if (problem->mu[j] > 0.0)
            *slope +=
                problem->mu[j] * (problem->point[j] + t * problem->step[j]) * problem->step[j];
}

/* --- Second derivatives ---------------------------------------------------------------------- */

void normalised_matrix(struct normalised *problem, double *H)
{
    const struct hessian_units units = {problem->scale, problem->shift};
    hessian_matrix_in(problem->hessian, &units, H);
    for (size_t j = 0; j < problem->length; j++)
        H[j * problem->length + j] += problem->mu[j];
}

static void add_multiplied(struct normalised *problem, size_t begin, size_t end, double *sums,
                           const void *context)
{
    const double *v = context, *D = hessian_weights(problem->hessian);
    double *buffer = own_buffer(problem);
    for (size_t i = begin; i < end; i++) {
        if (D[i] == 0.0)
            continue;
        const struct sample x = normalised_row(problem, i, buffer);
        const double q = D[i] * normalised_dot(problem, &x, v);
        sample_add(&x, q, sums);
        sums[problem->length - 1] += q;
    }
}

void normalised_multiply(struct normalised *problem, const double *v, double *out)
{
    const double *sums = pass(problem, add_multiplied, v);
    for (size_t j = 0; j < problem->length; j++)
        out[j] = sums[j] + problem->mu[j] * v[j];
}

void normalised_diagonal(struct normalised *problem, double *out)
{
    const struct hessian_units units = {problem->scale, problem->shift};
    hessian_diagonal_in(problem->hessian, &units, out);
    for (size_t j = 0; j < problem->length; j++)
        out[j] += problem->mu[j];
}

/* --- Rounding ------------------------------------------------------------------------------- */

/* Additions that a number of a row is rounded in on its way into the sum over all of them. */
static double depth(const struct normalised *problem)
{
    const struct chunking *cut = &problem->cut;
    const double ranks = ranks_count(problem->data->ranks);
    const size_t longest = cut->rows / cut->total + 1;
    return (double)longest + 8.0 + log2((double)cut->total * ranks);
}

/* z_i may be wrong by e_i, and so the loss by |r_i| e_i + D_i e_i^2 and the residual by D_i e_i;
 * and what is computed from z by a few roundings. */
static void add_doubt(struct normalised *problem, size_t begin, size_t end, double *sums,
                      const void *context)
{
    const double additions = *(const double *)context, *D = hessian_weights(problem->hessian);
    double *buffer = own_buffer(problem), *totals = sums + problem->length;
    for (size_t i = begin; i < end; i++) {
        if (!normalised_has(problem, i))
            continue;
        const struct sample x = normalised_row(problem, i, buffer);
        const double size = normalised_size(problem, &x, problem->point);
        const double e = normalised_rounding(&x, size), r = fabs(problem->residual[i]);
        const double doubt = 2.0 * D[i] * e + additions * roundoff * r;
        totals[LOSS] += r * e + D[i] * e * e;
        for (size_t t = 0; t < x.count; t++)
            sums[sample_column(&x, t)] += doubt * fabs(sample_value(&x, t));
        sums[problem->length - 1] += doubt;
    }
}

double normalised_doubt(struct normalised *problem, double *g)
{
    const double additions = depth(problem);
    const double *sums = pass(problem, add_doubt, &additions);
    for (size_t j = 0; j < problem->length; j++)
        g[j] = 1.01 * sums[j] +
               4.0 * roundoff * (fabs(problem->g[j]) + problem->mu[j] * fabs(problem->point[j]));
    const double terms =
        8.0 + log2((double)problem->cut.total) + 2.0 * ranks_count(problem->data->ranks);
    const double penalty = penalty_at(problem, 0.0);
    return 1.01 * sums[problem->length + LOSS] + terms * roundoff * problem->objective +
           (double)(problem->length + 3) * roundoff * penalty;
}

double normalised_gradient_norm(const struct normalised *problem)
{
    const size_t d = problem->length - 1;
    double *raw = memory_allocate(problem->length, sizeof *raw);
    for (size_t j = 0; j < d; j++)
        raw[j] = problem->g[j] / problem->scale[j] + problem->shift[j] * problem->g[d];
    const double norm = norm_with(raw, d, 1, problem->g[d]);
    memory_free(raw);
    return norm;
}
