/* SPDX-License-Identifier: MIT
 *
 * One-sample SGD of many models at once, for few features: models lie side by side in vector lanes,
 * and every sample is one step of all of them. The chain of dependent steps is as long as for one
 * model (kernel_chain.c), but a link serves all lanes, and while one vector waits for its division
 * the others are worked on. X is read once for all models.
 */
#include "kernels/lanes.h"

enum { WIDEST = 64 }; /* models at once: enough to fill the wait */

/* z = x W */
static inline void sum(const struct lanes *lanes, const double *x, size_t d, double *restrict z)
{
    const size_t width = lanes->width;
    const double *restrict W = lanes->W;
#pragma omp simd
    for (size_t j = 0; j < width; j++)
        z[j] = x[0] * W[j];
    for (size_t f = 1; f < d; f++) {
#pragma omp simd
        for (size_t j = 0; j < width; j++)
            z[j] = multiply_add(x[f], W[f * width + j], z[j]);
    }
}

/* W = shrink W + x' steps,  b = b + steps */
static inline void update(const struct lanes *lanes, const double *x, size_t d,
                          const double *restrict steps)
{
    const size_t width = lanes->width;
    double *restrict W = lanes->W, *restrict b = lanes->b;
    const double *restrict shrink = lanes->shrink;
    for (size_t f = 0; f < d; f++) {
#pragma omp simd
        for (size_t j = 0; j < width; j++)
            W[f * width + j] = multiply_add(x[f], steps[j], shrink[j] * W[f * width + j]);
    }
#pragma omp simd
    for (size_t j = 0; j < width; j++)
        b[j] += steps[j];
}

static void run(const struct sgd_epoch *epoch, const struct lanes *lanes)
{
    const struct dataset *data = epoch->data;
    double z[WIDEST], steps[WIDEST];
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = sgd_epoch_row(epoch, i);
        const double *x = data->X + row * data->features;
        sum(lanes, x, data->features, z);
        lanes_steps(lanes, data, data->y[row], epoch->activation, z, steps);
        update(lanes, x, data->features, steps);
    }
}

static void sgd_epoch_lanes(const struct sgd_epoch *epoch, const struct models *models,
                            size_t first, size_t count, double *scratch)
{
    for (size_t j = 0; j < count; j += WIDEST) {
        size_t width = count - j < WIDEST ? count - j : WIDEST;
        struct lanes lanes =
            lanes_open(epoch, models, first + j, width, round_up_to_lanes(width), scratch);
        run(epoch, &lanes);
        lanes_close(&lanes, models);
    }
}

static size_t sgd_scratch_lanes(size_t features, size_t models)
{
    return lanes_numbers(features, round_up_to_lanes(models < WIDEST ? models : WIDEST));
}

const struct kernel kernel_lanes = {
    .entry = {"lanes", "SGD of many models at once, few features: one model per vector lane"},
    .takes = TAKES_DENSE,
    .sgd_epoch = sgd_epoch_lanes,
    .sgd_scratch = sgd_scratch_lanes,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
};
