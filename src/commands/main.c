/* SPDX-License-Identifier: MIT
 *
 * The program: finds the subcommand, runs it, and prints the one message if it failed.
 */
#include "base/json_text.h"
#include "base/parallel/ranks.h"
#include "base/parallel/threads.h"
#include "base/system/output.h"
#include "base/system/terminal.h"
#include "commands/parsing/command.h"
#include "commands/parsing/distribution.h"
#include "kernels/kernel.h"
#include "measure/machine/machine.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_usage(void)
{
    printf("descent: batch benchmarks of gradient descent on one neuron\n\n"
           "Usage: descent COMMAND [options]\n\nCommands:\n");
    for (size_t i = 0; i < command_table.count; i++)
        printf("  %-14s %s\n", command_table.entries[i]->name, command_table.entries[i]->summary);
    printf(
        "\n'descent COMMAND --help' explains one; 'descent --version' says what this build is.\n");
}

/* The processes that run this command together, if there are any. */
struct command_job {
    struct ranks *world;
    bool speaks; /* of those that were started: this one says what went wrong */
};

/* A command line that cannot be read is the error of all. */
static bool run_command(const struct command *command, int argc, char **argv,
                        struct command_job *job, struct error *error)
{
    struct arguments arguments = {0};
    job->speaks = distribution_speaks(command, argc, argv);
    if (!distribution_open(command, argc, argv, &job->world, error))
        return false;
    bool parsed = arguments_parse(command, argc, argv, &arguments, error);
    arguments.ranks = job->world;
    bool done = ranks_settle(job->world, error) && parsed && command->run(&arguments, error);
    arguments_clear(&arguments);
    return done;
}

/* All ranks of a job have the same error, which one of them tells. Where that was not settled a
 * rank may be alone with its error: it tells it, and the others, which may wait for it, are ended.
 * If it was not alone after all, rank 0 ends it before it can speak. Before there are ranks all
 * have the same error, too; who does not tell it waits, because a launcher ends all as soon as one
 * fails, and the one that tells it might not have done so yet. */
static void conclude(const struct command_job *job, const struct error *error)
{
    bool alone = job->world != NULL && error->kind != ERROR_NONE && !ranks_have_settled();
    bool silent = job->world == NULL && error->kind != ERROR_NONE && !job->speaks;
    if (silent || (alone && ranks_index(job->world) > 0))
        sleep(1);
    if (error->kind != ERROR_NONE && (job->speaks || alone))
        fprintf(stderr, "descent: %s\n", error->message);
    if (alone)
        ranks_abort((int)error->kind);
    ranks_close(job->world);
}

static bool run(int argc, char **argv, struct command_job *job, struct error *error)
{
    const char *name = argc > 1 ? argv[1] : "--help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0 || strcmp(name, "-h") == 0) {
        print_usage();
        return true;
    }
    if (strcmp(name, "--version") == 0) {
        machine_print_version(stdout);
        return true;
    }
    const struct entry *entry = table_find(&command_table, name);
    if (entry == NULL) {
        char text[1024];
        return error_usage(error, "%s", table_unknown(&command_table, name, text, sizeof text));
    }
    return run_command((const struct command *)(const void *)entry, argc - 1, argv + 1, job, error);
}

int main(int argc, char **argv)
{
    ranks_take_hangup_back();
    terminal_guard();
    json_text_initialise();
    signal(SIGXFSZ, SIG_IGN); /* a file that meets its size limit fails the write instead */
    threads_initialise();
    kernels_initialise();
    struct error error = {.kind = ERROR_NONE};
    struct command_job job = {.speaks = ranks_launched_as() == 0};
    run(argc, argv, &job, &error); /* a command's --help is no error, and not done either */
    /* Output that did not arrive (a full disk) is a failure like any other. */
    errno = 0;
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && error.kind == ERROR_NONE)
        error_failed(&error, "the output could not be written: %s", output_fault(errno));
    conclude(&job, &error);
    return (int)error.kind;
}
