/* SPDX-License-Identifier: MIT
 *
 * Commands that several processes run together: mpirun -np 4 descent sweep ... --distribute rows.
 */
#ifndef DESCENT_COMMANDS_PARSING_DISTRIBUTION_H
#define DESCENT_COMMANDS_PARSING_DISTRIBUTION_H

#include "base/parallel/ranks.h"
#include "commands/parsing/command.h"
#include "sweep/run/sweep_options.h"

extern const struct table distribution_table;
extern const struct entry distribution_rows, distribution_models;

/* The row of the option, for commands with .distributes; `help` says over what is distributed. */
#define DISTRIBUTION_OPTION(help_)                                                                 \
    {                                                                                              \
        .entry = {"distribute", help_}, .argument = "NAME", .choices = &distribution_table         \
    }

/* Before arguments are read, because `ranks: all` and `threads: all` are among their defaults: if
 * argv asks the command to be distributed (--distribute, or --ranks of a command that has it as an
 * option of its own and was started in several processes), *world becomes all processes that were
 * started, else NULL. False, with an error, when several were started and nothing is to be
 * distributed: each would do the same; or when they were started with different words. */
bool distribution_open(const struct command *command, int argc, char **argv, struct ranks **world,
                       struct error *error);

/* What the option says, for a sweep. */
enum distribution distribution_of(const struct arguments *arguments);

/* Is this process the one to say what went wrong, before there are ranks? */
bool distribution_speaks(const struct command *command, int argc, char **argv);

#endif
