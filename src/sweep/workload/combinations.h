/* SPDX-License-Identifier: MIT
 *
 * How many different configurations there are in a run, and which: axes that a solver or a schedule
 * ignores make no difference. Random search draws from them without replacement.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_COMBINATIONS_H
#define DESCENT_SWEEP_WORKLOAD_COMBINATIONS_H

#include "sweep/file/sweep_file.h"

/* A value that a list gives twice counts once; a range of integers has each of them; INFINITY: a
 * range of real numbers is drawn from. */
double combinations_count(const struct run *run);

/* Calls take() with them, not all canonical, and again for a value that is given twice, until it
 * returns false. Their count must be finite. */
void combinations_visit(const struct run *run,
                        bool (*take)(void *context, const struct configuration *configuration),
                        void *context);

#endif
