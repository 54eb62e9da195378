/* SPDX-License-Identifier: MIT
 *
 * Zoom: grids around the best configurations of the grid before (`zoom` in a sweep file). A coarse
 * grid finds the place, a second one the value, for a fraction of what a fine grid takes.
 *
 * What is in the next grid is a function of the sweep file and of what is recorded of the grids
 * before, all of it: a sweep that was killed goes on in the same one. The configurations take their
 * places in the plan behind those of the first grid on their data set, and are trained, repeated,
 * grouped, shown and compared as those are.
 */
#ifndef DESCENT_SWEEP_ZOOM_ZOOM_H
#define DESCENT_SWEEP_ZOOM_ZOOM_H

#include "store/store.h"
#include "sweep/workload/workload.h"

#include <stdio.h>

/* Is nothing left to do of a trial (sweep/run/recording.h)? */
typedef bool zoom_settled(const struct sweep_file *file, const struct trial_record *record);

/* Extends a workload by the grids after its last that what is recorded decides, and tells of
 * them (NULL: does not). `store`: NULL, there is none yet. *open: another will follow when all
 * of the plan is recorded. */
bool zoom_extend(struct workload *workload, struct store *store, zoom_settled *settled, FILE *out,
                 bool *open, struct error *error);

/* Configurations that grids which are not decided yet will have, at most. */
size_t zoom_bound(const struct workload *workload);

#endif
