/* SPDX-License-Identifier: MIT
 *
 * OpenBLAS does not fork inside a parallel region (base/parallel/threads.h), so each thread of the
 * team has a whole product to itself.
 */
#include "measure/ceilings/gemm.h"

#include "base/memory.h"
#include "base/parallel/threads.h"

#include <cblas.h>

static size_t entries(int size)
{
    return (size_t)size * (size_t)size;
}

struct gemm gemm_create(int threads, int size)
{
    size_t length = entries(size);
    struct gemm gemm = {
        .threads = threads,
        .size = size,
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
    const int m = gemm->size;
#pragma omp parallel num_threads(gemm->threads)
    {
        threads_enter();
        double *C = gemm->C + (size_t)threads_current() * entries(m);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, m, m, 1.0, gemm->A, m, gemm->B, m,
                    0.0, C, m);
    }
}

double gemm_flops(const struct gemm *gemm)
{
    const double size = gemm->size;
    return 2.0 * size * size * size * gemm->threads;
}

double gemm_bytes(int threads, int size)
{
    return sizeof(double) * (double)entries(size) * (2.0 + threads);
}

void gemm_clear(struct gemm *gemm)
{
    memory_free(gemm->A);
    memory_free(gemm->B);
    memory_free(gemm->C);
    *gemm = (struct gemm){0};
}
