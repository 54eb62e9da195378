/* SPDX-License-Identifier: MIT
 *
 * descent export: what a store holds, as CSV, as JSON, or for the readers of Google Benchmark.
 */
#include "base/system/output.h"
#include "commands/parsing/command.h"
#include "store/export/export.h"

static const struct option_row options[] = {
    {.entry = {"format",
               "csv: one line per trial; json: traces included; gbench: Google Benchmark's"},
     .argument = "NAME",
     .fallback = "csv",
     .choices = &export_format_table},
    {.entry = {"traces", "csv: one line per recorded point instead"}},
    {.entry =
         {"all",
          "include what does not count: disturbed attempts that were run again, earlier finals"}},
    {.entry = {"output", "write to this file (-: standard output)"},
     .argument = "FILE",
     .fallback = "-"},
    SAFE_CELLS_OPTION,
    {.entry = {"force", "replace the output file if it exists"}},
};

static bool write_output(const struct arguments *arguments, struct store *store,
                         const struct export_format *format, struct error *error)
{
    struct output output;
    if (!output_open(&output, arguments_value(arguments, "output"),
                     arguments_flag(arguments, "force"), error))
        return false;
    const struct export_options what = {
        .traces = arguments_flag(arguments, "traces"),
        .superseded = arguments_flag(arguments, "all"),
        .safe_cells = arguments_flag(arguments, SAFE_CELLS),
    };
    if (export_write(store, format, what, output.file, error))
        return output_commit(&output, error);
    output_discard(&output);
    return false;
}

static bool export_run(const struct arguments *arguments, struct error *error)
{
    const struct entry *entry = arguments_choice(arguments, "format");
    struct store *store = store_open(arguments->operands[0], error);
    if (store == NULL)
        return false;
    bool done =
        write_output(arguments, store, (const struct export_format *)(const void *)entry, error);
    store_close(store);
    return done;
}

const struct command command_export = {
    .entry = {"export", "write what a sweep recorded as CSV or JSON"},
    .operands = "RESULTS",
    .operand_min = 1,
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details = "RESULTS is the folder that a sweep wrote to; it may still be running.\n"
               "\n"
               "  descent export results/sgd-vs-gd --output trials.csv\n"
               "  descent export results/sgd-vs-gd --traces --output traces.csv\n"
               "  descent export results/sgd-vs-gd --format json --output all.json\n"
               "\n"
               "gbench has a row for each trial that was timed alone: what compare.py of Google\n"
               "Benchmark reads. Rows of two sweeps are compared where their names are the same.\n"
               "\n"
               "  descent export results/sgd-vs-gd --format gbench --output before.json\n",
    .run = export_run,
};
