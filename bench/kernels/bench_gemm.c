/* SPDX-License-Identifier: MIT
 *
 * The library's product of square matrices, one for each thread: the ceiling of a pass for several
 * models.
 */
#include "difference.h"
#include "families.h"

#include "base/parallel/threads.h"
#include "measure/ceilings/gemm.h"

#include <stdio.h>

struct row {
    int threads;
};

/* How far the first row of each thread's C is from sums in order. */
static double product_residual(const struct gemm *gemm)
{
    double expected[GEMM_SIZE] = {0.0};
    for (size_t l = 0; l < GEMM_SIZE; l++)
        for (size_t j = 0; j < GEMM_SIZE; j++)
            expected[j] += gemm->A[l] * gemm->B[l * GEMM_SIZE + j]; /* C = A B */
    struct difference difference = {0};
    for (int thread = 0; thread < gemm->threads; thread++)
        difference_add(&difference, gemm->C + (size_t)thread * GEMM_SIZE * GEMM_SIZE, expected,
                       GEMM_SIZE);
    return difference_relative(&difference);
}

static void run(struct gbench *bench, void *context)
{
    const struct row *row = context;
    struct gemm gemm = gemm_create(row->threads, GEMM_SIZE);
    gemm_run(&gemm);
    if (residual_report(bench, product_residual(&gemm))) {
        while (gbench_next(bench))
            gemm_run(&gemm);
        gbench_rate(bench, "flops_per_second", gemm_flops(&gemm));
    }
    gemm_clear(&gemm);
}

void gemm_register(void)
{
    char name[96];
    for (int threads = 1; threads <= threads_available(); threads *= 2) {
        struct row row = {threads};
        snprintf(name, sizeof name, "gemm/n:%d/threads:%d", GEMM_SIZE, threads);
        gbench_register(name, run, &row, sizeof row);
    }
}
