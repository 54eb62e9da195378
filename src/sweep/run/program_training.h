/* SPDX-License-Identifier: MIT
 *
 * A trial that another program trains (sweep/programs/hosts.h): timed by our clock, from the last
 * byte of the task to the first of the answer, and judged by our objective (solvers/judge/judge.h).
 *
 * Its trace has two points: zero weights, where programs begin, at epoch 0, and its answer at epoch
 * 1, for it is one step to us whatever its iterations are.
 */
#ifndef DESCENT_SWEEP_RUN_PROGRAM_TRAINING_H
#define DESCENT_SWEEP_RUN_PROGRAM_TRAINING_H

#include "sweep/run/group_state.h"

/* Is the group's only member trained by another program? */
bool group_is_outside(const struct group_training *training);

/* Has it trained, and fills in `trial`, to be freed with trial_clear(): one that has failed has no
 * point, and says why in its message. */
void group_train_outside(struct group_training *training, struct trial *trial);

/* Tells, loudly, of a program whose trial is below what was proved to be F*. */
void group_tell_refuted(struct runner *runner, size_t item, const struct trial *trial,
                        double optimum);

#endif
