/* SPDX-License-Identifier: MIT
 *
 * descent train --step-by-step: the first updates of a training run, each told with its formulas
 * and numbers, so that it can be worked out once more by hand.
 */
#ifndef DESCENT_COMMANDS_TRAIN_STEPS_H
#define DESCENT_COMMANDS_TRAIN_STEPS_H

#include "commands/parsing/command.h"
#include "solvers/solver.h"

/* Updates that are still to be told, and those that were; zero-initialised, none are to be. */
struct train_steps {
    int64_t left, told;
    int64_t right; /* samples since the last of them that the perceptron had right */
};

#define TRAIN_STEPS_OPTIONS                                                                        \
    {.entry = {"step-by-step", "tell the first updates with their formulas and numbers"}},         \
    {                                                                                              \
        .entry = {"updates", "with --step-by-step: so many updates, at most 1000 (default: 3)"},   \
        .argument = "K"                                                                            \
    }

/* What the options of that name ask for; false, with an error, where the solver, the data or `json`
 * do not go with it. */
bool train_steps_open(struct train_steps *steps, const struct arguments *arguments,
                      const struct dataset *data, bool json, struct error *error);

/* Tells what is left to be told of the updates of this step, on stdout. */
void train_steps_tell(struct train_steps *steps, const struct step *step);

#endif
