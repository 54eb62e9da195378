/* SPDX-License-Identifier: MIT
 *
 * The parts of a run: grids without conditions that have, together, what a run with an entry of
 * `when` has, each configuration once. What is asked of a grid (how many combinations, which) is
 * asked of the parts.
 */
#ifndef DESCENT_SWEEP_FILE_RUN_PARTS_H
#define DESCENT_SWEEP_FILE_RUN_PARTS_H

#include "sweep/file/sweep_file_reading.h"

/* Fills in run->parts from its axes and clauses; nothing without clauses. False, with a message,
 * where two clauses give one axis to the same configurations, or there are too many parts. */
bool run_split(const struct reading *reading, struct run *run);

#endif
