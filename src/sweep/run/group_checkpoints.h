/* SPDX-License-Identifier: MIT
 *
 * Checkpoints of a group: its members go on from those that are in the store, and put there what
 * they have come to, all in one transaction.
 */
#ifndef DESCENT_SWEEP_RUN_GROUP_CHECKPOINTS_H
#define DESCENT_SWEEP_RUN_GROUP_CHECKPOINTS_H

#include "solvers/training/training_hooks.h"
#include "sweep/run/group_state.h"

/* Are trials in flight kept? */
bool checkpoints_are_kept(const struct runner *runner);

/* The snapshot that a trial (turn) goes on from, and in *continued how often it will have done so;
 * *snapshot is NULL where it begins. What cannot be used is forgotten, and that is said. */
bool checkpoints_find(const struct group_training *training, struct turn turn,
                      struct snapshot **snapshot, int64_t *continued);

/* With what the group is trained on: can its members go on from what was found? Where one cannot,
 * all of them begin. */
void checkpoints_check(struct group_training *training);

/* What stands against checkpoints of this group for now, to follow "no checkpoint, "; NULL:
 * nothing.
 */
const char *checkpoints_hindrance(const struct group_training *training);

/* Says once why trials have none. */
void checkpoints_tell_none(const struct group_training *training, const char *hindrance);

/* The checkpoint of a member, as bytes (*size); free with memory_free(). */
char *checkpoints_bytes(const struct group_training *training, size_t index,
                        const struct snapshot *snapshot, size_t *size);

/* Puts such bytes, of a member after so many epochs, into the store, in the transaction that is
 * open; where there are too many they are left out, and that is said. */
bool checkpoints_put(const struct group_training *training, size_t index, int64_t epoch,
                     const void *bytes, size_t size);

/* Puts where a member stands into the store, in the transaction that is open; too large a snapshot
 * is left out, and that is said. */
bool checkpoints_keep(const struct group_training *training, size_t index,
                      const struct snapshot *snapshot);

/* Who keeps those of this group, for as long as it is trained, where the store is. */
struct training_keeper checkpoints_keeper(struct group_training *training);

/* Says that the members go on, and from where. */
void checkpoints_tell(const struct group_training *training);

#endif
