/* SPDX-License-Identifier: MIT
 *
 * Rungs of a ladder that need not be run. They come loosest first in a round (workload/queue.h).
 * When one is at hand and a looser one of the same repeat
 *
 *     reaches the least of the gaps that the sweep's answer is about, it is never the measure;
 *     took as long as a trial may, this one would take longer.
 *
 * It is recorded as `needless`, so that what is planned comes to an end and a resumed sweep knows;
 * where the sweep file changes, these are forgotten, for other targets may need them.
 */
#ifndef DESCENT_SWEEP_RUN_NEEDLESS_RUNGS_H
#define DESCENT_SWEEP_RUN_NEEDLESS_RUNGS_H

#include "sweep/run/group_training.h"

/* Is the one member needless? In finals none is. If it is, `trial` has that as its status, and why
 * as its message. False, with the runner's error, when the store cannot be read. */
bool needless_rung_find(const struct group_training *training, struct trial *trial);

#endif
