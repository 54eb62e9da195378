/* SPDX-License-Identifier: MIT
 *
 * descent report: what a sweep found as one page, which a browser opens and needs nothing else for.
 */
#include "base/memory.h"
#include "base/system/output.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "report/opened_store.h"
#include "report/page/page.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option_row options[] = {
    {
        .entry = {"output",
                  "write to this file (-: standard output); else NAME.html beside the store"},
        .argument = "FILE",
    },
    {.entry = {"by", "what the page opens with: sides by family, or by any hyper-parameter"},
     .argument = "AXIS"},
    {.entry = {"force", "replace the output file if it exists"}},
    {.entry = {"open", "open the page in a browser: the one that xdg-open starts"}},
};

/* The name of a sweep is the name of a folder (sweep/file/sweep_file.c). Free with memory_free().
 */
static char *default_path(const struct opened_store *opened)
{
    char *path = NULL;
    size_t length = strlen(opened->name);
    const char *separator = length > 0 && opened->name[length - 1] == '/' ? "" : "/";
    if (asprintf(&path, "%s%s%s.html", opened->name, separator, opened->results.sweep.name) < 0)
        memory_exhausted(1, 1);
    return path;
}

/* Starts xdg-open, which may stay for as long as the browser: it is not waited for, has a session
 * of its own, and says nothing here. The page is named by where it is from the root, so that no
 * name is taken for an option. */
static bool open_page(const char *path, struct error *error)
{
    char *whole = realpath(path, NULL);
    char *arguments[] = {"xdg-open", whole, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t child;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    int fault = whole == NULL
                    ? errno
                    : posix_spawnp(&child, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(whole);
    if (fault == 0)
        return true;
    return error_failed(error,
                        "the page is written, but xdg-open, which starts a browser, cannot be "
                        "started: %s; open %s in a browser, or install it (the Debian package is "
                        "xdg-utils)",
                        strerror(fault), text_shown(path));
}

static bool write_page(const struct arguments *arguments, const struct opened_store *opened,
                       struct error *error)
{
    const char *given = arguments_value(arguments, "output");
    char *path = given != NULL ? memory_copy_text(given) : default_path(opened);
    struct output output;
    bool done = output_open(&output, path, arguments_flag(arguments, "force"), error);
    if (done) {
        bool named = output.path != NULL;
        done = page_write(opened, arguments_value(arguments, "by"), output.file, error);
        if (!done)
            output_discard(&output);
        else if ((done = output_commit(&output, error)) && named)
            printf("Page          %s\n", text_shown(path));
        if (done && arguments_flag(arguments, "open"))
            done = open_page(path, error);
    }
    memory_free(path);
    return done;
}

static bool report_run(const struct arguments *arguments, struct error *error)
{
    struct opened_store opened;
    const char *output = arguments_value(arguments, "output");
    if (arguments_flag(arguments, "open") && output != NULL && strcmp(output, "-") == 0)
        return error_usage(error, "--open needs a file: --output - writes to standard output");
    bool done = opened_store_open(&opened, arguments->operands[0], error) &&
                write_page(arguments, &opened, error);
    opened_store_close(&opened);
    return done;
}

const struct command command_report = {
    .entry = {"report", "write an HTML page of a sweep"},
    .operands = "RESULTS",
    .operand_min = 1,
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details = "RESULTS is the folder that a sweep recorded to; it may still be running. The page\n"
               "has all that it needs inside, and loads nothing. What follows # in its address\n"
               "sets its controls, as in page.html#over=seconds&value=loss&theme=dark.\n"
               "It opens with the sides that --by tells apart or, without it, with families of\n"
               "solvers or the first axis that has sides; a switch has the others.\n"
               "\n"
               "  descent report results/sgd-vs-gd --open\n"
               "  descent report results/batch-size --by batch\n"
               "  descent report results/sgd-vs-gd --output page.html --force\n",
    .run = report_run,
};
