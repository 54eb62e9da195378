/* SPDX-License-Identifier: MIT
 *
 * What commands that run a sweep say of how it ended, and their exit code.
 */
#ifndef DESCENT_COMMANDS_SWEEP_OUTCOME_H
#define DESCENT_COMMANDS_SWEEP_OUTCOME_H

#include "sweep/run/sweep_options.h"

/* False, with ERROR_INTERRUPTED, where it was stopped before its end. */
bool sweep_outcome_is_whole(const struct sweep_outcome *outcome, struct error *error);

/* False where trials failed, now or before. */
bool sweep_outcome_is_sound(const struct sweep_outcome *outcome, struct error *error);

#endif
