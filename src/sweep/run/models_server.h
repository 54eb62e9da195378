/* SPDX-License-Identifier: MIT
 *
 * Serving: rank 0 hands out the groups of a sweep to all ranks of a job, itself among them, as they
 * come free, and records what they deliver (models_message.h has what is said, models_worker.h the
 * other side). No rank waits for a slow one except at the end of the sweep: there is one queue over
 * all rounds and data sets. The optima of all data sets are found first.
 */
#ifndef DESCENT_SWEEP_RUN_MODELS_SERVER_H
#define DESCENT_SWEEP_RUN_MODELS_SERVER_H

#include "sweep/run/ranks_agreement.h"
#include "sweep/run/runner_state.h"

struct server;

/* May this sweep be distributed so? An error says why not. */
bool serving_check(const struct sweep_file *file, struct error *error);

/* On rank 0. `machines` must last as long as it. */
struct server *serving_open(const struct ranks *ranks, const struct rank_machines *machines);

/* Who trains: runner->trainers, each with its machine in the store. */
bool serving_register(struct runner *runner);

/* Trains and records all that is missing, but for finals. False on an error, also of another rank,
 * when none is training any more. */
bool serving_run(struct runner *runner);

/* Sends the other ranks home, whether anything was served or not. NULL is allowed. */
void serving_close(struct server *server);

#endif
