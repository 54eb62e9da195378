/* SPDX-License-Identifier: MIT
 *
 * descent train --checkpoint FILE: a long training is kept in a file every now and then, and where
 * it is asked to stop; the same command goes on from there, with the bits and the trace of one that
 * was never disturbed. Once the command has ended well the file is gone.
 *
 * What is the same command: whatever decides the bits (the build, the data, the configuration but
 * for threads, folds, the first weights). Another is refused before it trains.
 */
#ifndef DESCENT_COMMANDS_TRAIN_CHECKPOINT_H
#define DESCENT_COMMANDS_TRAIN_CHECKPOINT_H

#include "base/system/output.h"
#include "commands/parsing/command.h"
#include "commands/training/checkpoint_file.h"
#include "data/dataset.h"
#include "solvers/training/training_hooks.h"

#define TRAIN_CHECKPOINT_OPTIONS                                                                   \
    {.entry = {"checkpoint", "keep the training in this file while it goes on; after a kill the "  \
                             "same command goes on from there"},                                   \
     .argument = "FILE"},                                                                          \
    {                                                                                              \
        .entry = {"checkpoint-every", "with --checkpoint: seconds from one time to the next "      \
                                      "(default: 60); 0: after every epoch"},                      \
        .argument = "S"                                                                            \
    }

struct train_checkpoint {
    const char *path; /* NULL: none is kept */
    double seconds;   /* from one to the next */
    const struct arguments *arguments;
    const struct dataset *data;
    char build[256], key[DIGEST_TEXT], words[512]; /* of its origin */
    size_t measured;                               /* folds that the file had */
    struct checkpoint_content content; /* what it had, and then what is to go into it: the snapshot
                                        * of the training that goes on from it, or NULL */
    struct training_keeper keeper;
    struct output output;
    int64_t kept;         /* the epoch that the file has; 0: none */
    struct error failure; /* why the last was not written */
    bool told;            /* that there was such a failure */
};

/* Before data are read: what the options say, and whether they go with the others. */
bool train_checkpoint_check(struct train_checkpoint *checkpoint, const struct arguments *arguments,
                            struct error *error);

/* With the configuration and the first weights (w NULL: drawn) known: what there is to go on from.
 * All ranks of the data together. */
bool train_checkpoint_find(struct train_checkpoint *checkpoint, const struct arguments *arguments,
                           const struct dataset *data, const double *w, double bias,
                           struct error *error);

/* Says on stdout that training is continued, if it is. */
void train_checkpoint_tell(const struct train_checkpoint *checkpoint);

/* Has the training on `data` that these hooks are for go on, and be kept. */
bool train_checkpoint_hook(struct train_checkpoint *checkpoint, const struct dataset *data,
                           struct training_hooks *hooks, struct error *error);

/* What the checkpoint knows of a fold (from 0); NULL: it is to be trained without. */
const struct fold_means *train_checkpoint_fold(const struct train_checkpoint *checkpoint,
                                               size_t fold);

/* A training without a fold has ended, and this was measured. */
void train_checkpoint_add_fold(struct train_checkpoint *checkpoint,
                               const struct fold_means *values);

/* trial_completed(): the error says what is kept, where something is. */
bool train_checkpoint_completed(const struct train_checkpoint *checkpoint,
                                const struct trial *trial, struct error *error);

/* All has ended well. */
bool train_checkpoint_remove(const struct train_checkpoint *checkpoint, struct error *error);

void train_checkpoint_clear(struct train_checkpoint *checkpoint);

#endif
