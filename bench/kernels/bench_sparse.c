/* SPDX-License-Identifier: MIT
 *
 * Passes and epochs of SGD over sparse data: texts as bags of words have such shapes, far more
 * features than a row has entries.
 *
 * An entry costs a walk to its weight, which no hardware foresees: what it takes is set by how much
 * of the weights a cache holds, so there is no ceiling of bandwidth or products to stand beside.
 * The number to watch is nanoseconds for an entry and model.
 */
#include "difference.h"
#include "families.h"
#include "made_data.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "kernels/pass.h"
#include "kernels/stochastic/sgd.h"

#include <math.h>
#include <stdio.h>

static const struct sparse_shape shapes[] = {{20000, 47000, 75, false}, {200000, 1000, 20, false}};
static const size_t model_counts[] = {1, 16};
static const double rate = 0.01, lambda = 1e-4;

struct row {
    bool sgd; /* an epoch of SGD in a random order; otherwise a pass */
    struct sparse_shape shape;
    size_t models;
    int threads;
    double residual; /* NaN: not compared yet */
};

/* What a repetition works with; without a pass it is SGD. */
struct work {
    const struct dataset *data;
    struct models models;
    double *rates, *lambdas; /* (k) */
    uint32_t *order;         /* (n) */
    struct kernel_problem problem;
    struct pass *pass;
    struct sgd *sgd;
    struct pass_sums sums; /* of the last pass */
};

static void work_open(struct work *work, const struct row *row, const struct kernel *kernel,
                      const struct dataset *data)
{
    *work = (struct work){.data = data, .models = made_models(data->features, row->models)};
    work->problem = (struct kernel_problem){.data = data,
                                            .pass = kernel,
                                            .sgd = kernel,
                                            .models = row->models,
                                            .threads = row->threads};
    struct random_stream stream = random_open(1, RANDOM_ORDER, 0);
    work->rates = memory_allocate(2 * row->models, sizeof(double));
    work->lambdas = work->rates + row->models;
    for (size_t j = 0; j < row->models; j++) {
        work->rates[j] = rate;
        work->lambdas[j] = lambda;
    }
    work->order = memory_allocate(data->rows, sizeof *work->order);
    random_permutation(&stream, work->order, data->rows);
    if (row->sgd)
        work->sgd = sgd_create(&work->problem);
    else
        work->pass = pass_create(&work->problem, data->rows, false);
}

static void work_clear(struct work *work)
{
    models_clear(&work->models);
    memory_free(work->rates);
    memory_free(work->order);
    pass_free(work->pass);
    sgd_free(work->sgd);
}

static void work_run(struct work *work)
{
    const struct sgd_epoch epoch = {work->data, work->order, work->rates, work->lambdas,
                                    ACTIVATION_SIGMOID};
    if (work->sgd != NULL)
        sgd_run(work->sgd, &epoch, &work->models);
    else
        work->sums = pass_run(work->pass, NULL, 0, work->data->rows, &work->models);
}

/* Where the numbers of interest (d, k) are: the gradient, or the weights. */
static const double *work_result(const struct work *work)
{
    return work->sgd != NULL ? work->models.W : work->sums.G;
}

/* How far the result over the first rows is from the reference's. */
static double residual(const struct row *row, const struct dataset *data, size_t rows)
{
    struct dataset first = *data;
    first.rows = rows;
    struct work work, reference;
    work_open(&work, row, &kernel_sparse, &first);
    work_open(&reference, row, &kernel_reference, &first);
    work_run(&work);
    work_run(&reference);
    struct difference difference = {0};
    difference_add(&difference, work_result(&work), work_result(&reference),
                   data->features * row->models);
    work_clear(&work);
    work_clear(&reference);
    return difference_relative(&difference);
}

static void report(struct gbench *bench, const struct row *row, const struct dataset *data)
{
    const struct problem_size problem = problem_size_of(data, row->models);
    double seconds = gbench_seconds(bench);
    gbench_rate(bench, "flops_per_second", kernel_sparse.flops(problem));
    gbench_rate(bench, "bytes_per_second", kernel_sparse.bytes(problem));
    gbench_counter(bench, "seconds_per_model", seconds / problem.models);
    gbench_counter(bench, "nanoseconds_per_entry_model",
                   1e9 * seconds / problem.entries / problem.models);
}

static void run(struct gbench *bench, void *context)
{
    struct row *row = context;
    const struct dataset *data = made_sparse(bench, row->shape);
    if (data == NULL)
        return;
    size_t compared = rows_compared(data->rows, data->features, row->models);
    if (isnan(row->residual))
        row->residual = residual(row, data, compared);
    if (!residual_report(bench, row->residual))
        return;
    struct work work;
    work_open(&work, row, &kernel_sparse, data);
    work_run(&work);
    while (gbench_next(bench))
        work_run(&work);
    if (finite_report(bench, work_result(&work), data->features * row->models))
        report(bench, row, data);
    label_compared(bench, compared, data->rows);
    work_clear(&work);
}

static void register_rows(bool sgd, struct sparse_shape shape, size_t models)
{
    char name[128];
    int most = sgd && models == 1 ? 1 : threads_available();
    for (int threads = 1; threads <= most; threads *= 2) {
        struct row row = {sgd, shape, models, threads, NAN};
        snprintf(name, sizeof name, "%s/sparse/n:%zu/d:%zu/nnz:%zu/k:%zu/threads:%d%s",
                 sgd ? "sgd_epoch" : "gd_epoch", shape.rows, shape.features, shape.entries, models,
                 threads, sgd ? "/order:random" : "");
        gbench_register(name, run, &row, sizeof row);
    }
}

void sparse_register(void)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t j = 0; j < sizeof model_counts / sizeof *model_counts; j++)
            for (int sgd = 0; sgd <= 1; sgd++)
                register_rows(sgd, shapes[i], model_counts[j]);
}
