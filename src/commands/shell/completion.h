/* SPDX-License-Identifier: MIT
 *
 * Completion for shells: scripts made from the tables of commands and options, so that what is in a
 * table can be completed. A shell is a row here; how it is said in each is in completion_SHELL.c.
 */
#ifndef DESCENT_COMMANDS_SHELL_COMPLETION_H
#define DESCENT_COMMANDS_SHELL_COMPLETION_H

#include "commands/parsing/command.h"

#include <stdio.h>

struct shell {
    struct entry entry;
    void (*print)(FILE *out);
};

extern const struct shell shell_bash, shell_zsh, shell_fish;
extern const struct table shell_table;

/* What may follow: any of some words and, beside them, the names of files or of folders. */
enum completion_names { NAMES_NONE, NAMES_FILES, NAMES_FOLDERS };
struct completion {
    enum completion_names names;
    char words[1024]; /* separated by blanks */
};

struct completion completion_of_option(const struct command_option *option);
struct completion completion_of_operands(const struct command *command);

#endif
