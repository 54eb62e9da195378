/* SPDX-License-Identifier: MIT
 *
 * A group in training: those of its members that are not recorded yet. It is gathered and
 * recorded where the store is, and trained by whoever has the data: the same process, or another
 * rank of the job (models_server.h, models_worker.h), which delivers what it trained.
 */
#ifndef DESCENT_SWEEP_RUN_GROUP_TRAINING_H
#define DESCENT_SWEEP_RUN_GROUP_TRAINING_H

#include "measure/counters/counters.h"
#include "measure/machine/evidence.h"
#include "solvers/training_hooks.h"
#include "sweep/run/runner_state.h"

struct group_training {
    struct runner *runner;
    const struct trainer *trainer; /* who trains it */
    struct turn turn;              /* of its members, each with its own item */
    bool alone;                    /* one member, and no pass beside it */
    int64_t shared;                /* its number in the store; 0: a member alone */
    size_t planned;                /* members of the group */
    size_t count;                  /* of them, in training */
    size_t items[GROUP_MOST];
    double optima[GROUP_MOST];
    const struct dataset *data;            /* that it is trained on, while it is */
    const struct fold_masks *masks;        /* of its rows that members leave out; NULL: none does */
    bool led;                              /* do members of a path begin in `starts`? */
    double *solutions;                     /* (count, d) of them, where the store is; or NULL */
    struct model_start starts[GROUP_MOST]; /* (count) */
    double seconds;                        /* that recording took */
    double mark;     /* on the clock: when the last of them ended, or all began */
    int64_t attempt; /* of a member alone, from 1 */
    bool again;      /* it was disturbed, and another attempt is allowed */
    struct watch watch;
    struct evidence evidence;
    struct counters counters;

    /* Member `index` has ended and was not interrupted: has it recorded, and sets `again`. False
     * when nothing more is to be trained. */
    bool (*deliver)(struct group_training *training, size_t index, struct trial *trial);
    void *context; /* of deliver() */
};

/* Where the store is, under the runner's lock: those of a group (items, planned) that are not
 * settled, with a number for their clock if they share one, and with the solutions that they begin
 * with. They may be none. Clear with group_clear(). */
bool group_gather(struct group_training *training, struct runner *runner,
                  const struct trainer *trainer, const size_t *items, size_t planned,
                  struct turn turn);

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
