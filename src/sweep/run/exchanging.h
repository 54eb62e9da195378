/* SPDX-License-Identifier: MIT
 *
 * What a profile over ranks measures before its first trial: sums over each number of ranks that
 * its configurations want, by those ranks, together (rows_together.h). They are facts of a machine
 * and a number of ranks, and are recorded once.
 */
#ifndef DESCENT_SWEEP_RUN_EXCHANGING_H
#define DESCENT_SWEEP_RUN_EXCHANGING_H

#include "sweep/run/runner_parts.h"

/* Rank 0: does so, where rows are distributed; sums that are recorded are not measured again. */
bool exchange_prepare(struct runner *runner);

#endif
