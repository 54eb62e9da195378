/* SPDX-License-Identifier: MIT
 *
 * Finals: the best configurations of a sweep, each timed again alone, in interleaved rounds.
 */
#ifndef DESCENT_SWEEP_RUN_FINALS_H
#define DESCENT_SWEEP_RUN_FINALS_H

#include "sweep/run/runner_state.h"

/* Runs the finals, if there are to be any. */
bool finals_run(struct runner *runner);

#endif
