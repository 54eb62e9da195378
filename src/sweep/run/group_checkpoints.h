/* SPDX-License-Identifier: MIT
 *
 * Checkpoints of a group: its members go on from those that are in the store, and put there what
 * they have come to, all in one transaction.
 */
#ifndef DESCENT_SWEEP_RUN_GROUP_CHECKPOINTS_H
#define DESCENT_SWEEP_RUN_GROUP_CHECKPOINTS_H

#include "solvers/training_hooks.h"
#include "sweep/run/group_state.h"

/* Have members of this run checkpoints? Where models are distributed, others train them, and they
 * have none. */
bool checkpoints_are_kept(const struct runner *runner);

/* The snapshot that a trial (turn) goes on from, and in *continued how often it will have done so;
 * *snapshot is NULL where it begins. What cannot be used is forgotten, and that is said. */
bool checkpoints_find(const struct group_training *training, struct turn turn,
                      struct snapshot **snapshot, int64_t *continued);

/* Puts where a member stands into the store, in the transaction that is open; too large a snapshot
 * is left out, and that is said. */
bool checkpoints_keep(const struct group_training *training, size_t index,
                      const struct snapshot *snapshot);

/* Who keeps those of this group, for as long as it is trained. */
struct training_keeper checkpoints_keeper(struct group_training *training);

/* Says that the members go on, and from where. */
void checkpoints_tell(const struct group_training *training);

#endif
