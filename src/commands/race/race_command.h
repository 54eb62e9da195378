/* SPDX-License-Identifier: MIT
 *
 * What the command line of `descent race` asks for.
 */
#ifndef DESCENT_COMMANDS_RACE_RACE_COMMAND_H
#define DESCENT_COMMANDS_RACE_RACE_COMMAND_H

#include "commands/parsing/command.h"
#include "race/baseline.h"
#include "race/race.h"

/* Sides, and how they race. The texts are those of the command line or of the baseline. */
struct race_request {
    struct race_options options;
    double limit;           /* seconds for a run of a command */
    const char *data;       /* --data; NULL: not given */
    const char *sweep;      /* --sweep; NULL likewise */
    const char *parameters; /* --parameters; "": none */
    bool has_b;
    const char *links[2]; /* --link-a, --link-b: where options.orders is above 0 */
    struct side_words a, b;
    struct baseline baseline; /* that A is of, if one is given */
};

/* The command's options must have the rows that are looked at here (command_race.c). False, with an
 * error, where something cannot be, or does not go together. Clear in any case. */
bool race_request_read(const struct arguments *arguments, struct race_request *request,
                       struct error *error);
void race_request_clear(struct race_request *request);

#endif
