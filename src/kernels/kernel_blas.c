/* SPDX-License-Identifier: MIT
 *
 * The plain BLAS route, two passes over the rows it is given:
 *
 *     z = X w + b        cblas_dgemv        Z = X W + 1 b'      cblas_dgemm for k > 1
 *     r = sigmoid(z) - y                    R = sigmoid(Z) - y 1'
 *     G = G + X' r       cblas_dgemv        G = G + X' R        cblas_dgemm
 *
 * X is read twice: what is out of cache after the forward product is fetched again for the
 * gradient. That is the price of calling a library for each half, and the figure to beat. The
 * library runs on one thread (kernels_initialise): parallelism is over chunks of rows, in pass.c,
 * because OpenBLAS's own split of X' r goes across features, and would make the bits depend on the
 * number of threads.
 */
#include "kernels/blas_library.h"
#include "kernels/kernel.h"
#include "kernels/phases/phase_slot.h"
#include "kernels/points.h"

#include <cblas.h>

void kernels_initialise(void)
{
    blas_library_set_threads(1); /* for the OpenMP flavour threads_initialise() decides */
}

static void pass_one(const struct dataset *data, size_t row_begin, int rows,
                     const struct models *models, const struct pass_sums *sums, double *scratch)
{
    int d = (int)data->features;
    const double *X = data->X + row_begin * data->features, *y = data->y + row_begin;
    struct points points = points_open(data, POINT_ROWS, scratch);
    double *z = scratch + POINT_SUMS * POINT_ROWS;
    phase_block();
    for (int i = 0; i < rows; i++)
        z[i] = models->b[0];
    cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, d, 1.0, X, d, models->W, 1, 1.0, z, 1);
    phase_done(PHASE_FORWARD);
    points_add_rows(&points, (size_t)rows, y, z); /* r = c (p - y) */
    phase_done(PHASE_LOSS);
    cblas_dgemv(CblasRowMajor, CblasTrans, rows, d, 1.0, X, d, z, 1, 1.0, sums->G, 1); /* X' r */
    points_close_rows(&points, 0, sums);
    phase_done(PHASE_GRADIENT);
}

static void pass_many(const struct dataset *data, size_t row_begin, int rows,
                      const struct models *models, const struct pass_sums *sums, double *scratch)
{
    int d = (int)data->features, k = (int)models->count;
    const double *X = data->X + row_begin * data->features, *y = data->y + row_begin;
    struct points points = points_open(data, models->count, scratch);
    double *Z = scratch + POINT_SUMS * models->count;
    phase_block();
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < k; j++)
            Z[(size_t)i * models->count + (size_t)j] = models->b[j];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, k, d, 1.0, X, d, models->W, k, 1.0,
                Z, k); /* Z = X W + 1 b' */
    phase_done(PHASE_FORWARD);
    points_add_models(&points, (size_t)rows, y, Z); /* R = c (P - y 1') */
    phase_done(PHASE_LOSS);
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, d, k, rows, 1.0, X, d, Z, k, 1.0, sums->G,
                k); /* G = G + X' R */
    points_close_models(&points, 0, models->count, sums);
    phase_done(PHASE_GRADIENT);
}

static void pass_blas(const struct dataset *data, size_t row_begin, size_t row_end,
                      const struct models *models, const struct pass_sums *sums, double *scratch)
{
    int rows = (int)(row_end - row_begin);
    (models->count == 1 ? pass_one : pass_many)(data, row_begin, rows, models, sums, scratch);
}

static size_t scratch_blas(size_t rows, size_t features, size_t models)
{
    (void)features;
    return rows * models + POINT_SUMS * (models > POINT_ROWS ? models : POINT_ROWS);
}

/* X twice, y once; Z is written, read and written, and read again. */
static double bytes_blas(struct problem_size problem)
{
    return 8.0 * (2.0 * problem.entries + problem.rows * (1.0 + 4.0 * problem.models));
}

static struct phase_cost phase_cost_blas(enum phase phase, struct problem_size problem)
{
    const double Z = sizeof(double) * problem.rows * problem.models;
    const double flops = pass_phase_flops(phase, problem);
    switch (phase) {
    case PHASE_FORWARD:
    case PHASE_GRADIENT:
        return (struct phase_cost){flops, bytes_entries(problem) + Z};
    case PHASE_LOSS:
        return (struct phase_cost){flops, bytes_rows(problem) + 2.0 * Z};
    default:
        return (struct phase_cost){0};
    }
}

const struct kernel kernel_blas = {
    .entry = {"blas",
              "OpenBLAS: dgemv for one model; dgemm for several, whose bits depend on how many"},
    .takes = TAKES_DENSE,
    .pass = pass_blas,
    .scratch = scratch_blas,
    .mixes_models = true,
    .flops = pass_flops,
    .bytes = bytes_blas,
    .phase_cost = phase_cost_blas,
    .rereads = true,
};
