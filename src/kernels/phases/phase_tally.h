/* SPDX-License-Identifier: MIT
 *
 * Sums of what phases took and cost: of all steps of a run, or of one evaluation.
 */
#ifndef DESCENT_KERNELS_PHASE_TALLY_H
#define DESCENT_KERNELS_PHASE_TALLY_H

#include "kernels/phases/phase_totals.h"

struct phase_tally {
    double seconds[PHASE_COUNT];
    struct phase_cost cost[PHASE_COUNT];
    double regions;
    int threads;
    struct phase_thread *thread; /* (threads) */
};

/* All zero, for so many threads. Free tally->thread with memory_free(). */
struct phase_tally phase_tally_create(int threads);
void phase_tally_clear(struct phase_tally *tally);

void phase_tally_add(struct phase_tally *sum, const struct phase_tally *tally);

/* Seconds of all phases. */
double phase_tally_seconds(const struct phase_tally *tally);

void phase_cost_add(struct phase_cost *sum, struct phase_cost cost);

#endif
