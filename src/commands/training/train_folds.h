/* SPDX-License-Identifier: MIT
 *
 * descent train --folds K: the configuration is trained K times, each time without one of the
 * folds, to tell how it does on rows that it has not seen; then once on all rows, which is the
 * model. With
 * --fold as well, one of those trainings alone.
 */
#ifndef DESCENT_COMMANDS_TRAIN_FOLDS_H
#define DESCENT_COMMANDS_TRAIN_FOLDS_H

#include "commands/training/train_checkpoint.h"
#include "commands/training/training_command.h"
#include "store/model/model_file.h"

#include <stdbool.h>

#define TRAIN_FOLDS_OPTIONS                                                                        \
    {                                                                                              \
        .entry = {"fold-repeats", "with --folds: how often rows are dealt into folds, each time "  \
                                  "anew"},                                                         \
        .argument = "N", .fallback = "1"                                                           \
    }

/* Before data are read: what --folds goes with. */
bool train_folds_check(const struct arguments *arguments, const struct source *source,
                       struct error *error);

/* With --fold, puts what the fold leaves in the place of `*data`, which is freed on error. */
bool train_folds_leave(const struct arguments *arguments, const struct source *source,
                       struct dataset **data, struct error *error);

/* With --folds and no --fold, trains without each of them in turn, for which the configuration was
 * checked, and tells of it unless `quiet`; those that the checkpoint knows are told alone.
 * Without, *report is empty. */
bool train_folds(const struct arguments *arguments, const struct source *source,
                 const struct dataset *data, bool quiet, struct train_checkpoint *checkpoint,
                 struct model_report *report, struct error *error);

#endif
