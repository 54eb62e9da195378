/* SPDX-License-Identifier: MIT
 *
 * descent man: a page of the manual, as `man -l -` shows it and as it is installed.
 */
#include "commands/shell/manual.h"

static bool run(const struct arguments *arguments, struct error *error)
{
    if (arguments->count == 0) {
        manual_print(stdout);
        return true;
    }
    char reason[512];
    const struct entry *entry = table_find(&command_table, arguments->operands[0]);
    if (entry == NULL)
        return error_usage(
            error, "%s",
            table_unknown(&command_table, arguments->operands[0], reason, sizeof reason));
    manual_print_command((const struct command *)(const void *)entry, stdout);
    return true;
}

const struct command command_man = {
    .entry = {"man", "print a manual page, of descent or of a command"},
    .operands = "[COMMAND]",
    .operand_max = 1,
    .words = &command_table,
    .only_words = true,
    .details = "'cmake --install' puts all pages where man finds them. Without:\n"
               "\n"
               "  descent man sweep | man -l -\n",
    .run = run,
};
