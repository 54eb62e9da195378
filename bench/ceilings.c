/* SPDX-License-Identifier: MIT
 *
 * A ceiling is measured for a few hundredths of a second before the row's own loop: long enough for
 * the clock to tell, short enough to stand beside every repetition. Its first turn does not count:
 * it touches pages and wakes threads.
 */
#include "ceilings.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/threads.h"
#include "neuron/activation.h"

#include <cblas.h>
#include <stdbool.h>

/* Independent sums of a thread: enough to wait for memory and never for the adder. */
enum { ACCUMULATORS = 64 };

/* Links from a step to the next one (kernels/kernel_chain.c): u, its powers, the polynomial, and
 * the quotient. */
enum { CHAIN_MULTIPLY_ADDS = 6, CHAIN_DIVISIONS = 1, CHAIN_LENGTH = 200000 };

static const double ceiling_seconds = 0.03; /* that a ceiling is measured for */

double read_pass(const struct dataset *data, int threads)
{
    size_t count = data->rows * data->features, blocks = count / ACCUMULATORS;
    const double *X = data->X;
    double total = 0.0;
#pragma omp parallel num_threads(threads) reduction(+ : total)
    {
        double sums[ACCUMULATORS] = {0.0};
#pragma omp for schedule(static)
        for (size_t i = 0; i < blocks; i++)
            for (size_t j = 0; j < ACCUMULATORS; j++)
                sums[j] += X[ACCUMULATORS * i + j];
        for (size_t j = 0; j < ACCUMULATORS; j++)
            total += sums[j];
    }
    for (size_t i = blocks * ACCUMULATORS; i < count; i++)
        total += X[i];
    return total;
}

/* What computes a result must be seen to use it, or it may be left out. */
static void use(double value)
{
    volatile double sink = value;
    (void)sink;
}

double ceiling_read_seconds(const struct dataset *data, int threads)
{
    int turns = 0;
    use(read_pass(data, threads));
    double start = clock_seconds(), seconds;
    do {
        use(read_pass(data, threads));
        turns++;
        seconds = clock_seconds() - start;
    } while (seconds < ceiling_seconds);
    return seconds / turns;
}

struct gemm gemm_create(int threads)
{
    size_t length = (size_t)GEMM_SIZE * GEMM_SIZE;
    struct gemm gemm = {
        .threads = threads,
        .A = memory_allocate(length, sizeof(double)),
        .B = memory_allocate(length, sizeof(double)),
        .C = memory_allocate((size_t)threads * length, sizeof(double)),
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
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, m, m, 1.0, gemm->A, m, gemm->B, m,
                0.0, gemm->C + (size_t)threads_current() * GEMM_SIZE * GEMM_SIZE, m);
}

double gemm_flops(const struct gemm *gemm)
{
    return 2.0 * GEMM_SIZE * GEMM_SIZE * GEMM_SIZE * gemm->threads;
}

void gemm_clear(struct gemm *gemm)
{
    memory_free(gemm->A);
    memory_free(gemm->B);
    memory_free(gemm->C);
    *gemm = (struct gemm){0};
}

double ceiling_gemm_rate(int threads)
{
    struct gemm gemm = gemm_create(threads);
    int turns = 0;
    gemm_run(&gemm);
    double start = clock_seconds(), seconds;
    do {
        gemm_run(&gemm);
        turns++;
        seconds = clock_seconds() - start;
    } while (seconds < ceiling_seconds);
    double flops = gemm_flops(&gemm);
    gemm_clear(&gemm);
    return flops * turns / seconds;
}

/* Seconds of one link in a chain of multiply-adds, or of divisions. */
static double link_seconds(bool divide)
{
    volatile double seed = 1.5;
    double x = seed, a = seed;
    double start = clock_seconds();
    for (int i = 0; i < CHAIN_LENGTH; i++)
        x = divide ? a / x : multiply_add(x, -0.5, a);
    seed = x;
    return (clock_seconds() - start) / CHAIN_LENGTH;
}

double ceiling_chain_seconds(void)
{
    return CHAIN_MULTIPLY_ADDS * link_seconds(false) + CHAIN_DIVISIONS * link_seconds(true);
}
