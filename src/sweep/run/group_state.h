/* SPDX-License-Identifier: MIT
 *
 * The state of a group in training, which its parts share: group_gathering.c (who is in
 * it), group_training.c (training it), group_recording.c (what came of it), group_checkpoints.c
 * (where its members go on from).
 */
#ifndef DESCENT_SWEEP_RUN_GROUP_STATE_H
#define DESCENT_SWEEP_RUN_GROUP_STATE_H

#include "measure/counters/counters.h"
#include "measure/machine/evidence.h"
#include "programs/process_watch.h"
#include "solvers/training/training_hooks.h"
#include "sweep/run/runner_state.h"

struct group_training {
    struct runner *runner;
    const struct trainer *trainer; /* who trains it */
    struct turn turn;              /* of its members, each with its own item */
    bool alone;                    /* one member, in one piece, and no pass beside it */
    int64_t shared;                /* its number in the store; 0: a member alone */
    size_t planned;                /* members of the group */
    size_t open;                   /* of them, not settled, with all that they begin with */
    size_t count;                  /* of those, in training */
    size_t items[GROUP_MOST];
    double optima[GROUP_MOST];
    const struct dataset *data;            /* that it is trained on, while it is */
    const struct fold_masks *masks;        /* of its rows that members leave out; NULL: none does */
    bool led;                              /* do members of a path begin in `starts`? */
    double *solutions;                     /* (count, d) of them, where the store is; or NULL */
    struct model_start starts[GROUP_MOST]; /* (count) */
    bool predicted[GROUP_MOST];            /* (count) is that beyond the last solution? */
    struct snapshot *resume[GROUP_MOST];   /* that they go on from, all after the same epoch; NULL:
                                            * they begin */
    int64_t continued[GROUP_MOST];         /* how often they will have done so */
    struct snapshot *paused[GROUP_MOST];   /* of a rung: where they were paused */
    double seconds;                        /* that recording took */
    double mark;     /* on the clock: when the last of them ended, or all began */
    int64_t attempt; /* of a member alone, from 1 */
    bool again;      /* it was disturbed, and another attempt is allowed */
    struct watch watch;
    struct evidence evidence;
    struct process_use use; /* of the process that trained it outside */
    struct counters counters;

    /* Member `index` has ended and was not interrupted: has it recorded, and sets `again`. False
     * when nothing more is to be trained. */
    bool (*deliver)(struct group_training *training, size_t index, struct trial *trial);

    /* Who keeps checkpoints of its members. */
    struct training_keeper (*keeper)(struct group_training *training);
    void *context; /* of deliver(), and of the keeper */
};

bool group_is_profiled(const struct group_training *training);

/* For finals, the configuration's own. */
struct placement group_placement(const struct group_training *training);

/* Finals are timed one after the other, with the kernels of one model. */
bool group_is_batched(const struct group_training *training);

/* The configuration of its first member, and the data set that they are of. */
const struct configuration *group_configuration(const struct group_training *training);
size_t group_source(const struct group_training *training);

/* Is its time taken, with the evidence of noise? A part of a trial says nothing of the whole. */
bool group_is_watched(const struct group_training *training);

/* Frees what its members went on from: another attempt begins at the start. */
void group_forget_snapshots(struct group_training *training);

/* To the store of this process; see `deliver`. */
bool group_deliver(struct group_training *training, size_t index, struct trial *trial);

#endif
