/* SPDX-License-Identifier: MIT
 *
 * A probe: one example of a kind, trained on each of the threads side by side, again and again
 * until its time is over. Short passes are trained whole, several times; of a long one only some
 * epochs are, as many as there is time for, one at least.
 */
#ifndef DESCENT_SWEEP_PLACEMENT_CALIBRATION_PROBE_H
#define DESCENT_SWEEP_PLACEMENT_CALIBRATION_PROBE_H

#include "sweep/workload/workload.h"

/* Sums over passes. */
struct tally {
    double passes, setup, train, other; /* seconds of the clocks, and around them */
    double epochs, points, share;
};

struct probe {
    const struct workload *workload;
    const struct smoothness *smoothness;
    const double *optima;  /* (expansion count) */
    const size_t *members; /* (models) */
    size_t models;
    int threads; /* of the pass; 0: its own affair */
    bool alone;  /* in its pass, with none beside it: it is watched with so many threads: */
    int watched;
    double deadline;       /* on the clock */
    struct tally *tallies; /* one for each of those side by side */
};

void tally_add(struct tally *sum, const struct tally *tally);

/* For side_by_side(): trains a `struct probe` until its deadline, and writes what came of it to
 * tallies[index]. */
void probe_train(void *context, int index);

#endif
