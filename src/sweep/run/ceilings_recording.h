/* SPDX-License-Identifier: MIT
 *
 * What a sweep with `profile: on` measures before its first trial: the ceilings of this machine at
 * each number of threads, what sums over each number of ranks take, and what there
 * is to say of its counters and of where the data lie.
 */
#ifndef DESCENT_SWEEP_RUN_CEILINGS_RECORDING_H
#define DESCENT_SWEEP_RUN_CEILINGS_RECORDING_H

#include "sweep/run/runner_state.h"

/* Does so where the sweep is profiled and something is left to run; ceilings that are recorded are
 * not measured again. */
bool profiling_prepare(struct runner *runner);

#endif
