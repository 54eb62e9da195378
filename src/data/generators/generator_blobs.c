/* SPDX-License-Identifier: MIT
 *
 * Two normal classes of any size and difficulty:
 *
 *     x_j = sqrt(v_j) g_j + (k - 1/2) separation u_j        j = 0 .. d-1, class k in {0, 1}
 *
 * with independent standard normal g, a random direction u of length 1, and the variances
 * v_j = condition^(-j/(d-1)), from 1 down to 1 / condition: `condition` is that of the covariance
 * within a class, and about that of the curvature which gradient descent meets. Afterwards the
 * label of each row but the first two is flipped with probability `noise`.
 *
 * With condition 1 the best classifier is right in a share Phi(separation / 2) of unflipped rows.
 */
#include "data/generators/generators.h"

#include "base/memory.h"
#include "base/random.h"

#include <math.h>

enum { ROWS_KEPT = 2 }; /* never flipped, so that both classes are there */

/* The index of a stream that belongs to no row. */
#define STREAM_DIRECTION UINT64_MAX

/* Fills u (d) with a direction that is uniform on the sphere. */
static void direction_fill(uint64_t seed, double *u, size_t d)
{
    struct random_stream stream = random_open(seed, RANDOM_FEATURES, STREAM_DIRECTION);
    double square = 0.0;
    for (size_t j = 0; j < d; j++) {
        u[j] = random_normal(&stream);
        square += u[j] * u[j];
    }
    for (size_t j = 0; j < d; j++)
        u[j] = square > 0.0 ? u[j] / sqrt(square) : (double)(j == 0);
}

static void deviations_fill(double condition, double *deviation, size_t d)
{
    for (size_t j = 0; j < d; j++)
        deviation[j] = d > 1 ? pow(condition, -0.5 * (double)j / (double)(d - 1)) : 1.0;
}

static double label_draw(const struct generator_settings *settings, size_t row)
{
    struct random_stream stream = random_open(settings->seed, RANDOM_LABELS, row);
    bool flipped = row >= ROWS_KEPT && random_uniform(&stream) < settings->noise;
    return generator_class(row) != flipped;
}

static void blobs_generate(const struct generator_settings *settings, size_t first, int threads,
                           struct dataset *data)
{
    size_t d = data->features;
    double *u = memory_allocate(d, sizeof *u);                 /* (d) */
    double *deviation = memory_allocate(d, sizeof *deviation); /* (d) */
    direction_fill(settings->seed, u, d);
    deviations_fill(settings->condition, deviation, d);

#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++) {
        struct random_stream stream = random_open(settings->seed, RANDOM_FEATURES, first + i);
        double shift = (generator_class(first + i) - 0.5) * settings->separation;
        double *x = &data->X[i * d];
        for (size_t j = 0; j < d; j++)
            x[j] = deviation[j] * random_normal(&stream) + shift * u[j];
        data->y[i] = label_draw(settings, first + i);
    }
    memory_free(deviation);
    memory_free(u);
}

const struct generator generator_blobs = {
    .entry = {"blobs", "two normal classes of any size, separation, noise and condition"},
    .uses = SETTING_ROWS | SETTING_FEATURES | SETTING_SEPARATION | SETTING_NOISE |
            SETTING_CONDITION | SETTING_SEED,
    .defaults = {.rows = 1000, .features = 10, .separation = 2.0, .condition = 1.0, .seed = 1},
    .class_names = {"0", "1"},
    .generate = blobs_generate,
};
