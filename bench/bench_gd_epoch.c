/* SPDX-License-Identifier: MIT
 *
 * What one pass of full-batch descent costs, beside its limits: for one model the time to read X,
 * for 64 models the rate of the library's matrix product on a block in cache. Every round times
 * each thing once; medians over rounds, and ratios of them, are printed. A kernel whose gradient
 * differs from that of the blas kernel by more than 1e-11 gets no time.
 *
 *     bench_gd_epoch [ROWS FEATURES]      by default four shapes
 */
#include "base/clock.h"
#include "base/memory.h"
#include "base/threads.h"
#include "kernels/pass.h"
#include "measure/statistics.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 9, MODELS = 64, BLOCK_ROWS = 2048 };

static struct dataset *made_data(size_t rows, size_t features)
{
    struct dataset *data = dataset_create(rows, features, true);
#pragma omp parallel for num_threads(threads_available()) schedule(static)
    for (size_t i = 0; i < rows; i++) {
        for (size_t f = 0; f < features; f++)
            data->X[i * features + f] = (double)((i * 7919 + f * 104729) % 1009) / 1009.0 - 0.5;
        data->y[i] = (double)(i % 2);
    }
    return data;
}

static struct models made_models(size_t features, size_t count)
{
    struct models models = models_create(features, count);
    for (size_t i = 0; i < features * count; i++)
        models.W[i] = 0.01 * (double)(i % 13) - 0.06;
    return models;
}

/* Sums all of X with 64 independent accumulators a thread: bound by memory, not by the adder. */
static double read_once(const struct dataset *data, int threads)
{
    size_t count = data->rows * data->features / 64;
    double total = 0.0, start = clock_seconds();
#pragma omp parallel num_threads(threads) reduction(+ : total)
    {
        double sums[64] = {0.0};
#pragma omp for schedule(static)
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < 64; j++)
                sums[j] += data->X[64 * i + j];
        for (size_t j = 0; j < 64; j++)
            total += sums[j];
    }
    volatile double sink = total;
    (void)sink;
    return clock_seconds() - start;
}

/* Seconds of the two products of one pass at the rate that dgemm has on a block in cache. */
static double multiply_once(const struct dataset *data, const struct models *models, int threads)
{
    size_t d = data->features, rows = data->rows < BLOCK_ROWS ? data->rows : BLOCK_ROWS;
    int m = (int)rows, k = (int)models->count;
    double *Z = memory_allocate((size_t)threads * rows * models->count, sizeof *Z);
    double start = clock_seconds();
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int i = 0; i < 8 * threads; i++)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, k, (int)d, 1.0, data->X, (int)d,
                    models->W, k, 0.0, Z + (size_t)threads_current() * rows * models->count, k);
    double seconds = (clock_seconds() - start) / (8 * threads);
    memory_free(Z);
    return 2.0 * seconds * (double)data->rows / (double)rows;
}

static double pass_once(struct pass *pass, const struct dataset *data, const struct models *models)
{
    double start = clock_seconds();
    pass_run(pass, NULL, 0, data->rows, models);
    return clock_seconds() - start;
}

/* The largest difference of two gradients, relative to the largest entry. */
static double residual(struct pass *a, struct pass *b, const struct dataset *data,
                       const struct models *models)
{
    size_t length = data->features * models->count;
    const double *x = pass_run(a, NULL, 0, data->rows, models).G;
    const double *y = pass_run(b, NULL, 0, data->rows, models).G;
    double worst = 0.0, scale = 0.0;
    for (size_t i = 0; i < length; i++) {
        if (!isfinite(x[i]))
            return INFINITY; /* fmax() would pass over NaN */
        worst = fmax(worst, fabs(x[i] - y[i]));
        scale = fmax(scale, fabs(y[i]));
    }
    return worst / scale;
}

static void bench(const struct dataset *data, size_t count, int threads)
{
    struct models models = made_models(data->features, count);
    struct pass_shape shape = {&kernel_fused, data, data->rows, false, count, threads};
    struct pass *fused = pass_create(&shape);
    shape.kernel = &kernel_blas;
    struct pass *blas = pass_create(&shape);
    double difference = residual(fused, blas, data, &models);
    double times[3][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        times[0][round] = pass_once(blas, data, &models);
        times[1][round] = pass_once(fused, data, &models);
        times[2][round] =
            count == 1 ? read_once(data, threads) : multiply_once(data, &models, threads);
    }
    double plain = median(times[0], ROUNDS), fast = median(times[1], ROUNDS);
    double limit = median(times[2], ROUNDS);
    printf("%8zu x %4zu  %6zu  %7d", data->rows, data->features, count, threads);
    if (difference > 1e-11)
        printf("  FAILED: residual %.1e\n", difference);
    else
        printf("  %9.3f  %9.3f  %9.3f  %10.2f  %11.2f  %7.1e\n", 1e3 * plain, 1e3 * fast,
               1e3 * limit, plain / fast, fast / limit, difference);
    pass_free(fused);
    pass_free(blas);
    models_clear(&models);
}

static void bench_shape(size_t rows, size_t features)
{
    struct dataset *data = made_data(rows, features);
    for (size_t count = 1; count <= MODELS; count += MODELS - 1)
        for (int threads = 1; threads <= threads_available(); threads *= 2)
            bench(data, count, threads);
    dataset_free(data);
}

int main(int argc, char **argv)
{
    static const size_t shapes[][2] = {{1000000, 100}, {200000, 784}, {3000000, 28}, {2000, 100}};
    threads_initialise();
    kernels_initialise();
    printf("One pass of full-batch descent, milliseconds (medians of %d rounds); the limit is "
           "reading\n"
           "X for one model, and the rate of dgemm for %d\n"
           "       n x    d  models  threads       blas      fused      limit  blas/fused  "
           "fused/limit  residual\n",
           ROUNDS, MODELS);
    if (argc == 3)
        bench_shape(strtoull(argv[1], NULL, 10), strtoull(argv[2], NULL, 10));
    else
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
            bench_shape(shapes[i][0], shapes[i][1]);
    return 0;
}
