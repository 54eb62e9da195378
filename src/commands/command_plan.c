/* SPDX-License-Identifier: MIT
 *
 * descent plan: what a sweep would run, without running it.
 */
#include "commands/parsing/command.h"
#include "report/comparison/entrant.h"
#include "sweep/file/sweep_file.h"
#include "sweep/plan/plan.h"

#include <stdio.h>

static const struct option_row options[] = {
    EXECUTION_OPTION,
    RESULTS_OPTION("folder of all results, to see what is done already"),
};

static bool run(const struct arguments *arguments, struct error *error)
{
    struct sweep_file *file = arguments_sweep_file(arguments, error);
    if (file == NULL)
        return false;
    bool done =
        plan_print(file, arguments_value(arguments, "results"), TARGETS_MOST, stdout, error);
    sweep_file_free(file);
    return done;
}

const struct command command_plan = {
    .entry = {"plan", "show what a sweep would run, how long it takes and what will diverge"},
    .operands = "FILE",
    .operand_min = 1,
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details = "It trains for about two seconds to estimate times, and writes nothing.\n",
    .run = run,
};
