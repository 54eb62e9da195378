/* SPDX-License-Identifier: MIT
 *
 * descent completion: a script by which a shell completes commands, options, values and files.
 */
#include "commands/shell/completion.h"

static bool run(const struct arguments *arguments, struct error *error)
{
    char reason[512];
    const struct entry *entry = table_find(&shell_table, arguments->operands[0]);
    if (entry == NULL)
        return error_usage(
            error, "%s",
            table_unknown(&shell_table, arguments->operands[0], reason, sizeof reason));
    ((const struct shell *)(const void *)entry)->print(stdout);
    return true;
}

const struct command command_completion = {
    .entry = {"completion", "print a completion script for a shell"},
    .operands = "bash|zsh|fish",
    .operand_min = 1,
    .operand_max = 1,
    .words = &shell_table,
    .only_words = true,
    .details = "'cmake --install' puts the scripts where shells look for them. By hand:\n"
               "\n"
               "  source <(descent completion bash)\n"
               "  descent completion zsh >\"${fpath[1]}/_descent\"\n"
               "  descent completion fish | source\n",
    .run = run,
};
