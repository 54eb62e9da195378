/* SPDX-License-Identifier: MIT
 *
 * descent compare: which side comes to a target first, and how sure that is; from one store, or
 * two.
 */
#include "commands/parsing/command.h"
#include "data/sources/attributes.h"
#include "report/comparison/comparison.h"
#include "report/cross_validation.h"
#include "report/opened_store.h"
#include "store/json_value.h"

#include <stdio.h>

enum { STORES_MOST = 2 };

static const struct entry format_markdown = {"markdown", "for people"};
static const struct entry *const formats[] = {&format_markdown, &format_json};
static const struct table comparison_format_table = TABLE("format", formats);

static const struct entry disturbed_leave_out = {"leave-out", "their times say nothing"};
static const struct entry disturbed_count = {"count", "the question is of a busy machine"};
static const struct entry *const disturbed_rows[] = {&disturbed_leave_out, &disturbed_count};
static const struct table disturbed_table = TABLE("treatment", disturbed_rows);

static const struct option_row options[] = {
    {.entry = {"by", "what tells the sides apart: " SIDES_KNOWN ", or any hyper-parameter"},
     .argument = "AXIS"},
    {.entry = {"format", "of what is printed; json: one object"},
     .argument = "NAME",
     .fallback = "markdown",
     .choices = &comparison_format_table},
    {.entry = {"disturbed", "what is done with rounds that other programs disturbed"},
     .argument = "NAME",
     .fallback = "leave-out",
     .choices = &disturbed_table},
};

/* One line for each configuration: without each fold in turn there is no side, and no target. */
static bool compare_folds(const struct results *results, const char *by, bool json,
                          struct error *error)
{
    if (by != NULL)
        return error_usage(error, "--by: with folds, configurations are compared one by one; leave "
                                  "--by out");
    struct cross_validation validation = cross_validation_of(results);
    if (json) {
        json_value_print(stdout, cross_validation_to_json(&validation));
    } else {
        cross_validation_print_best(&validation, stdout);
        fputc('\n', stdout);
        cross_validation_print(&validation, validation.count, true, stdout);
    }
    cross_validation_clear(&validation);
    return true;
}

static bool compare(const struct arguments *arguments, const struct opened_store *opened, bool json,
                    struct error *error)
{
    const char *by = arguments_value(arguments, "by");
    struct comparison comparison;
    if (arguments->count == 1 && results_have_only_folds(&opened->results))
        return compare_folds(&opened->results, by, json, error);
    if (by == NULL)
        by = sides_axis(opened, arguments->count);
    bool done = comparison_create(&comparison, by, opened, arguments->count, error);
    if (done)
        (json ? comparison_json : comparison_markdown)(&comparison, stdout);
    comparison_clear(&comparison);
    return done;
}

static bool compare_run(const struct arguments *arguments, struct error *error)
{
    struct opened_store opened[STORES_MOST] = {{0}};
    bool json = arguments_choice(arguments, "format") == &format_json, done = true;
    for (size_t s = 0; s < arguments->count && done; s++) {
        done = opened_store_open(&opened[s], arguments->operands[s], error);
        opened[s].results.busy = arguments_choice(arguments, "disturbed") == &disturbed_count;
    }
    done = done && compare(arguments, opened, json, error);
    for (size_t s = 0; s < STORES_MOST; s++)
        opened_store_close(&opened[s]);
    return done;
}

const struct command command_compare = {
    .entry = {"compare", "show which side reaches a target first, with an interval"},
    .operands = "RESULTS [RESULTS]",
    .operand_min = 1,
    .operand_max = STORES_MOST,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details =
        "RESULTS is the folder that a sweep recorded to; it may still be running. Sides are what\n"
        "--by names; else what `by:` in the sweep file does; else families of solvers (SGD,\n"
        "mini-batch, batch) or, where there is one family, the values of the first axis; of two\n"
        "stores, the stores. A sweep with folds is compared by its held-out loss, one line for\n"
        "each configuration.\n"
        "\n"
        "  descent compare results/sgd-vs-gd\n"
        "  descent compare results/solvers --by solver\n"
        "  descent compare results/before results/after\n"
        "  descent compare results/sgd-vs-gd --format json\n",
    .run = compare_run,
};
