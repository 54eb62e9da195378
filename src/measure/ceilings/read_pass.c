/* SPDX-License-Identifier: MIT
 *
 * An addition waits for the one before it, four cycles or so, and a processor starts two of them in
 * a cycle: so there are eight sums at least that do not wait for each other, each a register.
 * Where there are 32 registers there are twice as many, so that a late load delays nothing.
 */
#include "measure/ceilings/read_pass.h"

#include "base/parallel/threads.h"
#include "kernels/vector.h"

enum { SUMS = 8, SETS = LANES == 8 ? 2 : 1, BLOCK = SETS * SUMS * LANES };

/* Adds lane by lane, in registers: on a short share a sum of all lanes would take longer than the
 * reading, so it is made once, after the last turn. */
INLINED void add_blocks(vector sums[SETS][SUMS], const double *x, size_t blocks)
{
    for (size_t i = 0; i < blocks; i++) {
        const vector *v = vectors_at(x + BLOCK * i);
        UNROLLED_LOOP
        for (size_t set = 0; set < SETS; set++)
            UNROLLED_LOOP
        for (size_t j = 0; j < SUMS; j++)
            sums[set][j] += v[SUMS * set + j];
    }
}

double read_sum(const double *x, size_t count, int turns)
{
    vector sums[SETS][SUMS] = {{{0.0}}};
    size_t blocks = count / BLOCK;
    double total = 0.0;
    for (int turn = 0; turn < turns; turn++) {
        add_blocks(sums, x, blocks);
        for (size_t i = blocks * BLOCK; i < count; i++)
            total += x[i];
    }
    vector lanes = {0.0};
    for (size_t set = 0; set < SETS; set++)
        for (size_t j = 0; j < SUMS; j++)
            lanes += sums[set][j];
    for (size_t lane = 0; lane < LANES; lane++)
        total += lanes[lane];
    return total;
}

/* Shares are whole blocks, and the last has the rest, too. */
double read_pass(const double *x, size_t count, int threads)
{
    size_t blocks = count / BLOCK;
    double total = 0.0;
#pragma omp parallel num_threads(threads) reduction(+ : total)
    {
        threads_enter();
        size_t thread = (size_t)threads_current(), team = (size_t)threads;
        size_t begin = BLOCK * (blocks * thread / team);
        size_t end = thread + 1 < team ? BLOCK * (blocks * (thread + 1) / team) : count;
        total += read_sum(x + begin, end - begin, 1);
    }
    return total;
}
