/* SPDX-License-Identifier: MIT
 *
 * An epoch of SVRG and of SAGA, one model over sparse data in a random order: of the shape of
 * categories that became columns (a9a), where all values are 1, and of any values.
 *
 * SVRG's is the full gradient, the table of residuals and the steps; SAGA's the steps alone. The
 * steps are a chain from sample to sample; what more threads can do is all but that.
 */
#include "difference.h"
#include "families.h"
#include "made_data.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "kernels/pass.h"
#include "kernels/stochastic/reduced_epoch.h"

#include <math.h>
#include <stdio.h>

static const struct sparse_shape shapes[] = {{32561, 123, 14, true}, {20000, 2000, 20, false}};
static const double rate = 0.01, lambda = 1e-4;

struct row {
    bool update; /* SAGA; otherwise SVRG */
    struct sparse_shape shape;
    int threads;
    double residual; /* NaN: not compared yet */
};

/* What a repetition works with. */
struct work {
    const struct dataset *data;
    struct models models;
    uint32_t *order; /* (n) */
    struct kernel_problem problem;
    struct pass *pass;
    struct reduced *reduced;
    struct reduced_epoch epoch;
};

static void work_open(struct work *work, const struct row *row, const struct dataset *data)
{
    const size_t n = data->rows, d = data->features;
    struct random_stream stream = random_open(1, RANDOM_ORDER, 0);
    *work = (struct work){.data = data, .models = made_models(d, 1)};
    work->problem = (struct kernel_problem){
        .data = data, .pass = &kernel_sparse, .models = 1, .threads = row->threads};
    work->order = memory_allocate(n, sizeof *work->order);
    random_permutation(&stream, work->order, n);
    double *numbers = memory_allocate(n + d + 1, sizeof *numbers);
    work->epoch = (struct reduced_epoch){.order = work->order,
                                         .rates = &rate,
                                         .lambdas = &lambda,
                                         .table = {numbers, numbers + n, numbers + n + d},
                                         .update = row->update};
    work->pass = pass_create(&work->problem, n, false);
    work->reduced = reduced_create(&work->problem);
}

static void work_clear(struct work *work)
{
    models_clear(&work->models);
    memory_free(work->order);
    memory_free(work->epoch.table.residuals);
    pass_free(work->pass);
    reduced_free(work->reduced);
}

/* The table and its mean gradient, at the models. */
static void fill(struct work *work)
{
    const struct reduced_table *table = &work->epoch.table;
    const double n = (double)work->data->rows;
    const struct pass_sums sums = pass_run(work->pass, NULL, 0, work->data->rows, &work->models);
    for (size_t f = 0; f < work->data->features; f++)
        table->A[f] = sums.G[f] / n;
    table->a[0] = sums.gb[0] / n;
    reduced_fill(work->data, &work->models, table->residuals, work->problem.threads);
}

static void work_run(struct work *work)
{
    if (!work->epoch.update)
        fill(work);
    reduced_run(work->reduced, &work->epoch, &work->models);
}

/* The steps as a person would write them, every feature at every step. */
static void plain_epoch(const struct work *work, double *w, double *b)
{
    const struct dataset *data = work->data;
    const struct reduced_table *table = &work->epoch.table;
    const double n = (double)data->rows;
    for (size_t i = 0; i < data->rows; i++) {
        const size_t row = work->order[i];
        const struct sample x = dataset_sample(data, row);
        const double r = 1.0 / (1.0 + exp(-sample_dot(&x, w) - *b)) - data->y[row];
        const double delta = r - table->residuals[row];
        for (size_t f = 0; f < data->features; f++)
            w[f] -= rate * (table->A[f] + lambda * w[f]);
        *b -= rate * (delta + table->a[0]);
        sample_add(&x, -rate * delta, w);
        if (!work->epoch.update)
            continue;
        sample_add(&x, delta / n, table->A);
        table->a[0] += delta / n;
        table->residuals[row] = r;
    }
}

/* How far the weights are from plain ones after an epoch, of a table as it was made. */
static double residual(const struct row *row, const struct dataset *data)
{
    struct work work, plain;
    work_open(&work, row, data);
    work_open(&plain, row, data);
    fill(&work);
    fill(&plain);
    for (size_t f = 0; f < data->features; f++) /* the steps begin elsewhere */
        work.models.W[f] = plain.models.W[f] *= 1.1;
    reduced_run(work.reduced, &work.epoch, &work.models);
    plain_epoch(&plain, plain.models.W, plain.models.b);
    struct difference difference = {0};
    difference_add(&difference, work.models.W, plain.models.W, data->features);
    difference_add(&difference, work.models.b, plain.models.b, 1);
    work_clear(&work);
    work_clear(&plain);
    return difference_relative(&difference);
}

static void run(struct gbench *bench, void *context)
{
    struct row *row = context;
    const struct dataset *data = made_sparse(bench, row->shape);
    if (data == NULL)
        return;
    if (isnan(row->residual))
        row->residual = residual(row, data);
    if (!residual_report(bench, row->residual))
        return;
    struct work work;
    work_open(&work, row, data);
    fill(&work);
    while (gbench_next(bench))
        work_run(&work);
    if (finite_report(bench, work.models.W, data->features))
        gbench_counter(bench, "nanoseconds_per_sample",
                       1e9 * gbench_seconds(bench) / (double)data->rows);
    work_clear(&work);
}

void reduced_register(void)
{
    char name[128];
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (int update = 0; update <= 1; update++)
            for (int threads = 1; threads <= threads_available() && threads <= 2; threads++) {
                const struct sparse_shape shape = shapes[i];
                struct row row = {update != 0, shape, threads, NAN};
                snprintf(
                    name, sizeof name,
                    "%s_epoch/sparse/n:%zu/d:%zu/nnz:%zu/values:%s/k:1/threads:%d/order:random",
                    update ? "saga" : "svrg", shape.rows, shape.features, shape.entries,
                    shape.ones ? "ones" : "any", threads);
                gbench_register(name, run, &row, sizeof row);
            }
}
