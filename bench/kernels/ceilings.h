/* SPDX-License-Identifier: MIT
 *
 * What this machine can do at most (measure/ceilings/ceilings.h), measured beside the rows in the
 * same repetition, so that both meet the same clock frequency and the same neighbours. A counter
 * "of_ceiling" is the time that the ceiling allows over the time taken: 1 is the limit.
 *
 *     read pass   X from memory once: what a pass for one model cannot beat
 *     GEMM        the library's matrix product at its best: so fast can several models be
 *     chain       one-sample SGD: a sample waits for the one before
 */
#ifndef DESCENT_BENCH_CEILINGS_H
#define DESCENT_BENCH_CEILINGS_H

#include "data/dataset.h"

/* Seconds of a pass that reads all of X once. */
double ceiling_read_seconds(const struct dataset *data, int threads);

/* Floating-point operations per second. */
double ceiling_gemm_rate(int threads);

/* Seconds of one sample of one-sample SGD: the latency of the chain from z to the next z. */
double ceiling_chain_seconds(void);

#endif
