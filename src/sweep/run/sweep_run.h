/* SPDX-License-Identifier: MIT
 *
 * Running a sweep, alone or on the ranks of a job.
 */
#ifndef DESCENT_SWEEP_RUN_SWEEP_RUN_H
#define DESCENT_SWEEP_RUN_SWEEP_RUN_H

#include "sweep/run/sweep_options.h"

/* Runs a sweep. False on an error that stopped it; what was recorded until then stays. */
bool sweep_run(const struct sweep_file *file, const struct sweep_options *options,
               struct sweep_outcome *outcome, struct error *error);

#endif
