/* SPDX-License-Identifier: MIT
 *
 * The runner: trains what the plan says and the store does not have yet, one trial or one group
 * (groups.h) after the other, or several groups side by side (placement.h), in interleaved rounds
 * (rounds.h), and commits each trial when it ends. Resuming is not a mode: every run does what is
 * missing. Where finals are asked for, the best are then timed again; not by a shard (shard.h),
 * which knows a part of the sweep.
 */
#ifndef DESCENT_SWEEP_RUN_RUNNER_H
#define DESCENT_SWEEP_RUN_RUNNER_H

#include "sweep/run/sweep_options.h"
#include "sweep/workload/workload.h"

struct server;

/* Runs a sweep in this process, and, with a server, through other ranks (models_server.h). False on
 * an error that stopped it. */
bool runner_run(const struct workload *workload, const struct sweep_options *options,
                struct server *server, struct sweep_outcome *outcome, struct error *error);

#endif
