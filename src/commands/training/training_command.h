/* SPDX-License-Identifier: MIT
 *
 * What commands that train one configuration share: reading the data, what must hold before, and
 * the run itself.
 */
#ifndef DESCENT_COMMANDS_TRAINING_COMMAND_H
#define DESCENT_COMMANDS_TRAINING_COMMAND_H

#include "commands/parsing/command.h"
#include "solvers/optimum/optimum.h"
#include "solvers/training/training.h"

/* The data set that operand `index` names, with labels. NULL on error. */
struct dataset *arguments_training_data(const struct arguments *arguments, size_t index,
                                        struct error *error);

/* The same, and the source that it is from, which is to be cleared with source_clear() in any case:
 * what a model keeps of it. */
struct dataset *arguments_source_data(const struct arguments *arguments, size_t index,
                                      struct source *source, struct error *error);

/* The data set of a source that was parsed elsewhere. NULL on error. All ranks together. */
struct dataset *arguments_load(const struct arguments *arguments, struct source *source,
                               struct error *error);

/* Can the configuration be trained on these data? Says how many threads there are, where that was
 * left open. All ranks of the data together. */
bool arguments_check_configuration(const struct arguments *arguments, const struct dataset *data,
                                   struct error *error);

/* *optimum is what is known where the trial is to stop by its gap; elsewhere nothing is, and its
 * objective is NaN. False, with an error, where there is no gap to close. */
bool arguments_find_optimum(const struct arguments *arguments, const struct dataset *data,
                            struct optimum *optimum, struct error *error);

/* Both. */
bool arguments_check_training(const struct arguments *arguments, const struct dataset *data,
                              struct optimum *optimum, struct error *error);

/* What training begins with: the weights (features) that --init gives, NULL where they are drawn;
 * free with memory_free(); and the bias of --bias, 0 without. Both must be rows of the command's
 * options. */
bool arguments_initial(const struct arguments *arguments, size_t features, double **w, double *bias,
                       struct error *error);

/* Trains it with these hooks; Ctrl-C ends it at the next epoch. False with an error where the file
 * of the data changed meanwhile. All ranks of the data together. Clear with trial_clear() in any
 * case. */
bool arguments_train(const struct arguments *arguments, const struct dataset *data,
                     struct training_hooks hooks, struct trial *trial, struct error *error);

/* Was it not interrupted? Otherwise an error: what is half trained is not drawn. */
bool trial_completed(const struct trial *trial, struct error *error);

/* Tells on stderr what a trial that has ended shows, and a user may not see: that it never began,
 * that the data are separable where that is cheap to see, or that it is below F*, which is then
 * withdrawn from the trial. What *optimum says already, that there is none, was told before. All
 * ranks of the data together. */
void arguments_tell_of_trial(const struct arguments *arguments, const struct dataset *data,
                             struct optimum *optimum, struct trial *trial);

#endif
