/* SPDX-License-Identifier: MIT
 *
 * The table of subcommands. A new one is a file with its row, and two lines here.
 */
#include "commands/command.h"

extern const struct command command_data, command_show;

static const struct entry *const rows[] = {
    &command_data.entry,
    &command_show.entry,
};

const struct table command_table = TABLE("command", rows);
