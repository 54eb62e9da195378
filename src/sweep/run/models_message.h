/* SPDX-License-Identifier: MIT
 *
 * What rank 0, which has the store, and the others, which train for it, say to each other:
 *
 *     another rank                          rank 0
 *     READY: here are my clocks      ->
 *                                    <-     SNAPSHOT, for each model that goes on from one
 *                                    <-     JOB: train this
 *     KEPT: where they stand         ->
 *                                    <-     ANSWER: it is in the store; go on, or stop
 *     PAUSED: where one goes on from ->     (no answer: the trial follows)
 *     TRIAL: one of it has ended, or has come to a rung
 *                                    ->
 *                                    <-     ANSWER: it is recorded; go on, or stop, or once more
 *     ...
 *     READY                          ->     (no answer: nothing is left)
 *                                    <-     STOP, at any time: train no more
 *                                    <-     END: of the sweep; answers READY at last
 *
 * or FAULT in place of READY, for an error of that rank alone. The ranks are one build on machines
 * of one kind (ranks_agreement.h): what is sent are the bytes of structures.
 */
#ifndef DESCENT_SWEEP_RUN_MODELS_MESSAGE_H
#define DESCENT_SWEEP_RUN_MODELS_MESSAGE_H

#include "base/memory_stream.h"
#include "measure/machine/evidence.h"
#include "solvers/smoothness.h"
#include "solvers/snapshot.h"
#include "solvers/trial.h"
#include "sweep/workload/groups.h"

#include <stdbool.h>

enum job_message {
    MESSAGE_READY,    /* struct job_clocks */
    MESSAGE_JOB,      /* struct job */
    MESSAGE_TRIAL,    /* trial_message_write() */
    MESSAGE_ANSWER,   /* struct job_answer */
    MESSAGE_STOP,     /* int: what interruption_requested is to become */
    MESSAGE_END,      /* nothing */
    MESSAGE_FAULT,    /* struct error */
    MESSAGE_SNAPSHOT, /* see snapshot_message_write() */
    MESSAGE_KEPT,     /* struct kept, and the checkpoints (store/checkpoint.h) behind it */
    MESSAGE_PAUSED,   /* see paused_message_write() */
};

/* The clocks of the job before (zero: there was none), in seconds; and whether this rank was asked
 * to stop. */
struct job_clocks {
    double train, evaluate, record;
    int interruption;
};

/* A group to train (group_training.h): the members of a group of `planned` that are not recorded
 * yet, or one step of the paths of a group. Behind it, what they begin with (starts.h). */
struct job {
    int64_t repeat;
    int64_t pause; /* of a rung (halving.h): the epoch to which it is trained; 0: to its end */
    int64_t attempt;
    bool alone;
    size_t planned, count;
    size_t items[GROUP_MOST];     /* (count) */
    double optima[GROUP_MOST];    /* (count) */
    struct smoothness smoothness; /* of their data */
};

/* Checkpoints of members of the job that still train. */
struct kept {
    size_t count;       /* 0: there are none... */
    char hindrance[64]; /* ...and this is why (group_checkpoints.h) */
    struct {
        size_t index, size;
        int64_t epoch;
    } parts[GROUP_MOST]; /* (count) */
};

struct job_answer {
    bool go_on; /* false: train no more of this job */
    bool again; /* the trial was disturbed: once more */
};

/* A trial that has ended, without phases: member `index` of the job, with what was seen beside it
 * (NULL: nothing was watched). Its bytes, to be freed with memory_free(). */
void *trial_message_write(const struct trial *trial, size_t index, const struct evidence *evidence,
                          size_t *size);

/* Reads such bytes. The trial is to be freed with trial_clear(); *evidence is left alone when there
 * is none. */
void trial_message_read(const void *bytes, size_t size, struct trial *trial, size_t *index,
                        struct evidence *evidence);

/* What the next member of the job goes on from; bytes are to be freed with memory_free(), and the
 * snapshot with snapshot_free(). */
void *snapshot_message_write(const struct snapshot *snapshot, size_t *size);
struct snapshot *snapshot_message_read(const void *bytes, size_t size);

/* The same of member `index` of a job, which has come to a rung. */
void *paused_message_write(const struct snapshot *snapshot, size_t index, size_t *size);
struct snapshot *paused_message_read(const void *bytes, size_t size, size_t *index);

/* Bytes that a message can have at most. */
#define MESSAGE_MOST 2e9

/* What trial_message_write() comes to. */
double trial_message_bytes(const struct trial *trial);

#endif
