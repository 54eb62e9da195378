/* SPDX-License-Identifier: MIT
 *
 * descent show: what a sweep found, from its store alone; also while it runs, and when it is done
 * in part.
 */
#include "commands/parsing/command.h"
#include "report/opened_store.h"
#include "report/scaling/studies.h"
#include "report/summary.h"

#include <stdio.h>

static const struct option_row options[] = {
    {.entry = {"top", "how many configurations of each solver to show; profiles: at least 20"},
     .argument = "N",
     .fallback = "5"},
    {.entry = {"sort", "what the best are best by (default: metric: of the sweep file)"},
     .argument = "METRIC",
     .choices = &metric_table},
    {.entry = {"each-fold", "with folds: each fold by itself, not the means over them"}},
};

enum {
    TOP_MOST = 1000000000,
    PROFILES = 20 /* that are shown, unless --top is more */
};

/* What --sort names, else what the sweep file does. */
static const struct metric *metric_of_show(const struct arguments *arguments,
                                           const struct opened_store *opened)
{
    const struct entry *entry = arguments_choice(arguments, "sort");
    if (entry == NULL)
        entry = table_find(&metric_table, opened->results.sweep.metric);
    return metric_of(entry);
}

static bool show_run(const struct arguments *arguments, struct error *error)
{
    struct opened_store opened;
    struct studies studies = {0};
    int64_t top = 0;
    if (!arguments_integer(arguments, "top", 1, TOP_MOST, &top, error))
        return false;
    bool done = opened_store_open(&opened, arguments->operands[0], error) &&
                studies_read(opened.store, &opened.results, &studies, error);
    if (done) {
        summary_print(&opened.results, arguments->operands[0], metric_of_show(arguments, &opened),
                      (size_t)top, arguments_flag(arguments, "each-fold"), stdout);
        studies_print(&studies, top > PROFILES ? (size_t)top : PROFILES, stdout);
    }
    studies_free(&studies);
    opened_store_close(&opened);
    return done;
}

const struct command command_show = {
    .entry = {"show", "show what a sweep found: the best configurations of each solver"},
    .operands = "RESULTS",
    .operand_min = 1,
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details = "RESULTS is the folder that a sweep recorded to.\n"
               "\n"
               "  descent show results/sgd-vs-gd\n"
               "  descent show results/sgd-vs-gd --top 20\n"
               "  descent show results/sgd-vs-gd --sort seconds\n",
    .run = show_run,
};
