/* SPDX-License-Identifier: MIT
 *
 * A group in training: those of its members that are not recorded yet. It is gathered and
 * recorded where the store is, and trained by whoever has the data: the same process, or another
 * rank of the job (models_server.h, models_worker.h), which delivers what it trained.
 */
#ifndef DESCENT_SWEEP_RUN_GROUP_TRAINING_H
#define DESCENT_SWEEP_RUN_GROUP_TRAINING_H

#include "sweep/run/group_state.h"

/* Where the store is, under the runner's lock: those of a group (items, planned) that are not
 * settled and stand at the same epoch, with a number for their clock if they share one, and with
 * the solutions that they begin with. They may be none: then all are settled, or cannot begin.
 * `first`: the same members were not gathered before; those that stand at other epochs come next.
 * Clear with group_clear(). */
bool group_gather(struct group_training *training, struct runner *runner,
                  const struct trainer *trainer, const size_t *items, size_t planned,
                  struct turn turn, bool first);

/* Where the data are: trains it, as often as it takes; its clocks are added to the runner's
 * outcome. False when nothing more is to be trained. */
bool group_train(struct group_training *training);

/* Frees what it owns. */
void group_clear(struct group_training *training);

/* Where the store is, under the runner's lock: records a member that has ended, and counts it. */
bool group_record(struct group_training *training, size_t index, struct trial *trial);

/* Trains and records those of a group (items, planned of them) that are not settled; `turn` says
 * which of their trials, its item is not looked at. Several may be trained at a time. */
bool group_run(struct runner *runner, const size_t *items, size_t planned, struct turn turn);

#endif
