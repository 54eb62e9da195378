/* SPDX-License-Identifier: MIT
 *
 * `method: halving` and `asha`, run: all configurations of a data set are trained to a rung, the
 * best of them go on to the next, and the others are cut (workload/rungs.h).
 *
 * What is done next is always read from the store: who waits at which epoch, and, from the traces,
 * who was how good there. A cut is decided again, with the same result, however often the sweep was
 * killed; and where the file has changed, those come back that would not be cut any more, and are
 * trained again.
 *
 * Shards decide alike, each of all configurations: of its own by their traces, of the others by
 * what their shards have told (halving_board.h). What is not told yet is not decided: then a shard
 * ends, or waits, and its configurations wait at their rungs. By `halving` a rung is decided as a
 * whole; by `asha` one by one, in the order of the plan.
 */
#ifndef DESCENT_SWEEP_RUN_HALVING_H
#define DESCENT_SWEEP_RUN_HALVING_H

#include "sweep/run/runner_state.h"

/* All rungs of a data set that is prepared. False on an error. */
bool halving_run_source(struct runner *runner, size_t source);

/* Refuses, with the remedy, what rungs do not go with. */
bool halving_check(const struct sweep_file *file, const struct sweep_options *options,
                   struct error *error);

#endif
