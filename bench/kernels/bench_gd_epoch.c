/* SPDX-License-Identifier: MIT
 *
 * One epoch of full-batch descent: loss and gradient over all rows, for k models at once.
 *
 * Every kernel of kernel_table that has a pass is a row, and `two_dgemv` is what a person would
 * write (plain.h). It takes one model after the other, so that k models cost k times as much as
 * one: where a single model takes a tenth of a second its rows for several are left out.
 *
 * Kernels for features in fewer bits have rows for each precision, ".../precision:int8".
 */
#include "ceilings.h"
#include "difference.h"
#include "families.h"
#include "made_data.h"
#include "plain.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "kernels/choice.h"
#include "kernels/pass.h"

#include <math.h>
#include <stdio.h>

enum { PLAIN_ELEMENTS = 1000000 }; /* of X at most, where the plain way takes several models */

/* Numbers of models; those beside 1 and 64 only where a row has EVERY_COUNT features. */
static const size_t model_counts[] = {1, 64, 2, 3, 4, 8, 16, 256};
enum { COUNTS = sizeof model_counts / sizeof *model_counts, COUNTS_ALWAYS = 2, EVERY_COUNT = 100 };

struct row {
    const struct kernel *kernel; /* NULL: two_dgemv */
    struct shape shape;
    size_t models;
    int threads;
    const char *precision; /* of the features; NULL: as they are */
    double residual;       /* NaN: not compared yet */
};

/* What a repetition works with. */
struct work {
    const struct dataset *data;
    struct models models;
    struct kernel_problem problem;
    struct pass *pass;       /* of a kernel; NULL: two_dgemv, with */
    double *plain, *scratch; /* G (d, k), and plain_scratch() */
};

static void work_open(struct work *work, const struct row *row, const struct dataset *data)
{
    size_t n = data->rows, d = data->features, k = row->models;
    *work = (struct work){.data = data, .models = made_models(d, k)};
    if (row->kernel != NULL) {
        work->problem = (struct kernel_problem){
            .data = data, .pass = row->kernel, .models = k, .threads = row->threads};
        work->pass = pass_create(&work->problem, n, false);
        return;
    }
    work->plain = memory_allocate(d * k, sizeof(double));
    work->scratch = memory_allocate(plain_scratch(n, d), sizeof(double));
    plain_set_threads(row->threads);
}

static void work_clear(struct work *work)
{
    if (work->pass == NULL)
        plain_set_threads(1);
    models_clear(&work->models);
    pass_free(work->pass);
    memory_free(work->plain);
    memory_free(work->scratch);
}

/* The gradient G (d, k) over the first rows, as a sum. */
static const double *gradient(const struct work *work, size_t rows)
{
    if (work->pass != NULL)
        return pass_run(work->pass, NULL, 0, rows, &work->models).G;
    struct dataset first = *work->data;
    first.rows = rows;
    plain_gradient(&first, &work->models, work->plain, work->scratch);
    return work->plain;
}

static double residual(const struct work *work, size_t rows)
{
    const struct kernel_problem problem = {
        .data = work->data, .pass = &kernel_reference, .models = work->models.count, .threads = 1};
    struct pass *reference = pass_create(&problem, work->data->rows, false);
    struct difference difference = {0};
    difference_add(&difference, gradient(work, rows),
                   pass_run(reference, NULL, 0, rows, &work->models).G,
                   work->models.features * work->models.count);
    pass_free(reference);
    return difference_relative(&difference);
}

/* What an epoch would take at the limit: to read X once, or two products at the rate of GEMM. */
static double ceiling(const struct row *row, const struct dataset *data)
{
    if (row->models == 1)
        return ceiling_read_seconds(data, row->threads) * (double)dataset_width(data) /
               (double)sizeof(double);
    if (row->precision != NULL)
        return NAN; /* GEMM is one of doubles */
    double products = 4.0 * (double)data->rows * (double)data->features * (double)row->models;
    return products / ceiling_gemm_rate(row->threads);
}

static void report(struct gbench *bench, const struct row *row, const struct dataset *data,
                   double limit)
{
    const struct problem_size problem = problem_size_of(data, row->models),
                              one = problem_size_of(data, 1);
    double seconds = gbench_seconds(bench);
    const struct kernel *kernel = row->kernel;
    gbench_rate(bench, "flops_per_second", (kernel != NULL ? kernel->flops : pass_flops)(problem));
    gbench_rate(bench, "bytes_per_second",
                kernel != NULL ? kernel->bytes(problem) : problem.models * kernel_blas.bytes(one));
    gbench_counter(bench, "seconds_per_model", seconds / problem.models);
    if (!isnan(limit))
        gbench_counter(bench, "of_ceiling", limit / seconds);
}

/* The variant, where it is not the kernel's first; or how many rows were compared. */
static void label(struct gbench *bench, const struct work *work, size_t compared, size_t rows)
{
    const struct entry *variant = work->pass != NULL ? pass_variant(work->pass) : NULL;
    if (variant != NULL && variant != work->problem.pass->variants->entries[0])
        gbench_label(bench, variant->name);
    else
        label_compared(bench, compared, rows);
}

static void measure(struct gbench *bench, struct row *row, const struct work *work)
{
    size_t n = row->shape.rows, compared = rows_compared(n, row->shape.features, row->models);
    if (isnan(row->residual))
        row->residual = residual(work, compared);
    if (!(row->precision != NULL ? residual_report_narrow : residual_report)(bench, row->residual))
        return;
    double limit = ceiling(row, work->data);
    const double *G = gradient(work, compared); /* touches memory that the ceiling drove out */
    while (gbench_next(bench))
        G = gradient(work, n);
    if (finite_report(bench, G, row->shape.features * row->models))
        report(bench, row, work->data, limit);
    label(bench, work, compared, n);
}

static void run(struct gbench *bench, void *context)
{
    struct row *row = context;
    const struct dataset *data = row->precision != NULL
                                     ? made_stored(bench, row->shape, row->precision)
                                     : made_data(bench, row->shape);
    if (data == NULL)
        return;
    struct work work;
    work_open(&work, row, data);
    measure(bench, row, &work);
    work_clear(&work);
}

/* Is a row worth its time? */
static bool wanted(const struct kernel *kernel, struct shape shape, size_t models)
{
    if (kernel == NULL)
        return models == 1 || shape.rows * shape.features <= PLAIN_ELEMENTS;
    if (kernel == &kernel_reference)
        return reference_is_timed(shape.rows, shape.features, models);
    return kernel->pass != NULL && (kernel->takes & TAKES_DENSE) != 0;
}

static void register_rows(const char *kernel_name, const struct kernel *kernel, struct shape shape,
                          size_t models)
{
    char name[128];
    for (int threads = 1; threads <= threads_available(); threads *= 2) {
        struct row row = {kernel, shape, models, threads, NULL, NAN};
        snprintf(name, sizeof name, "gd_epoch/%s/n:%zu/d:%zu/k:%zu/threads:%d", kernel_name,
                 shape.rows, shape.features, models, threads);
        gbench_register(name, run, &row, sizeof row);
    }
}

/* Models that the kernel for one is for are 1, and side by side 64. */
static void register_narrow(struct shape shape)
{
    static const char *const precisions[] = {"float32", "bfloat16", "int8"};
    for (size_t p = 0; p < sizeof precisions / sizeof *precisions; p++)
        for (int threads = 1; threads <= threads_available(); threads *= 2)
            for (size_t i = 0; i < COUNTS_ALWAYS; i++) {
                const size_t k = model_counts[i];
                const struct kernel *kernel = k > 1 ? &kernel_batched_narrow : &kernel_fused_narrow;
                struct row row = {kernel, shape, k, threads, precisions[p], NAN};
                char name[128];
                snprintf(name, sizeof name, "gd_epoch/%s/n:%zu/d:%zu/k:%zu/threads:%d/precision:%s",
                         kernel->entry.name, shape.rows, shape.features, k, threads, precisions[p]);
                gbench_register(name, run, &row, sizeof row);
            }
}

static void register_shape(struct shape shape)
{
    size_t counts = shape.features == EVERY_COUNT ? COUNTS : COUNTS_ALWAYS;
    double number = 0.0;
    const struct dataset data = {.features = shape.features, .X = &number}; /* dense */
    for (size_t i = 0; i < counts; i++) {
        if (wanted(NULL, shape, model_counts[i]))
            register_rows("two_dgemv", NULL, shape, model_counts[i]);
        register_rows(kernel_auto.name, kernel_for_pass(&kernel_auto, &data, model_counts[i] > 1),
                      shape, model_counts[i]);
        for (size_t j = 0; j < kernel_table.count; j++) {
            const struct kernel *kernel = kernel_of(kernel_table.entries[j]);
            if (wanted(kernel, shape, model_counts[i]))
                register_rows(kernel->entry.name, kernel, shape, model_counts[i]);
        }
    }
}

void gd_epoch_register(void)
{
    for (size_t i = 0; i < full_batch_shape_count; i++) {
        register_shape(full_batch_shapes[i]);
        register_narrow(full_batch_shapes[i]);
    }
}
