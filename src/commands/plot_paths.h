/* SPDX-License-Identifier: MIT
 *
 * What plot surface needs: several solvers trained on one data set from one start, their paths
 * kept.
 */
#ifndef DESCENT_COMMANDS_PLOT_PATHS_H
#define DESCENT_COMMANDS_PLOT_PATHS_H

#include "commands/parsing/command.h"
#include "report/plots/plot.h"

/* Trains the solver that is given, or sgd and gd where none is, each at a rate of its own where
 * none is given; and draws the subject's data with their paths and, where it is known, the minimum.
 */
bool plot_paths_draw(const struct arguments *arguments, const struct plot_kind *kind,
                     struct plot_subject subject, struct picture *picture, struct error *error);

#endif
