/* SPDX-License-Identifier: MIT
 *
 * The dense epoch with reduced variance: every step moves all weights. One model is taken along its
 * features, several side by side; the operations on each number are the same.
 */
#include "kernels/stochastic/reduced_group.h"

/* All features of one model. */
static void step_one(const struct reduced_group *group, const double *restrict x,
                     const struct reduced_change *change)
{
    double *restrict w = group->models.W, *restrict A = group->mean.W;
    const double rate = group->models.rates[0], shrink = group->models.shrink[0];
    const double delta = change->delta[0], share = change->share[0];
    const size_t d = group->epoch.data->features;
#pragma omp simd
    for (size_t f = 0; f < d; f++)
        w[f] = multiply_add(-rate, multiply_add(delta, x[f], A[f]), shrink * w[f]);
    if (!group->update)
        return;
#pragma omp simd
    for (size_t f = 0; f < d; f++)
        A[f] = multiply_add(share, x[f], A[f]);
}

static void run_one(const struct reduced_group *group)
{
    const struct dataset *data = group->epoch.data;
    size_t d = data->features;
    struct reduced_change change;
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = sgd_epoch_row(&group->epoch, i);
        const double *x = data->X + row * d;
        double z = dense_sum_one(x, group->models.W, d);
        const struct reduced_sample sample = reduced_sample(data, row);
        reduced_take(group, &sample, 1, 1, &z, &change);
        step_one(group, x, &change);
    }
}

static void run_many(const struct reduced_group *group)
{
    const struct dataset *data = group->epoch.data;
    size_t d = data->features, width = group->models.width;
    double z[ROW_WIDEST];
    struct reduced_change change;
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = sgd_epoch_row(&group->epoch, i);
        const double *x = data->X + row * d;
        dense_sum_many(x, group->models.W, width, width, d, z);
        const struct reduced_sample sample = reduced_sample(data, row);
        reduced_take(group, &sample, width, group->models.models, z, &change);
        for (size_t f = 0; f < d; f++)
            reduced_step(group, false, x[f], group->models.W + f * width, group->mean.W + f * width,
                         width, &change);
    }
}

void reduced_dense(const struct reduced_group *group)
{
    (group->models.width == 1 ? run_one : run_many)(group);
}
