/* SPDX-License-Identifier: MIT
 *
 * descent worker: descent as a program that speaks the trial protocol, on its standard input and
 * output.
 */
#include "build_facts.h"
#include "commands/parsing/command.h"
#include "programs/worker.h"

static bool run(const struct arguments *arguments, struct error *error)
{
    (void)arguments;
    return worker_run(stdin, stdout, BUILD_VERSION " " BUILD_COMMIT, error);
}

const struct command command_worker = {
    .entry = {"worker", "train what another program asks for, by the trial protocol"},
    .operands = "",
    .details = "Each line of its standard input is a message, and is answered with a line on its\n"
               "standard output; docs/protocol.md has them all. What it trains, another build or\n"
               "another BLAS can be compared with:\n\n"
               "  descent judge pets --lambda 0.01 -- descent worker\n",
    .run = run,
};
