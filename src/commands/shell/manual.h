/* SPDX-License-Identifier: MIT
 *
 * Pages of the manual in roff, with the macros of man(7), from the tables that --help is made from.
 */
#ifndef DESCENT_COMMANDS_SHELL_MANUAL_H
#define DESCENT_COMMANDS_SHELL_MANUAL_H

#include "commands/parsing/command.h"

#include <stdio.h>

/* descent(1): all commands, exit codes, files, environment. */
void manual_print(FILE *out);

/* descent-COMMAND(1). */
void manual_print_command(const struct command *command, FILE *out);

#endif
