/* SPDX-License-Identifier: MIT
 *
 * Trials that wait at a rung, in the store and back: with the snapshot that they go on from.
 */
#ifndef DESCENT_SWEEP_RUN_RUNG_SNAPSHOT_H
#define DESCENT_SWEEP_RUN_RUNG_SNAPSHOT_H

#include "solvers/snapshot.h"
#include "sweep/run/recording.h"

/* Records a trial of status STATUS_WAITING and its snapshot. */
bool rung_snapshot_add(const struct recording *recording, struct turn turn,
                       const struct trainer *trainer, const struct trial *trial,
                       const struct snapshot *snapshot, struct error *error);

/* Where a trial goes on from; NULL: it begins. One that cannot go on, as after an update of the
 * program, is forgotten, which `out` is told and `*lost` says. Free with snapshot_free(). */
bool rung_snapshot_find(const struct recording *recording, struct turn turn,
                        struct snapshot **snapshot, bool *lost, FILE *out, struct error *error);

#endif
