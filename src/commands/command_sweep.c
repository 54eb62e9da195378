/* SPDX-License-Identifier: MIT
 *
 * descent sweep: runs what a sweep file asks for and is not recorded yet, and says what came of it.
 */
#include "base/duration.h"
#include "base/memory.h"
#include "base/text.h"
#include "commands/parsing/command.h"
#include "commands/parsing/distribution.h"
#include "commands/sweep_outcome.h"
#include "report/comparison/finalists.h"
#include "sweep/file/sweep_file.h"
#include "sweep/run/sweep_run.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
    DISTRIBUTION_OPTION("with mpirun: all its processes run the sweep; what is distributed"),
    EXECUTION_OPTION,
    RESULTS_OPTION("folder of all results; this sweep's are in a folder of its name there"),
    {.entry = {"shard", "run the I-th of N parts, into a store of its own, for `descent merge`"},
     .argument = "I/N"},
    {.entry = {"wait", "with --shard: at rungs, wait for the other shards"}},
    {.entry = {"fresh", "remove what is recorded of this sweep and start over"}},
    {.entry = {"retry-failed", "run failed trials again"}},
    {.entry = {"quiet", "show no progress"}},
    NO_TUNING_OPTION,
};

/* A shard is there to be merged. */
static void print_merge(const struct sweep_outcome *outcome, const struct shard *shard)
{
    const char *slash = strrchr(outcome->folder, '/');
    char *sweep = memory_copy_text(outcome->folder);
    sweep[slash - outcome->folder] = '\0';
    char *operand = text_operand(sweep);
    printf("results: %s\n"
           "next:    descent merge %s (when all %lld shards have run)\n",
           text_shown(outcome->folder), operand, (long long)shard->count);
    memory_free(operand);
    memory_free(sweep);
}

static void print_next(const struct sweep_outcome *outcome, const struct shard *shard)
{
    if (shard->count > 0) {
        print_merge(outcome, shard);
        return;
    }
    char *operand = text_operand(outcome->folder);
    printf("results: %s\n"
           "next:    descent show %s\n"
           "         descent compare %s\n"
           "         descent export %s --format csv\n",
           text_shown(outcome->folder), operand, operand, operand);
    memory_free(operand);
}

/* Which trials wait for other shards, and how they go on. */
static void tell_waiting(const struct sweep_outcome *outcome, const struct shard *shard)
{
    printf("rungs:   %zu trials wait for shard %zu of %lld, or more of them; when those have come "
           "further, the\n         same command goes on (with --wait, it waits for them)\n",
           outcome->waiting, outcome->awaited, (long long)shard->count);
}

static void print_outcome(const struct sweep_outcome *outcome, const struct shard *shard)
{
    char wall[DURATION_TEXT], train[DURATION_TEXT], evaluate[DURATION_TEXT], record[DURATION_TEXT];
    size_t bad = outcome->diverged + outcome->time_limit + outcome->failed + outcome->cut +
                 outcome->needless;
    char cut[64] = "";
    if (outcome->cut > 0)
        snprintf(cut, sizeof cut, "%zu were cut, ", outcome->cut);
    if (outcome->needless > 0)
        snprintf(cut, sizeof cut, "%zu were needless, ", outcome->needless);
    printf("%zu of %zu trials run in %s: %zu stopped well, %s%zu diverged, %zu met their time "
           "limit, %zu failed\n"
           "time:    %s training, %s evaluating, %s recording\n",
           outcome->run, outcome->planned, duration_text(outcome->seconds, wall),
           outcome->run - bad, cut, outcome->diverged, outcome->time_limit, outcome->failed,
           duration_text(outcome->train_seconds, train),
           duration_text(outcome->evaluate_seconds, evaluate),
           duration_text(outcome->record_seconds, record));
    if (outcome->repeated > 0)
        printf("noise:   %zu disturbed attempts were kept and run again; of the trials that count, "
               "%zu stay disturbed\n",
               outcome->repeated, outcome->disturbed);
    if (outcome->refused > 0)
        printf("memory:  %zu trials were not started; the same command runs them where there is "
               "enough. The first:\n         %s\n",
               outcome->refused, outcome->refusal);
    if (outcome->waiting > 0)
        tell_waiting(outcome, shard);
    if (outcome->side_by_side > 1)
        printf(
            "note:    %lld passes ran side by side: the time of a trial depends on what ran beside "
            "it,\n         and is not comparable; finals are, because they are timed alone\n",
            (long long)outcome->side_by_side);
    print_next(outcome, shard);
}

static bool conclude(const struct sweep_outcome *outcome, const struct shard *shard,
                     struct error *error)
{
    if (!sweep_outcome_is_whole(outcome, error))
        return false;
    if (outcome->recorded == outcome->planned) {
        if (outcome->planned > 0)
            printf("all %zu trials are recorded\n", outcome->planned);
        print_next(outcome, shard);
    } else {
        print_outcome(outcome, shard);
    }
    return sweep_outcome_is_sound(outcome, error);
}

/* An error in the middle of a sweep takes nothing away from what is recorded. */
static void tell_remainder(const struct sweep_outcome *outcome)
{
    if (outcome->run > 0)
        printf("%zu of %zu trials are recorded in %s; the same command resumes from there\n",
               outcome->recorded + outcome->run, outcome->planned, text_shown(outcome->folder));
}

/* --shard; without it, zero: all of the sweep. */
static bool read_shard(const struct arguments *arguments, struct shard *shard, struct error *error)
{
    char reason[256];
    const char *text = arguments_value(arguments, "shard");
    *shard = (struct shard){0, 0};
    return text == NULL || shard_parse(text, shard, reason, sizeof reason) ||
           error_usage(error, "--shard: %s", reason);
}

static bool run(const struct arguments *arguments, struct error *error)
{
    struct shard shard;
    struct sweep_file *file = NULL;
    if (read_shard(arguments, &shard, error))
        file = arguments_sweep_file(arguments, error);
    if (!ranks_settle(arguments->ranks, error) || file == NULL) {
        sweep_file_free(file);
        return false;
    }
    if (arguments_flag(arguments, NO_TUNING))
        file->tuning = &tuning_no;
    const struct sweep_options sweep = {
        .ranks = arguments->ranks,
        .distribution = distribution_of(arguments),
        .results = arguments_value(arguments, "results"),
        .fresh = arguments_flag(arguments, "fresh"),
        .retry_failed = arguments_flag(arguments, "retry-failed"),
        .quiet = arguments_flag(arguments, "quiet"),
        .out = stdout,
        .shard = shard,
        .waits = arguments_flag(arguments, "wait"),
        .finalists = finalists_choose,
    };
    struct sweep_outcome outcome;
    bool done = sweep_run(file, &sweep, &outcome, error);
    if (done)
        done = ranks_index(arguments->ranks) > 0 || conclude(&outcome, &shard, error);
    else
        tell_remainder(&outcome);
    sweep_file_free(file);
    return ranks_settle(arguments->ranks, error) && done;
}

const struct command command_sweep = {
    .entry = {"sweep", "run a sweep file; finished trials are skipped"},
    .operands = "FILE",
    .operand_min = 1,
    .operand_max = 1,
    .distributes = true,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details =
        "Ctrl-C stops it cleanly, SIGTERM gives the trial in flight five seconds to end; the same\n"
        "command goes on where it stopped, inside that trial.\nOn several machines: --shard 1/4 on "
        "one, --shard 2/4 "
        "on another, ...; then\n`descent merge`, and this command without --shard for what is left "
        "(finals).\nSweep files are described in docs/sweep-files.md; configs/ has examples:\n  "
        "descent sweep configs/sgd-vs-gd.yaml\n",
    .run = run,
};
