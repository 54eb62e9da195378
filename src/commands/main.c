/* SPDX-License-Identifier: MIT
 *
 * The program: finds the subcommand, runs it, and prints the one message if it failed.
 */
#include "base/threads.h"
#include "commands/command.h"
#include "kernels/kernel.h"
#include "measure/machine.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static void print_usage(void)
{
    printf("descent: batch benchmarks of gradient descent on one neuron\n\n"
           "Usage: descent COMMAND [options]\n\nCommands:\n");
    for (size_t i = 0; i < command_table.count; i++)
        printf("  %-14s %s\n", command_table.entries[i]->name, command_table.entries[i]->summary);
    printf(
        "\n'descent COMMAND --help' explains one; 'descent --version' says what this build is.\n");
}

static bool run(int argc, char **argv, struct error *error)
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
    const struct command *command = (const struct command *)(const void *)entry;
    struct arguments arguments;
    bool done = arguments_parse(command, argc - 1, argv + 1, &arguments, error) &&
                command->run(&arguments, error);
    arguments_clear(&arguments);
    return done;
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file that meets its size limit fails the write instead */
    threads_initialise();
    kernels_initialise();
    struct error error = {.kind = ERROR_NONE};
    bool done = run(argc, argv, &error);
    /* Output that did not arrive (a full disk) is a failure like any other. */
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && done)
        error_failed(&error, "the output could not be written: is the disk full?");
    if (error.kind != ERROR_NONE)
        fprintf(stderr, "descent: %s\n", error.message);
    return (int)error.kind;
}
