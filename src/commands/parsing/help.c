/* SPDX-License-Identifier: MIT
 *
 * What --help prints, from the rows of a command. Where a value is one of a table, its names follow
 * on a line of their own.
 */
#include "base/memory.h"
#include "commands/parsing/command.h"

#include <stdio.h>

static void print_option(const struct command_option *option)
{
    char left[OPTION_NAME + 32], names[512];
    snprintf(left, sizeof left, "--%s%s%s", option->name, option->argument != NULL ? " " : "",
             option->argument != NULL ? option->argument : "");
    printf("  %-24s %s", left, option->help);
    if (option->fallback != NULL)
        printf(" (default %s)", option->fallback);
    printf("\n");
    if (option->choices != NULL)
        printf("  %-24s one of %s\n", "", table_names(option->choices, names, sizeof names));
}

void command_print_help(const struct command *command)
{
    size_t count;
    struct command_option *options = command_options(command, &count);
    printf("descent %s: %s\n\nUsage: descent %s%s%s [options]\n", command->entry.name,
           command->entry.summary, command->entry.name, command_operands_blank(command),
           command->operands);
    printf("\nOptions:\n");
    for (size_t i = 0; i < count; i++) {
        if (options[i].origin == OPTION_HYPERPARAMETER && options[i].index == 0)
            printf("\nHyper-parameters (each also a key of sweep files):\n");
        print_option(&options[i]);
    }
    memory_free(options);
    if (command->details != NULL)
        printf("\n%s", command->details);
}
