/* SPDX-License-Identifier: MIT
 *
 * descent slurm: a sweep on many machines, as a job script for Slurm.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/output.h"
#include "base/system/path.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "store/store.h"
#include "sweep/plan/plan_shards.h"
#include "sweep/slurm/job_request.h"
#include "sweep/slurm/job_script.h"
#include "sweep/workload/workload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MOST 10000
#define CPUS_MOST 4096

static const struct option_row options[] = {
    {.entry = {"nodes", "number of shards, each on its own machine"}, .argument = "N"},
    {.entry = {"partition", "partition of the cluster (default: the cluster's own)"},
     .argument = "NAME"},
    {.entry = {"account", "account to charge (default: the user's own)"}, .argument = "NAME"},
    {.entry = {"cpus",
               "processors per shard (default: the largest number of threads that it uses)"},
     .argument = "N"},
    {.entry = {"memory", "memory per shard: a number with K, M, G or T (default: from the plan)"},
     .argument = "AMOUNT"},
    {.entry = {"time", "time limit: minutes, H:MM:SS or D-HH:MM (default: from the plan)"},
     .argument = "TIME"},
    {.entry = {"shared", "share machines with other jobs, even where trials are timed alone"}},
    EXECUTION_OPTION,
    RESULTS_OPTION("folder of all results, which every machine must see"),
    {.entry = {"output", "write to this file (-: standard output)"},
     .argument = "FILE",
     .fallback = "-"},
    {.entry = {"force", "replace the output file if it exists"}},
};

/* --- Values of options --------------------------------------------------------------------- */

static bool read_count(const struct arguments *arguments, const char *name, int64_t most,
                       int64_t *count, struct error *error)
{
    const char *text = arguments_value(arguments, name);
    if (text == NULL || (text_to_integer(text, count) && *count >= 1 && *count <= most))
        return true;
    return error_usage(error, "--%s: '%s' is not a whole number from 1 to %" PRId64, name, text,
                       most);
}

static bool read_shards(const struct arguments *arguments, struct job_script *job,
                        struct error *error)
{
    if (arguments_value(arguments, "nodes") == NULL)
        return error_usage(error, "--nodes is missing: give the number of machines");
    return read_count(arguments, "nodes", NODES_MOST, &job->shards, error);
}

static bool read_request(const struct arguments *arguments, struct job_script *job,
                         struct error *error)
{
    const char *time = arguments_value(arguments, "time");
    const char *memory = arguments_value(arguments, "memory");
    job->minutes_given = time != NULL;
    job->mebibytes_given = memory != NULL;
    if (time != NULL && !job_minutes_parse(time, &job->minutes))
        return error_usage(error,
                           "--time: '%s' is not a time limit; give minutes, H:MM:SS or D-HH:MM, "
                           "for example 90, 1:30:00 or 2-12:00",
                           time);
    if (memory != NULL && !job_mebibytes_parse(memory, &job->mebibytes))
        return error_usage(error,
                           "--memory: '%s' is not an amount of memory; give a whole number and K, "
                           "M, G or T, for example 4G, or 0 for all that a machine has",
                           memory);
    return read_count(arguments, "cpus", CPUS_MOST, &job->cpus, error);
}

/* Every text that comes from outside. */
static bool check_texts(const struct job_script *job, struct error *error)
{
    const char *const texts[] = {job->command, job->directory, job->program, job->file,
                                 job->results, job->partition, job->account, job->script};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] != NULL && !job_script_can_say(texts[i]))
            return error_usage(
                error,
                "'%s': a line break or another control character cannot appear in a job script",
                texts[i]);
    return true;
}

/* --- Where things are ---------------------------------------------------------------------- */

/* The command line that comes to the same; free with free(). */
static char *command_line(const struct arguments *arguments)
{
    const struct command *command = arguments->command;
    struct memory_stream line;
    FILE *out = memory_stream_open(&line);
    fprintf(out, "descent %s ", command->entry.name);
    text_write_operand(arguments->operands[0], out);
    for (size_t i = 0; i < command->option_count; i++) {
        if (arguments->values[i] == NULL)
            continue;
        fprintf(out, " --%s", command->options[i].entry.name);
        if (command->options[i].argument == NULL)
            continue;
        putc(' ', out);
        text_write_word(arguments->values[i], out);
    }
    return memory_stream_close(&line);
}

/* Both absolute; free with free(). */
static char *real_path(const char *path, struct error *error)
{
    char *real = realpath(path, NULL);
    if (real == NULL)
        error_failed(error, "%s: %s", path, strerror(errno));
    return real;
}

/* --- The job ------------------------------------------------------------------------------- */

static bool decide(const struct sweep_file *file, const struct arguments *arguments,
                   struct job_script *job, struct error *error)
{
    struct shards_needs needs;
    if (!plan_shards(file, (size_t)job->shards, &needs, error))
        return false;
    job->expected = needs.seconds;
    job->bytes = needs.bytes;
    if (!job->minutes_given)
        job->minutes = job_minutes(needs.seconds);
    if (job->minutes == 0)
        return error_usage(
            error,
            "--time is missing: the time of a shard of %s could not be estimated in two seconds, "
            "or is more than can be requested; give a limit, or stop: {seconds: ...} in the file",
            file->path);
    if (!job->mebibytes_given)
        job->mebibytes = job_mebibytes(needs.bytes);
    if (job->cpus == 0)
        job->cpus = needs.threads;
    else if (job->cpus < needs.threads)
        fprintf(stderr,
                "descent: note: --cpus %" PRId64 ", and configurations use up to %" PRId64
                " threads on this machine; they will get fewer\n",
                job->cpus, needs.threads);
    job->notice = job_notice(needs.longest, job->minutes);
    job->exclusive = file->execution == &execution_solo && !arguments_flag(arguments, "shared");
    job->finals = sweep_file_finals(file) > 0;
    job->waits = sweep_file_halves(file) && job->shards > 1;
    return true;
}

/* Slurm opens a job's log before the job could make a folder for it. */
static bool make_folder(const struct sweep_file *file, const char *results, struct error *error)
{
    char *folder = sweep_file_folder(file, results);
    bool done = store_create_folder(folder, error);
    memory_free(folder);
    return done;
}

static bool write_output(const struct arguments *arguments, const struct sweep_file *file,
                         const struct job_script *job, struct error *error)
{
    struct output output;
    if (!output_open(&output, arguments_value(arguments, "output"),
                     arguments_flag(arguments, "force"), error))
        return false;
    if (!make_folder(file, job->results, error)) {
        output_discard(&output);
        return false;
    }
    bool told = output.path != NULL;
    job_script_write(job, output.file);
    if (!output_commit(&output, error))
        return false;
    if (told) {
        fputs("next: sbatch ", stdout);
        text_write_word(job->script, stdout);
        putchar('\n');
    }
    return true;
}

static bool make_job(const struct arguments *arguments, const struct sweep_file *file,
                     struct job_script *job, struct error *error)
{
    char *line = command_line(arguments), *program = real_path("/proc/self/exe", error);
    char *directory = real_path(".", error), *path = NULL, *results = NULL;
    bool done = program != NULL && directory != NULL;
    if (done) {
        path = path_in(directory, file->path);
        results = path_in(directory, arguments_value(arguments, "results"));
    }
    job->command = line;
    job->program = program;
    job->file = path;
    job->directory = directory;
    job->results = results;
    done = done && check_texts(job, error) && decide(file, arguments, job, error) &&
           write_output(arguments, file, job, error);
    free(line);
    free(program);
    free(directory);
    memory_free(path);
    memory_free(results);
    return done;
}

static bool run(const struct arguments *arguments, struct error *error)
{
    const char *output = arguments_value(arguments, "output");
    struct job_script job = {
        .script = strcmp(output, "-") == 0 ? "THIS-FILE" : output,
        .execution = arguments_value(arguments, "execution"),
        .partition = arguments_value(arguments, "partition"),
        .account = arguments_value(arguments, "account"),
    };
    if (!read_shards(arguments, &job, error) || !read_request(arguments, &job, error))
        return false;
    struct sweep_file *file = arguments_sweep_file(arguments, error);
    if (file == NULL)
        return false;
    job.name = file->name;
    bool done = make_job(arguments, file, &job, error);
    sweep_file_free(file);
    return done;
}

const struct command command_slurm = {
    .entry = {"slurm", "write a job script that runs a sweep on many machines with Slurm"},
    .operands = "FILE",
    .operand_min = 1,
    .operand_max = 1,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details =
        "Each task of a job array runs a shard of the sweep. Asked to stop, because its time is "
        "up\n"
        "or to make room, it finishes the trial in flight, is queued again and goes on from "
        "there.\n"
        "Time and memory are estimated by training for about two seconds here. Nothing is written\n"
        "but the script, and the folder of the sweep's results, where Slurm will write its logs.\n"
        "  descent slurm configs/schedules.yaml --nodes 4 --output schedules.sh\n"
        "  sbatch schedules.sh\n"
        "  descent merge results/schedules\n",
    .run = run,
};
