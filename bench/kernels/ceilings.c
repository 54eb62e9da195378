/* SPDX-License-Identifier: MIT
 *
 * A ceiling is measured for a few hundredths of a second before the row's own loop: long enough for
 * the clock to tell, short enough to stand beside every repetition. Its first turn does not count:
 * it touches pages and wakes threads.
 */
#include "ceilings.h"

#include "base/system/clock.h"
#include "measure/ceilings/gemm.h"
#include "measure/ceilings/read_pass.h"
#include "neuron/activation.h"

#include <stdbool.h>

/* Links from a step to the next one (kernels/kernel_chain.c): u, its powers, the polynomial, and
 * the quotient. */
enum { CHAIN_MULTIPLY_ADDS = 6, CHAIN_DIVISIONS = 1, CHAIN_LENGTH = 200000 };

static const double ceiling_seconds = 0.03; /* that a ceiling is measured for */

/* What computes a result must be seen to use it, or it may be left out. */
static void use(double value)
{
    volatile double sink = value;
    (void)sink;
}

double ceiling_read_seconds(const struct dataset *data, int threads)
{
    size_t count = data->rows * data->features;
    int turns = 0;
    use(read_pass(data->X, count, threads));
    double start = clock_seconds(), seconds;
    do {
        use(read_pass(data->X, count, threads));
        turns++;
        seconds = clock_seconds() - start;
    } while (seconds < ceiling_seconds);
    return seconds / turns;
}

double ceiling_gemm_rate(int threads)
{
    struct gemm gemm = gemm_create(threads, GEMM_SIZE);
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
    return (clock_seconds() - start) / (double)CHAIN_LENGTH;
}

double ceiling_chain_seconds(void)
{
    return (double)CHAIN_MULTIPLY_ADDS * link_seconds(false) +
           (double)CHAIN_DIVISIONS * link_seconds(true);
}
