/* SPDX-License-Identifier: MIT
 *
 * descent data: looks at a data set, from a file or from a generator, or writes it to a file. The
 * ending of the file written picks its format, unless --to names it.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/output.h"
#include "commands/data_folds.h"
#include "commands/parsing/command.h"
#include "data/compression/compression.h"
#include "data/formats/format.h"
#include "data/generators/generator.h"
#include "data/sources/describe.h"
#include "data/sources/source_load.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct option_row options[] = {
    {.entry = {"output", "write the data set to this file (-: standard output)"},
     .argument = "FILE"},
    {.entry = {"to", "format of the output (default: by the file's extension)"},
     .argument = "NAME",
     .choices = &format_table},
    {.entry = {"names", "write a first line with the names of columns (CSV)"}},
    SAFE_CELLS_OPTION,
    {.entry = {"force", "replace the output file if it exists"}},
    {.entry = {"heldout", "take the rows that --split holds out, not those to train on"}},
    DATA_FOLDS_OPTIONS,
    {.entry = {"all", "describe all columns and features, each on a line"}},
    {.entry = {"threads", "how many threads read or generate"}, .argument = "N", .fallback = "all"},
};

/* Applies the options that settings of generators are; those that are attributes too,
 * arguments_source() has seen to. */
static bool settings_apply(const struct arguments *arguments, struct source *source,
                           struct error *error)
{
    for (size_t i = 0; i < generator_settings_count; i++) {
        const char *value = arguments->settings[i];
        char reason[512], name[OPTION_NAME];
        if (value == NULL)
            continue;
        option_name(generator_settings_table[i].entry.name, name);
        if (source->generator == NULL)
            return error_usage(error, "--%s applies to generators, but '%s' is a file", name,
                               source->path);
        if (!generator_set(source->generator, &source->settings,
                           generator_settings_table[i].entry.name, value, reason, sizeof reason))
            return error_usage(error, "--%s: %s", name, reason);
    }
    return true;
}

static bool threads_read(const struct arguments *arguments, int *threads, struct error *error)
{
    const char *text = arguments_value(arguments, "threads");
    struct value value;
    char reason[256];
    if (!setting_parse(&hyperparameter_find("threads")->setting, text, &value, reason,
                       sizeof reason))
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
        return error_usage(error, "--weights is not stored in a data file; leave it out here, and "
                                  "give it to train or to a sweep");
    if (source->precision != NULL)
        return error_usage(error,
                           "--precision %s is for training, and features are described and "
                           "written as they are given; leave it out here, and give it to train or "
                           "to a sweep",
                           source->precision->name);
    return true;
}

static const struct format *format_to_write(const struct arguments *arguments, const char *path)
{
    const struct entry *entry = arguments_choice(arguments, "to");
    return entry == NULL ? format_of_path(path) : (const struct format *)(const void *)entry;
}

/* What is written: a file, or two where the format keeps labels in one of their own. */
enum { SET, LABELS, FILES };

/* Opens the file of the labels, which goes with that of the set. */
static bool labels_open(const struct arguments *arguments, const struct format *format,
                        const char *path, struct output *output, struct error *error)
{
    if (strcmp(path, "-") == 0)
        return error_usage(error,
                           "%s is two files, so it cannot go to standard output; name a file",
                           format->entry.name);
    char *other = format->labels_path(path, error);
    bool done =
        other != NULL && output_open(output, other, arguments_flag(arguments, "force"), error);
    memory_free(other);
    return done;
}

/* Closes the file that is open for the set in any case. */
static bool data_write(const struct arguments *arguments, const struct dataset *data,
                       const char *path, struct output *set, struct error *error)
{
    const struct format *format = format_to_write(arguments, path);
    bool labels = format->write_labels != NULL && data->y != NULL;
    struct output files[FILES] = {[SET] = *set};
    if (labels && !labels_open(arguments, format, path, &files[LABELS], error)) {
        output_discard(&files[SET]);
        return false;
    }
    const struct format_writing how = {
        .header = arguments_flag(arguments, "names"),
        .safe_cells = arguments_flag(arguments, SAFE_CELLS),
    };
    format->write(data, how, files[SET].file);
    if (labels)
        format->write_labels(data, files[LABELS].file);
    return output_commit_all(files, labels ? FILES : 1, error);
}

/* A name that promises compressed bytes. */
static bool name_check(const char *path, struct error *error)
{
    size_t stem = compression_stem(path), length = strlen(path);
    if (length >= 4 && strcasecmp(path + length - 4, ".npz") == 0)
        return error_usage(
            error,
            "%s: descent writes no archives of arrays; write X.npy, with y.npy "
            "beside it: np.savez('data.npz', X=np.load('X.npy'), y=np.load('y.npy'))",
            path);
    return path[stem] == '\0' ||
           error_usage(error,
                       "%s: descent writes no compressed files; write %.*s, then compress it", path,
                       (int)stem, path);
}

static bool data_convert(const struct arguments *arguments, const struct source *source,
                         const char *path, int threads, struct error *error)
{
    struct output set;
    if (!name_check(path, error) ||
        !output_open(&set, path, arguments_flag(arguments, "force"), error))
        return false;
    struct dataset *data = source_load(source, false, threads, error);
    bool done = false;
    if (data != NULL) {
        dataset_print_notes(data, stderr); /* otherwise they are in the description */
        done = data_write(arguments, side(arguments, data), path, &set, error);
    } else {
        output_discard(&set);
    }
    dataset_free(data);
    return done;
}

/* A file cannot carry that its rows are scaled, so that it is said where they are written. */
static void tell_scaled(const struct source *source, const char *path)
{
    if (source->scale != NULL)
        fprintf(stderr,
                "descent: note: %s: rows are scaled (%s), and the file does not say so: train on "
                "it without --scale, and give the original rows to a model that was trained with "
                "--scale\n",
                strcmp(path, "-") == 0 ? "standard output" : path, source->scale->name);
}

/* The table of columns: the short one, if there are two, or the whole. */
static void tell_columns(const char *told, bool all)
{
    const char *whole = strchr(told, SOURCE_TOLD_WHOLE);
    if (whole != NULL && all)
        fputs(whole + 1, stdout);
    else
        fprintf(stdout, "%.*s", (int)strcspn(told, (const char[]){SOURCE_TOLD_WHOLE, '\0'}), told);
}

static bool data_describe(const struct arguments *arguments, const struct source *source,
                          int threads, struct error *error)
{
    struct memory_stream stream;
    struct source heard = *source;
    heard.told = memory_stream_open(&stream);
    struct dataset *data = source_load(&heard, false, threads, error);
    char *told = memory_stream_close(&stream);
    tell_columns(told, arguments_flag(arguments, "all"));
    memory_free(told);
    if (data == NULL)
        return false;
    if (arguments_flag(arguments, "heldout"))
        dataset_print_notes(data, stderr); /* what is described does not have them */
    char *title = source_describe(source);
    bool fits = memory_check(describe_bytes(data), title, error);
    if (fits)
        describe_print(side(arguments, data), title, arguments_flag(arguments, "all"), threads,
                       stdout);
    memory_free(title);
    dataset_free(data);
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
        return error_usage(error, "unexpected argument '%s'; only 'convert' takes two files",
                           arguments->operands[1]);
    if (convert && *path == NULL)
        return error_usage(error, "OUT is missing; usage: descent data convert FILE OUT");
    if (convert && arguments->count == 3 && output != NULL)
        return error_usage(error, "--output and '%s' both name a file to write; leave one out",
                           *path);
    if (*path == NULL && arguments_value(arguments, "to") != NULL)
        return error_usage(error,
                           "--to sets the format of the output; name the file with --output");
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
        options_check(arguments, &source, path, error) && threads_read(arguments, &threads, error))
        done = arguments_value(arguments, "folds") != NULL
                   ? data_folds_write(arguments, &source, path, threads, error)
               : path != NULL ? data_convert(arguments, &source, path, threads, error)
                              : data_describe(arguments, &source, threads, error);
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
    .settings = true,
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
        "  descent data measurements.csv --folds 10 --output folds.csv\n"
        "  descent data convert train_X.npy train.libsvm --label labels.npy\n"
        "  descent data blobs --rows 100000 --features 50 --seed 1 --output blobs.csv\n",
    .run = data_run,
};
