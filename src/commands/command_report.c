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

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
    {
        .entry = {"output",
                  "write to this file (-: standard output); else NAME.html beside the store"},
        .argument = "FILE",
    },
    {.entry = {"by", "what tells the sides apart: family, store, or any hyper-parameter"},
     .argument = "AXIS"},
    {.entry = {"force", "replace the output file if it exists"}},
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

static bool write_page(const struct arguments *arguments, const struct opened_store *opened,
                       const struct comparison *comparison, struct error *error)
{
    const char *given = arguments_value(arguments, "output");
    char *path = given != NULL ? memory_copy_text(given) : default_path(opened);
    struct output output;
    bool done = output_open(&output, path, arguments_flag(arguments, "force"), error);
    if (done) {
        bool named = output.path != NULL;
        done = page_write(opened, comparison, output.file, error);
        if (!done)
            output_discard(&output);
        else if ((done = output_commit(&output, error)) && named)
            printf("Page          %s\n", text_shown(path));
    }
    memory_free(path);
    return done;
}

static bool report_run(const struct arguments *arguments, struct error *error)
{
    struct opened_store opened;
    struct comparison comparison;
    bool done = opened_store_open(&opened, arguments->operands[0], error);
    if (done) {
        const char *by = arguments_value(arguments, "by");
        by = by != NULL ? by : sides_axis(&opened, 1);
        done = comparison_create(&comparison, by, &opened, 1, error) &&
               write_page(arguments, &opened, &comparison, error);
        comparison_clear(&comparison);
    }
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
               "\n"
               "  descent report results/sgd-vs-gd\n"
               "  descent report results/sgd-vs-gd --output page.html --force\n",
    .run = report_run,
};
