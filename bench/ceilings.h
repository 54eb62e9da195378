/* SPDX-License-Identifier: MIT
 *
 * What this machine can do at most, measured beside the rows in the same repetition, so that both
 * meet the same clock frequency and the same neighbours. A counter "of_ceiling" is the time that
 * the ceiling allows over the time taken: 1 is the limit.
 *
 *     read pass   X from memory once: what a pass for one model cannot beat
 *     GEMM        the library's matrix product at its best: so fast can several models be
 *     chain       one-sample SGD: a sample waits for the one before
 */
#ifndef DESCENT_BENCH_CEILINGS_H
#define DESCENT_BENCH_CEILINGS_H

#include "data/dataset.h"

/* The sum of all of X. */
double read_pass(const struct dataset *data, int threads);

/* Seconds of one such pass. */
double ceiling_read_seconds(const struct dataset *data, int threads);

enum { GEMM_SIZE = 768 }; /* square: large enough for the best rate, 20 ms or so a product */

/* A product C = A B of that size for each thread; the library is on one thread in each. */
struct gemm {
    int threads;
    double *A, *B; /* (GEMM_SIZE, GEMM_SIZE) */
    double *C;     /* (threads, GEMM_SIZE, GEMM_SIZE) */
};

struct gemm gemm_create(int threads);
void gemm_run(const struct gemm *gemm);
double gemm_flops(const struct gemm *gemm); /* of one run */
void gemm_clear(struct gemm *gemm);

/* Floating-point operations a second. */
double ceiling_gemm_rate(int threads);

/* Seconds of one sample of one-sample SGD: the latency of the chain from z to the next z. */
double ceiling_chain_seconds(void);

#endif
