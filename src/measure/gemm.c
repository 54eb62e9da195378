/* SPDX-License-Identifier: MIT
 *
 * OpenBLAS does not fork inside a parallel region (base/threads.h), so each thread of the team has
 * a whole product to itself.
 */
#include "measure/gemm.h"

#include "base/memory.h"
#include "base/threads.h"

#include <cblas.h>

static const size_t length = (size_t)GEMM_SIZE * GEMM_SIZE;

struct gemm gemm_create(int threads)
{
    struct gemm gemm = {
        .threads = threads,
        .A = memory_allocate(length, sizeof(double)),
        .B = memory_allocate(length, sizeof(double)),
        .C = memory_allocate_untouched((size_t)threads * length, sizeof(double)),
    };
    for (size_t i = 0; i < length; i++) {
        gemm.A[i] = (double)(i * 7919 % 1009) / 1009.0 - 0.5;
        gemm.B[i] = (double)(i * 104729 % 1013) / 1013.0 - 0.5;
    }
    return gemm;
}

void gemm_run(const struct gemm *gemm)
{
    const int m = GEMM_SIZE;
#pragma omp parallel num_threads(gemm->threads)
    {
        threads_enter();
        double *C = gemm->C + (size_t)threads_current() * length;
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, m, m, 1.0, gemm->A, m, gemm->B, m,
                    0.0, C, m);
    }
}

double gemm_flops(const struct gemm *gemm)
{
    const double size = GEMM_SIZE;
    return 2.0 * size * size * size * gemm->threads;
}

double gemm_bytes(int threads)
{
    return sizeof(double) * (double)length * (2.0 + threads);
}

void gemm_clear(struct gemm *gemm)
{
    memory_free(gemm->A);
    memory_free(gemm->B);
    memory_free(gemm->C);
    *gemm = (struct gemm){0};
}
