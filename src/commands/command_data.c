/* SPDX-License-Identifier: MIT
 *
 * descent data: looks at a data set, from a file or from a generator, and writes it as CSV.
 */
#include "base/memory.h"
#include "base/output.h"
#include "commands/command.h"
#include "data/describe.h"
#include "data/format.h"
#include "data/generator.h"
#include "data/source.h"

#include <stdio.h>

static const struct option_row options[] = {
    {{"label", "label column: name, position from 1, or none (default: the last)"}, "COLUMN", NULL},
    {{"rows", "how many rows to generate"}, "N", NULL},
    {{"features", "how many features to generate"}, "N", NULL},
    {{"separation", "distance of the class means, in standard deviations"}, "R", NULL},
    {{"noise", "share of labels that are flipped"}, "R", NULL},
    {{"condition", "largest variance of a feature over the smallest"}, "R", NULL},
    {{"seed", "of the random numbers"}, "N", NULL},
    {{"output", "write the set as CSV to this file (-: standard output)"}, "FILE", NULL},
    {{"header", "write a first line with the names of columns"}, NULL, NULL},
    {{"force", "replace the output file if it exists"}, NULL, NULL},
    {{"heldout", "take the rows that --split holds out, not those to train on"}, NULL, NULL},
    {{"all", "describe all features, not the first 20 only"}, NULL, NULL},
    {{"threads", "how many threads read or generate"}, "N", "all"},
};

/* Applies the options that settings of generators are: every one whose name is a setting's. */
static bool settings_apply(const struct arguments *arguments, struct source *source,
                           struct error *error)
{
    for (size_t i = 0; i < generator_settings_count; i++) {
        const char *name = generator_settings_table[i].entry.name;
        const char *value = arguments_value(arguments, name);
        char reason[512];
        if (value == NULL)
            continue;
        if (source->generator == NULL)
            return error_usage(error, "--%s is for generators, and '%s' is a file", name,
                               source->path);
        if (!generator_set(source->generator, &source->settings, name, value, reason,
                           sizeof reason))
            return error_usage(error, "--%s: %s", name, reason);
    }
    return true;
}

static bool threads_read(const struct arguments *arguments, int *threads, struct error *error)
{
    const char *text = arguments_value(arguments, "threads");
    struct value value;
    char reason[256];
    if (!hyperparameter_parse(hyperparameter_find("threads"), text, &value, reason, sizeof reason))
        return error_usage(error, "--threads: %s", reason);
    *threads = (int)value.integer;
    return true;
}

/* The side of a split that was asked for. */
static const struct dataset *side(const struct arguments *arguments, const struct dataset *data)
{
    return arguments_flag(arguments, "heldout") ? data->heldout : data;
}

/* Options that say nothing together, before anything is read. */
static bool options_check(const struct arguments *arguments, const struct source *source,
                          struct error *error)
{
    if (arguments_flag(arguments, "heldout") && source->split == 0.0)
        return error_usage(error, "--heldout is not used without --split");
    if (source->weights != NULL && arguments_value(arguments, "output") != NULL)
        return error_usage(error, "--weights has no place in a file of data; leave it out here, "
                                  "and give it to train or to a sweep");
    return true;
}

static bool data_write(const struct arguments *arguments, const struct dataset *data,
                       struct error *error)
{
    const char *path = arguments_value(arguments, "output");
    struct output output;
    if (!output_open(&output, path, arguments_flag(arguments, "force"), error))
        return false;
    format_of_path(path)->write(data, arguments_flag(arguments, "header"), output.file);
    return output_commit(&output, error);
}

static bool data_run(const struct arguments *arguments, struct error *error)
{
    struct source source;
    struct dataset *data = NULL;
    char *title = NULL;
    bool done = false;
    int threads = 1;
    if (!arguments_source(arguments, 0, &source, error))
        return false;
    if (!settings_apply(arguments, &source, error) || !options_check(arguments, &source, error) ||
        !threads_read(arguments, &threads, error))
        goto clear;
    data = source_load(&source, false, threads, error);
    if (data == NULL)
        goto clear;
    if (arguments_value(arguments, "output") != NULL) {
        done = data_write(arguments, side(arguments, data), error);
        goto clear;
    }
    title = source_describe(&source);
    describe_print(side(arguments, data), title, arguments_flag(arguments, "all"), stdout);
    done = true;
clear:
    memory_free(title);
    dataset_free(data);
    source_clear(&source);
    return done;
}

const struct command command_data = {
    .entry = {"data", "describe a data set, or generate one"},
    .operands = "FILE|GENERATOR",
    .operand_min = 1,
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .prepares = true,
    .details =
        "A generator may be given with its settings, as in blobs:rows=1000,features=5,seed=1.\n"
        "A file that is called like a generator is reached with a / or a . in its name: ./pets.\n"
        "\n"
        "  descent data measurements.csv --label diagnosis\n"
        "  descent data pets\n"
        "  descent data measurements.csv --split 0.2 --output training.csv\n"
        "  descent data measurements.csv --split 0.2 --heldout --output test.csv\n"
        "  descent data blobs --rows 100000 --features 50 --seed 1 --output blobs.csv\n",
    .run = data_run,
};
