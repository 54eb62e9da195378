/* SPDX-License-Identifier: MIT
 *
 * The work that a sweep is about to do on a data set, so that variants of kernels are measured
 * first where that pays (measure/variants/).
 */
#ifndef DESCENT_SWEEP_RUN_SWEEP_TUNING_H
#define DESCENT_SWEEP_RUN_SWEEP_TUNING_H

#include "sweep/run/runner_state.h"

/* Before the groups of a data set, all repeats of them. */
void sweep_tune_source(const struct runner *runner, size_t source);

/* Before groups of a rung (halving.h), of so many passes at most. */
void sweep_tune_groups(const struct runner *runner, const struct groups *groups, double passes);

/* Before finals, of so many rounds, of some items (count) of one data set. */
void sweep_tune_finals(const struct runner *runner, const size_t *items, size_t count,
                       int64_t rounds);

#endif
