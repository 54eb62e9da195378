/* SPDX-License-Identifier: MIT
 *
 * descent profile: where the time of an epoch goes on this machine, and how it scales. A profile is
 * a sweep (sweep/workload/profile_plan.h), and what is printed is read from its store.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/output.h"
#include "base/system/path.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "commands/sweep_outcome.h"
#include "data/generators/generator.h"
#include "data/input.h"
#include "data/sources/source_load.h"
#include "kernels/phases.h"
#include "measure/machine/blas_threads.h"
#include "measure/statistics/timeline.h"
#include "report/opened_store.h"
#include "report/scaling/studies.h"
#include "solvers/training/training.h"
#include "sweep/run/sweep_run.h"
#include "sweep/workload/profile_plan.h"
#include "sweep/workload/workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The options that are axes, each a list. */
static const char *const axis_names[] = {"solver", "kernel", "ranks", "threads",
                                         "rate",   "lambda", "batch"};
enum { AXES = sizeof axis_names / sizeof *axis_names };

/* Epochs of the timeline: enough to see one after the other. */
enum { TIMELINE_EPOCHS = 4 };

/* Rows and entries of the data: they are read for it, where no number of epochs is given. */
static bool choose_epochs(const struct arguments *arguments, const struct source *source,
                          int64_t *epochs, struct error *error)
{
    if (arguments_value(arguments, "epochs") != NULL)
        return arguments_integer(arguments, "epochs", 1, INT64_C(1000000000), epochs, error);
    struct source shared = *source;
    shared.ranks = arguments->ranks; /* together, they may have more than one of them could hold */
    struct dataset *data = source_load(&shared, true, threads_default(), error);
    if (data == NULL)
        return false;
    *epochs =
        profile_plan_epochs((double)dataset_samples(data), (double)dataset_whole_entries(data));
    dataset_free(data);
    return true;
}

/* The sweep file beside its store, where the command that goes on names it. Free with
 * memory_free().
 */
static char *sweep_path(const struct arguments *arguments)
{
    char *path = NULL;
    const char *name = arguments_value(arguments, "name");
    if (asprintf(&path, "%s/%s/%s.yaml", arguments_value(arguments, "results"), name, name) < 0)
        memory_exhausted(1, 1);
    return path;
}

/* From the folder of the sweep file to the working directory. What is printed is for a file there.
 */
static char *data_folder(const struct arguments *arguments)
{
    if (arguments_flag(arguments, "print"))
        return NULL;
    char *path = sweep_path(arguments), *folder = path_folder(path), *way = path_from(folder, "");
    memory_free(path);
    memory_free(folder);
    return way;
}

static char *plan_text(const struct arguments *arguments, const struct source *source,
                       struct error *error)
{
    char threads[PROFILE_THREADS_TEXT];
    struct profile_axis axes[AXES];
    struct profile_plan plan = {
        .name = arguments_value(arguments, "name"),
        .operand = source->path != NULL ? source->path : arguments->operands[0],
        .source = source,
        .axes = axes,
        .axis_count = AXES,
        .repeats = 5,
        .models = 1,
        .weak = arguments_flag(arguments, "weak"),
    };
    for (size_t i = 0; i < AXES; i++) {
        axes[i] = (struct profile_axis){axis_names[i], arguments_value(arguments, axis_names[i])};
        if (strcmp(axis_names[i], "threads") == 0 && axes[i].values == NULL)
            axes[i].values = arguments_value(arguments, "ranks") != NULL
                                 ? "all"
                                 : profile_plan_threads(threads_default(), threads);
    }
    if (!arguments_integer(arguments, "repeats", 1, 1000000, &plan.repeats, error) ||
        !arguments_integer(arguments, "models", 1, GROUP_MOST, &plan.models, error) ||
        !choose_epochs(arguments, source, &plan.epochs, error))
        return NULL;
    char *folder = data_folder(arguments);
    plan.data_folder = folder;
    char *text = profile_plan_text(&plan, error);
    memory_free(folder);
    return text;
}

/* As many processes are needed as the most ranks that are asked for. */
static bool check_ranks(const struct arguments *arguments, struct error *error)
{
    const struct hyperparameter *row = hyperparameter_find("ranks");
    const char *list = arguments_value(arguments, "ranks");
    int64_t most = 0, there = ranks_count(arguments->ranks);
    struct value value;
    char reason[512];
    if (list == NULL)
        return true;
    char *copy = memory_copy_text(list), *rest = copy;
    for (char *item; (item = strsep(&rest, ",")) != NULL;)
        if (setting_parse(&row->setting, item, &value, reason, sizeof reason) &&
            value.integer > most)
            most = value.integer;
    memory_free(copy);
    if (most > there) {
        char *operand = text_operand(arguments->operands[0]);
        error_usage(error,
                    "--ranks: %" PRId64 " ranks are requested, but there %s %" PRId64
                    "; start it with `mpirun -np %" PRId64 " descent profile %s --ranks %s`",
                    most, there == 1 ? "is" : "are", there, most, operand, list);
        memory_free(operand);
        return false;
    }
    return arguments_value(arguments, "trace") == NULL ||
           error_usage(error, "--trace covers one process; leave out --ranks, or --trace");
}

/* --- The timeline ---------------------------------------------------------------------------- */

/* The configuration of the plan with the most threads, for a few epochs. */
static struct configuration timeline_configuration(const struct expansion *expansion)
{
    const struct configuration *most = &expansion->items[0].configuration;
    for (size_t i = 1; i < expansion->count; i++)
        if (expansion->items[i].source == 0 &&
            expansion->items[i].configuration.threads > most->threads)
            most = &expansion->items[i].configuration;
    struct configuration configuration = *most;
    if (configuration.epochs > TIMELINE_EPOCHS)
        configuration.epochs = TIMELINE_EPOCHS;
    return configuration;
}

static size_t write_timeline(const struct dataset *data, const struct configuration *configuration,
                             FILE *out)
{
    char title[1024];
    const struct training_hooks hooks = {.phases = true};
    struct trial trial;
    configuration_describe(configuration, title, sizeof title);
    phases_keep_events(TIMELINE_EVENTS);
    training_run(data, &configuration, 1, &hooks, &trial);
    size_t events = timeline_write(title, (int)configuration->threads, out);
    phases_keep_events(0);
    trial_clear(&trial);
    return events;
}

static bool draw_timeline(const struct sweep_file *file, struct output *output, struct error *error)
{
    struct workload workload;
    if (!workload_create(file, &workload, error)) {
        output_discard(output);
        return false;
    }
    struct configuration configuration = timeline_configuration(&workload.expansion);
    size_t events = write_timeline(workload.data[0], &configuration, output->file);
    const char *path = output->path;
    char *name = path != NULL ? memory_copy_text(path) : NULL;
    workload_clear(&workload);
    bool done = output_commit(output, error);
    if (done && name != NULL)
        printf("\n%zu events of %" PRId64 " threads in %s; https://ui.perfetto.dev opens it\n",
               events, configuration.threads, text_shown(name));
    memory_free(name);
    return done;
}

/* --- The command ----------------------------------------------------------------------------- */

static bool print_profile(const char *folder, struct error *error)
{
    struct opened_store opened;
    struct studies studies = {0};
    bool done = opened_store_open(&opened, folder, error) &&
                studies_read(opened.store, &opened.results, &studies, error);
    if (done)
        studies_print(&studies, SIZE_MAX, stdout);
    studies_free(&studies);
    opened_store_close(&opened);
    return done;
}

/* It was made by this program, in the folder of this sweep, and is replaced without being asked. */
static bool keep_sweep_file(const struct sweep_file *file, struct error *error)
{
    struct output output;
    if (!output_open(&output, file->path, true, error))
        return false;
    fputs(file->text, output.file);
    return output_commit(&output, error);
}

static bool run_sweep(const struct arguments *arguments, const struct sweep_file *file,
                      struct error *error)
{
    const struct sweep_options sweep = {
        .results = arguments_value(arguments, "results"),
        .fresh = arguments_flag(arguments, "fresh"),
        .retry_failed = arguments_flag(arguments, "retry-failed"),
        .quiet = arguments_flag(arguments, "quiet"),
        .out = stdout,
        .ranks = arguments->ranks,
        .distribution = arguments->ranks != NULL ? DISTRIBUTE_ROWS : DISTRIBUTE_NOTHING,
    };
    struct sweep_outcome outcome;
    if (!sweep_run(file, &sweep, &outcome, error))
        return false;
    if (ranks_index(arguments->ranks) > 0) /* rank 0 has the store */
        return true;
    if (!keep_sweep_file(file, error))
        return false;
    if (!sweep_outcome_is_whole(&outcome, error) || !print_profile(outcome.folder, error))
        return false;
    char *operand = text_operand(outcome.folder);
    printf("\nresults: %s\n"
           "next:    descent plot roofline %s --output roofline.svg\n"
           "         descent plot scaling %s --output scaling.svg\n"
           "         descent report %s\n",
           text_shown(outcome.folder), operand, operand, operand);
    memory_free(operand);
    return sweep_outcome_is_sound(&outcome, error);
}

static bool profile_file(const struct arguments *arguments, const struct sweep_file *file,
                         struct error *error)
{
    const char *trace = arguments_value(arguments, "trace");
    struct output output;
    if (trace == NULL)
        return (!arguments_flag(arguments, "force") ||
                error_usage(error, "--force is not used without --trace")) &&
               run_sweep(arguments, file, error);
    char *folder = sweep_file_folder(file, arguments_value(arguments, "results"));
    store_protect(folder);
    memory_free(folder);
    if (!output_open(&output, trace, arguments_flag(arguments, "force"), error))
        return false;
    bool done =
        !output_is_taken(file->path) ||
        error_usage(error, "--trace: %s is the sweep file of this profile; name another file",
                    trace);
    done = done && run_sweep(arguments, file, error);
    if (done)
        return draw_timeline(file, &output, error);
    output_discard(&output);
    return false;
}

/* A sweep file names its data by a path, which standard input has as well. */
static void name_standard_input(struct source *source)
{
    if (source->path == NULL || strcmp(source->path, "-") != 0)
        return;
    memory_free(source->path);
    source->path = memory_copy_text("/dev/stdin");
}

/* The text of the sweep file that this is, on all ranks or on none. */
static char *profile_text(const struct arguments *arguments, struct error *error)
{
    struct source source;
    char *text = NULL;
    input_keep_pipes(); /* the data are read for the plan, for the sweep, and for the timeline */
    if (!sweep_file_is_name(arguments_value(arguments, "name"))) {
        error_usage(error,
                    "--name: '%s' cannot be the name of the folder of results; give " SWEEP_NAMES,
                    arguments_value(arguments, "name"));
    } else if (arguments_source(arguments, 0, &source, error)) {
        name_standard_input(&source);
        text = plan_text(arguments, &source, error);
        source_clear(&source);
    }
    if (ranks_settle(arguments->ranks, error))
        return text;
    memory_free(text);
    return NULL;
}

/* Runs the sweep that a text is. */
static bool run_text(const struct arguments *arguments, const char *path, const char *text,
                     struct error *error)
{
    struct sweep_file *file = sweep_file_parse(path, text, error);
    if (file == NULL)
        return false;
    if (arguments_flag(arguments, NO_TUNING))
        file->tuning = &tuning_no;
    bool done = profile_file(arguments, file, error);
    sweep_file_free(file);
    return done;
}

static bool profile_run(const struct arguments *arguments, struct error *error)
{
    blas_threads_probe(); /* before any parallel region */
    char *text = profile_text(arguments, error);
    if (text == NULL)
        return false;
    char *path = sweep_path(arguments);
    bool done = true;
    if (arguments_flag(arguments, "print"))
        fputs(text, stdout);
    else
        done = check_ranks(arguments, error) && run_text(arguments, path, text, error);
    done = ranks_settle(arguments->ranks, error) && done;
    memory_free(path);
    memory_free(text);
    return done;
}

static const struct option_row options[] = {
    {.entry = {"solver", "solvers to profile, a list"}, .argument = "LIST", .fallback = "gd"},
    {.entry = {"kernel", "kernels to profile, as in 'fused,blas'"}, .argument = "LIST"},
    {.entry = {"ranks", "with mpirun: numbers of processes that rows are distributed over"},
     .argument = "LIST"},
    {.entry = {"threads", "numbers of threads (default: 1, 2, 4, ... and all; of ranks: all)"},
     .argument = "LIST"},
    {.entry = {"rate", "learning rates (default: auto)"}, .argument = "LIST"},
    {.entry = {"lambda", "regularisation strengths"}, .argument = "LIST"},
    {.entry = {"batch", "samples per mini-batch"}, .argument = "LIST"},
    {.entry = {"models", "how many are trained side by side"}, .argument = "N", .fallback = "1"},
    {.entry = {"weak",
               "weak scaling as well: as many rows per thread or rank; DATA must be a generator"}},
    {.entry = {"epochs", "epochs per trial (default: about a second of them)"}, .argument = "N"},
    {.entry = {"repeats", "rounds in which each is timed"}, .argument = "N", .fallback = "5"},
    {.entry = {"trace", "write what each thread did to this file, for Perfetto"},
     .argument = "FILE"},
    {.entry = {"force", "replace the file of --trace if it exists"}},
    {.entry = {"name", "name of the sweep and of its folder"},
     .argument = "NAME",
     .fallback = "profile"},
    RESULTS_OPTION("folder of all results; this sweep's are in a folder of its name there"),
    {.entry = {"fresh", "remove what is recorded under that name and start over"}},
    {.entry = {"retry-failed", "run failed trials again"}},
    {.entry = {"quiet", "show no progress"}},
    NO_TUNING_OPTION,
    {.entry = {"print", "print the equivalent sweep file and run nothing"}},
};

const struct command command_profile = {
    .entry = {"profile",
              "show where the time per epoch goes, and how it scales with threads and ranks"},
    .operands = "DATA",
    .operand_min = 1,
    .operand_max = 1,
    .words = &generator_table,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .distributes = true,
    .attributes = ATTRIBUTES_ALL,
    .details =
        "DATA is a file, or a generator such as blobs:rows=1000000,features=50. The machine\n"
        "should be idle; 'descent machine' says what else would make times better.\n"
        "\n"
        "  descent profile blobs:rows=200000,features=50\n"
        "  descent profile my.csv --solver gd,sgd --kernel auto --threads 1,2,4\n"
        "  descent profile blobs:rows=100000 --weak --trace trace.json\n"
        "  mpirun -np 4 descent profile blobs:rows=1000000 --ranks 1,2,4\n",
    .run = profile_run,
};
