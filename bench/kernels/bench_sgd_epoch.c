/* SPDX-License-Identifier: MIT
 *
 * One epoch of one-sample SGD for k models at once, over the rows as they lie and in a random
 * order.
 *
 * Every kernel of kernel_table that does it is a row, and `plain` is the loop a person would write
 * (plain.h). For one model the ceiling is the latency of the chain from a sample to the next one;
 * for several, which are independent of each other, the products at the rate of GEMM.
 */
#include "ceilings.h"
#include "difference.h"
#include "families.h"
#include "made_data.h"
#include "plain.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "kernels/stochastic/sgd.h"

#include <math.h>
#include <stdio.h>

static const struct shape shapes[] = {{10000, 2}, {20000, 100}, {20000, 784}};
static const size_t model_counts[] = {1, 64};
static const double rate = 0.01, lambda = 1e-4;

struct row {
    const struct kernel *kernel; /* NULL: plain */
    struct shape shape;
    size_t models;
    int threads;
    bool shuffled;
    double residual; /* NaN: not compared yet */
};

/* What a repetition works with. */
struct work {
    struct models models;
    double *rates, *lambdas; /* (k) */
    uint32_t *order;         /* (n), or NULL */
    struct sgd_epoch epoch;
};

static struct work work_create(const struct row *row, const struct dataset *data)
{
    struct work work = {
        .models = made_models(data->features, row->models),
        .rates = memory_allocate(row->models, sizeof(double)),
        .lambdas = memory_allocate(row->models, sizeof(double)),
    };
    for (size_t j = 0; j < row->models; j++) {
        work.rates[j] = rate;
        work.lambdas[j] = lambda;
    }
    if (row->shuffled) {
        struct random_stream stream = random_open(1, RANDOM_ORDER, 0);
        work.order = memory_allocate(data->rows, sizeof *work.order);
        random_permutation(&stream, work.order, data->rows);
    }
    work.epoch = (struct sgd_epoch){data, work.order, work.rates, work.lambdas, ACTIVATION_SIGMOID};
    return work;
}

static void work_clear(struct work *work)
{
    models_clear(&work->models);
    memory_free(work->rates);
    memory_free(work->lambdas);
    memory_free(work->order);
}

static struct kernel_problem problem_of(const struct row *row, const struct kernel *kernel,
                                        const struct dataset *data)
{
    return (struct kernel_problem){
        .data = data, .sgd = kernel, .models = row->models, .threads = row->threads};
}

/* The workspace of a kernel; NULL for plain, which needs none. */
static struct sgd *sgd_for(const struct kernel_problem *problem)
{
    return problem->sgd != NULL ? sgd_create(problem) : NULL;
}

static void epoch_run(struct sgd *sgd, const struct sgd_epoch *epoch, struct models *models)
{
    if (sgd != NULL)
        sgd_run(sgd, epoch, models);
    else
        plain_sgd_epoch(epoch, models);
}

/* The threads that a kernel can use for so many models. */
static int most_threads(const struct kernel *kernel, size_t models)
{
    const bool several = kernel != NULL && (models > 1 || kernel->sgd_slices != NULL);
    return several ? threads_available() : 1;
}

/* How far the weights are from the reference's after the first samples of an epoch. */
static double residual(const struct row *row, const struct work *work, size_t samples)
{
    size_t d = row->shape.features, k = row->models;
    struct dataset first = *work->epoch.data;
    first.rows = samples;
    struct sgd_epoch epoch = work->epoch;
    epoch.data = &first;
    struct models models = made_models(d, k), expected = made_models(d, k);
    const struct kernel_problem problem = problem_of(row, row->kernel, &first),
                                naive = problem_of(row, &kernel_reference, &first);
    struct sgd *sgd = sgd_for(&problem), *reference = sgd_for(&naive);
    epoch_run(sgd, &epoch, &models);
    epoch_run(reference, &epoch, &expected);
    sgd_free(sgd);
    sgd_free(reference);
    struct difference difference = {0};
    difference_add(&difference, models.W, expected.W, d * k);
    difference_add(&difference, models.b, expected.b, k);
    models_clear(&models);
    models_clear(&expected);
    return difference_relative(&difference);
}

/* Operations of the two products of an epoch. */
static double products(const struct row *row)
{
    return 4.0 * (double)row->shape.rows * (double)row->shape.features * (double)row->models;
}

/* What an epoch would take at the limit. */
static double ceiling(const struct row *row)
{
    if (row->models == 1)
        return (double)row->shape.rows * ceiling_chain_seconds();
    return products(row) / ceiling_gemm_rate(row->threads);
}

static void measure(struct gbench *bench, struct row *row, struct work *work)
{
    size_t n = row->shape.rows, compared = rows_compared(n, row->shape.features, row->models);
    if (isnan(row->residual))
        row->residual = residual(row, work, compared);
    if (!residual_report(bench, row->residual))
        return;
    double limit = ceiling(row);
    const struct kernel_problem problem = problem_of(row, row->kernel, work->epoch.data);
    struct sgd *sgd = sgd_for(&problem);
    while (gbench_next(bench))
        epoch_run(sgd, &work->epoch, &work->models);
    sgd_free(sgd);
    if (!finite_report(bench, work->models.W, row->shape.features * row->models))
        return;
    double seconds = gbench_seconds(bench);
    gbench_rate(bench, "flops_per_second", products(row));
    gbench_counter(bench, "seconds_per_model", seconds / (double)row->models);
    gbench_counter(bench, "nanoseconds_per_sample_model",
                   1e9 * seconds / (double)n / (double)row->models);
    gbench_counter(bench, "of_ceiling", limit / seconds);
    label_compared(bench, compared, n);
}

static void run(struct gbench *bench, void *context)
{
    struct row *row = context;
    const struct dataset *data = made_data(bench, row->shape);
    if (data == NULL)
        return;
    struct work work = work_create(row, data);
    measure(bench, row, &work);
    work_clear(&work);
}

static void register_rows(const struct kernel *kernel, struct shape shape, size_t models)
{
    static const char *const orders[] = {"none", "random"};
    char name[128];
    for (int threads = 1; threads <= most_threads(kernel, models); threads *= 2)
        for (int shuffled = 0; shuffled <= 1; shuffled++) {
            struct row row = {kernel, shape, models, threads, shuffled, NAN};
            snprintf(name, sizeof name, "sgd_epoch/%s/n:%zu/d:%zu/k:%zu/threads:%d/order:%s",
                     kernel != NULL ? kernel->entry.name : "plain", shape.rows, shape.features,
                     models, threads, orders[shuffled]);
            gbench_register(name, run, &row, sizeof row);
        }
}

/* Is a row worth its time? */
static bool wanted(const struct kernel *kernel, struct shape shape, size_t models)
{
    if (kernel == &kernel_reference)
        return reference_is_timed(shape.rows, shape.features, models);
    return kernel->sgd_epoch != NULL && (kernel->takes & TAKES_DENSE) != 0;
}

static void register_shape(struct shape shape, size_t models)
{
    register_rows(NULL, shape, models);
    for (size_t i = 0; i < kernel_table.count; i++) {
        const struct kernel *kernel = kernel_of(kernel_table.entries[i]);
        if (wanted(kernel, shape, models))
            register_rows(kernel, shape, models);
    }
}

void sgd_epoch_register(void)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t j = 0; j < sizeof model_counts / sizeof *model_counts; j++)
            register_shape(shapes[i], model_counts[j]);
}
