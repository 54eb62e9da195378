/* SPDX-License-Identifier: MIT
 *
 * When a job begins. MPI is not started for a process alone that asks for nothing: that takes a
 * while, and some kinds of it start a process of their own.
 */
#include "commands/parsing/distribution.h"

#include "base/parallel/threads.h"
#include "sweep/run/ranks_agreement.h"

#include <string.h>

const struct entry distribution_rows = {
    "rows", "every process reads and keeps a part of the rows; each pass adds up over all"};
const struct entry distribution_models = {
    "models", "processes take configurations from a queue, as they become free"};
static const struct entry *const rows[] = {&distribution_rows, &distribution_models};
const struct table distribution_table = TABLE("distribution", rows);

/* Does the command distribute rows by an axis of its own? */
static bool has_ranks(const struct command *command)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (strcmp(command->options[i].entry.name, "ranks") == 0)
            return true;
    return false;
}

/* Over what is to be distributed: the value of --distribute, or rows, where a command has --ranks
 * and several processes are there for it; NULL: nothing. */
static const char *asked_for(const struct command *command, int argc, char **argv)
{
    if (!command->distributes)
        return NULL;
    if (has_ranks(command) && arguments_written(command, argc, argv, "ranks") != NULL &&
        ranks_launched() > 1)
        return distribution_rows.name;
    return arguments_written(command, argc, argv, "distribute");
}

static bool is_asked_for(const struct command *command, int argc, char **argv)
{
    return asked_for(command, argc, argv) != NULL;
}

/* Shards are one process each, whoever started them. */
static bool is_sharded(const struct command *command, int argc, char **argv)
{
    return arguments_written(command, argc, argv, "shard") != NULL;
}

bool distribution_speaks(const struct command *command, int argc, char **argv)
{
    bool together = !is_sharded(command, argc, argv) || is_asked_for(command, argc, argv);
    return !together || ranks_launched_as() == 0;
}

enum distribution distribution_of(const struct arguments *arguments)
{
    const struct entry *over = arguments_choice(arguments, "distribute");
    if (over == &distribution_rows)
        return DISTRIBUTE_ROWS;
    return over == &distribution_models ? DISTRIBUTE_MODELS : DISTRIBUTE_NOTHING;
}

/* `threads: all`, and the default, are numbers of every configuration, which must be the same
 * wherever it is trained: they are what the rank with the fewest has. */
static void agree_on_threads(const struct ranks *world)
{
    threads_limit((int)ranks_allreduce_min(world, threads_available()));
    threads_default_limit((int)ranks_allreduce_min(world, threads_default()));
}

bool distribution_open(const struct command *command, int argc, char **argv, struct ranks **world,
                       struct error *error)
{
    const char *over = asked_for(command, argc, argv);
    *world = NULL;
    if (over != NULL) {
        *world = ranks_open(error);
        if (*world == NULL || !rank_views_of_command(*world, argc, argv, error))
            return false;
        if (strcmp(over, distribution_rows.name) == 0)
            ranks_distribute_rows(*world);
        agree_on_threads(*world);
        return true;
    }
    if (ranks_launched() == 1 || is_sharded(command, argc, argv))
        return true;
    return error_usage(error,
                       has_ranks(command)
                           ? "%d processes were started, and each would do the same work; say over "
                             "how many of them rows are distributed (--ranks 1,2,4), or start one"
                       : command->distributes
                           ? "%d processes were started, and each would do the same work; say what "
                             "is distributed over them (--distribute), or start one"
                           : "%d processes were started, and this command runs in one; start it "
                             "without a launcher",
                       ranks_launched());
}
