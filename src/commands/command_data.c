/* SPDX-License-Identifier: MIT
 *
 * descent data: looks at a data set, from a file or from a generator, or writes it to a file. The
 * ending of the file written picks its format, unless --to names it.
 */
#include "base/memory.h"
#include "base/output.h"
#include "commands/command.h"
#include "data/describe.h"
#include "data/format.h"
#include "data/generator.h"
#include "data/source.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
    {.entry = {"rows", "how many rows to generate"}, .argument = "N"},
    {.entry = {"separation", "distance of the class means, in standard deviations"},
     .argument = "R"},
    {.entry = {"noise", "share of labels that are flipped"}, .argument = "R"},
    {.entry = {"condition", "largest variance of a feature over the smallest"}, .argument = "R"},
    {.entry = {"seed", "of the random numbers"}, .argument = "N"},
    {.entry = {"output", "write the set to this file (-: standard output)"}, .argument = "FILE"},
    {.entry = {"to", "format of the output (default: told by its ending)"},
     .argument = "NAME",
     .choices = &format_table},
    {.entry = {"header", "write a first line with the names of columns (CSV)"}},
    {.entry = {"force", "replace the output file if it exists"}},
    {.entry = {"heldout", "take the rows that --split holds out, not those to train on"}},
    {.entry = {"all", "describe all features, not the first 20 only"}},
    {.entry = {"threads", "how many threads read or generate"}, .argument = "N", .fallback = "all"},
};

/* Applies the options that settings of generators are: every one whose name is a setting's, but
 * those that are attributes too, which arguments_source() has seen to. */
static bool settings_apply(const struct arguments *arguments, struct source *source,
                           struct error *error)
{
    for (size_t i = 0; i < generator_settings_count; i++) {
        const char *name = generator_settings_table[i].entry.name;
        if (source_attribute_find(name) != NULL)
            continue;
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
                          const char *path, struct error *error)
{
    if (arguments_flag(arguments, "heldout") && source->split == 0.0)
        return error_usage(error, "--heldout is not used without --split");
    if (source->weights != NULL && path != NULL)
        return error_usage(error, "--weights has no place in a file of data; leave it out here, "
                                  "and give it to train or to a sweep");
    return true;
}

static const struct format *format_to_write(const struct arguments *arguments, const char *path)
{
    const struct entry *entry = arguments_choice(arguments, "to");
    return entry == NULL ? format_of_path(path) : (const struct format *)(const void *)entry;
}

/* Writes the labels to the file that goes with `path`, where the format has one. */
static bool labels_write(const struct arguments *arguments, const struct dataset *data,
                         const struct format *format, const char *path, struct error *error)
{
    if (format->write_labels == NULL || data->y == NULL)
        return true;
    if (strcmp(path, "-") == 0)
        return error_usage(error, "%s is two files, which standard output cannot be; name one",
                           format->entry.name);
    char *other = format->labels_path(path, error);
    struct output output;
    bool done =
        other != NULL && output_open(&output, other, arguments_flag(arguments, "force"), error);
    if (done) {
        format->write_labels(data, output.file);
        done = output_commit(&output, error);
    }
    memory_free(other);
    return done;
}

static bool data_write(const struct arguments *arguments, const struct dataset *data,
                       const char *path, struct error *error)
{
    struct output output;
    const struct format *format = format_to_write(arguments, path);
    if (!output_open(&output, path, arguments_flag(arguments, "force"), error))
        return false;
    if (!labels_write(arguments, data, format, path, error)) {
        output_discard(&output);
        return false;
    }
    format->write(data, arguments_flag(arguments, "header"), output.file);
    return output_commit(&output, error);
}

/* A file cannot carry that its rows are scaled, so that it is said where they are written. */
static void tell_scaled(const struct source *source, const char *path)
{
    if (source->scale != NULL)
        fprintf(
            stderr,
            "descent: note: the rows in %s are scaled (%s), which the file does not tell: train "
            "on it without --scale, and give a model that was trained with --scale the rows as "
            "they were\n",
            strcmp(path, "-") == 0 ? "what is written" : path, source->scale->name);
}

static bool data_describe(const struct arguments *arguments, const struct source *source,
                          const struct dataset *data, struct error *error)
{
    char *title = source_describe(source);
    bool fits = memory_check(describe_bytes(data), title, error);
    if (fits)
        describe_print(data, title, arguments_flag(arguments, "all"), stdout);
    memory_free(title);
    return fits;
}

/* What is given: one operand, the set; or "convert", the set, and the file to write. */
static bool operands_read(const struct arguments *arguments, size_t *set, const char **path,
                          struct error *error)
{
    const char *output = arguments_value(arguments, "output");
    bool convert = arguments->count > 1 && strcmp(arguments->operands[0], "convert") == 0;
    *set = convert;
    *path = convert && arguments->count == 3 ? arguments->operands[2] : output;
    if (!convert && arguments->count > 1)
        return error_usage(error, "'%s' is one too many; two files follow only 'convert'",
                           arguments->operands[1]);
    if (convert && *path == NULL)
        return error_usage(error, "OUT is missing; usage: descent data convert FILE OUT");
    if (convert && arguments->count == 3 && output != NULL)
        return error_usage(error, "--output and '%s' both name a file to write; leave one out",
                           *path);
    if (*path == NULL && arguments_value(arguments, "to") != NULL)
        return error_usage(error, "--to is for what is written; --output names the file");
    return true;
}

static bool data_run(const struct arguments *arguments, struct error *error)
{
    struct source source;
    size_t set;
    const char *path;
    bool done = false;
    int threads = 1;
    if (!operands_read(arguments, &set, &path, error) ||
        !arguments_source(arguments, set, &source, error))
        return false;
    if (settings_apply(arguments, &source, error) &&
        options_check(arguments, &source, path, error) &&
        threads_read(arguments, &threads, error)) {
        struct dataset *data = source_load(&source, false, threads, error);
        if (data != NULL)
            done = path != NULL ? data_write(arguments, side(arguments, data), path, error)
                                : data_describe(arguments, &source, side(arguments, data), error);
        dataset_free(data);
    }
    if (done && path != NULL)
        tell_scaled(&source, path);
    source_clear(&source);
    return done;
}

const struct command command_data = {
    .entry = {"data", "describe a data set, generate one, or convert it to another format"},
    .operands = "[convert] FILE|GENERATOR [OUT]",
    .operand_min = 1,
    .operand_max = 3,
    .words = &generator_table,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .attributes = ATTRIBUTES_ALL,
    .details =
        "A generator may be given with its settings, as in blobs:rows=1000,features=5,seed=1.\n"
        "A file that is called like a generator is reached with a / or a . in its name: ./pets.\n"
        "\n"
        "  descent data measurements.csv --label diagnosis\n"
        "  descent data pets\n"
        "  descent data - --format libsvm < a9a\n"
        "  descent data convert a9a.libsvm a9a.csv\n"
        "  descent data measurements.csv --split 0.2 --output training.csv\n"
        "  descent data measurements.csv --split 0.2 --heldout --output test.csv\n"
        "  descent data convert train_X.npy train.libsvm --label labels.npy\n"
        "  descent data blobs --rows 100000 --features 50 --seed 1 --output blobs.csv\n",
    .run = data_run,
};
