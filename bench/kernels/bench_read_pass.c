/* SPDX-License-Identifier: MIT
 *
 * Reading X once, and doing nothing but adding it up: the ceiling of a pass for one model.
 */
#include "difference.h"
#include "families.h"
#include "made_data.h"

#include "base/parallel/threads.h"
#include "measure/ceilings/read_pass.h"

#include <math.h>
#include <stdio.h>

struct row {
    struct shape shape;
    int threads;
    double residual; /* NaN: not compared yet */
};

/* How far a sum is from the one added in order, relative to that of absolute values: sums of random
 * signs nearly cancel. */
static double sum_residual(const struct dataset *data, double sum)
{
    double expected = 0.0, scale = 0.0;
    for (size_t i = 0; i < data->rows * data->features; i++) {
        expected += data->X[i];
        scale += fabs(data->X[i]);
    }
    return fabs(sum - expected) / scale;
}

static void run(struct gbench *bench, void *context)
{
    struct row *row = context;
    const struct dataset *data = made_data(bench, row->shape);
    if (data == NULL)
        return;
    size_t count = data->rows * data->features;
    if (isnan(row->residual))
        row->residual = sum_residual(data, read_pass(data->X, count, row->threads));
    if (!residual_report(bench, row->residual))
        return;
    volatile double sink = 0.0; /* keeps what is not used from being left out */
    while (gbench_next(bench))
        sink = read_pass(data->X, count, row->threads);
    (void)sink;
    gbench_rate(bench, "bytes_per_second", sizeof(double) * (double)count);
    gbench_rate(bench, "flops_per_second", (double)count);
}

void read_pass_register(void)
{
    char name[96];
    for (size_t i = 0; i < full_batch_shape_count; i++)
        for (int threads = 1; threads <= threads_available(); threads *= 2) {
            struct row row = {full_batch_shapes[i], threads, NAN};
            snprintf(name, sizeof name, "read_pass/n:%zu/d:%zu/threads:%d", row.shape.rows,
                     row.shape.features, threads);
            gbench_register(name, run, &row, sizeof row);
        }
}
