/* SPDX-License-Identifier: MIT
 *
 * `method: halving`, run: all configurations of a data set are trained to a rung, the best of them
 * go on to the next, and the others are cut (workload/rungs.h).
 *
 * What is done next is always read from the store: who waits at which epoch, and, from the traces,
 * who was how good there. A cut is decided again, with the same result, however often the sweep was
 * killed; and where the file has changed, those come back that would not be cut any more, and are
 * trained again.
 */
#ifndef DESCENT_SWEEP_RUN_HALVING_H
#define DESCENT_SWEEP_RUN_HALVING_H

#include "sweep/run/runner_state.h"

/* All rungs of a data set that is prepared. False on an error. */
bool halving_run_source(struct runner *runner, size_t source);

/* Refuses, with the remedy, a sweep that is dealt out: who goes on is known where all are. */
bool halving_check(const struct sweep_file *file, const struct sweep_options *options,
                   struct error *error);

#endif
