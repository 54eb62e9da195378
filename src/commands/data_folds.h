/* SPDX-License-Identifier: MIT
 *
 * descent data --folds K: which fold each row is in, for other programs that are to use the same
 * folds: foldid of cv.glmnet, or (less 1) test_fold of scikit-learn's PredefinedSplit.
 */
#ifndef DESCENT_COMMANDS_DATA_FOLDS_H
#define DESCENT_COMMANDS_DATA_FOLDS_H

#include "commands/parsing/command.h"
#include "data/source.h"

#include <stdbool.h>

#define DATA_FOLDS_OPTIONS                                                                         \
    {.entry = {"folds", "write the fold of each row, a line each, in place of the rows"},          \
     .argument = "K"},                                                                             \
        {.entry = {"fold-seed", "with --folds: which rows are in which"},                          \
         .argument = "N",                                                                          \
         .fallback = "0"},                                                                         \
    {                                                                                              \
        .entry = {"fold-repeats", "with --folds: how often rows are dealt, a column each"},        \
        .argument = "N", .fallback = "1"                                                           \
    }

/* Writes them to the file at `path`; NULL: to standard output. */
bool data_folds_write(const struct arguments *arguments, const struct source *source,
                      const char *path, int threads, struct error *error);

#endif
