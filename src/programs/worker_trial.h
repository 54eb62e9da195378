/* SPDX-License-Identifier: MIT
 *
 * A whole trial in an answer to `train`: a descent that has another one train asks for more than
 * weights, so that the trial is what it would have been here: how it ended, its clocks, its trace.
 */
#ifndef DESCENT_PROGRAMS_WORKER_TRIAL_H
#define DESCENT_PROGRAMS_WORKER_TRIAL_H

#include "base/json_text.h"
#include "programs/protocol.h"
#include "solvers/trial.h"

/* Adds all that is beside weights, bias, seconds and iterations. */
void worker_trial_write(const struct trial *trial, json_t *answer);

/* Fills in the trial from an answer that was asked for whole, and gives the weights to it. False,
 * with why, where it is no trial. */
bool worker_trial_read(struct protocol_result *result, struct trial *trial,
                       char reason[static PROTOCOL_REASON]);

#endif
