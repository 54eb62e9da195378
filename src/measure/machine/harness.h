/* SPDX-License-Identifier: MIT
 *
 * What the harness itself costs: the time that it adds to every trial, whatever is trained. A time
 * that is not far above it says little about a solver.
 */
#ifndef DESCENT_MEASURE_MACHINE_HARNESS_H
#define DESCENT_MEASURE_MACHINE_HARNESS_H

struct harness_cost {
    double epoch_seconds; /* that the training clock counts for an epoch of a solver that does
                           * nothing */
    double trial_seconds; /* around a trial of no epochs: all that training_run() does beside
                           * stepping, on a tiny data set */
    double clock_seconds; /* one reading of the clock */
};

void harness_measure(struct harness_cost *cost);

/* What one call of clock_seconds() takes, in seconds. */
double clock_cost(void);

#endif
