/* SPDX-License-Identifier: MIT
 *
 * For every data set, for every repeat, for every group of configurations: which are recorded? The
 * others are trained, and each is compared with its other repeats and recorded when it ends. A look
 * at the store costs microseconds, so there is no state beside it that could disagree with it after
 * a kill.
 */
#include "sweep/runner.h"

#include "base/clock.h"
#include "base/interruption.h"
#include "base/memory.h"
#include "base/threads.h"
#include "solvers/training.h"
#include "sweep/optima.h"
#include "sweep/progress.h"
#include "sweep/recording.h"

#include <stdio.h>
#include <string.h>

struct runner {
    const struct workload *workload;
    struct recording recording;
    struct progress progress;
    double *optima;               /* (expansion count) F* of each configuration, or NaN */
    struct smoothness smoothness; /* of the data set at hand, where a rate is `auto` */
    const struct sweep_options *options;
    struct sweep_outcome *outcome;
    struct error *error;
};

/* --- Before the first trial ---------------------------------------------------------------- */

/* Counts what is recorded and what remains. */
static bool take_stock(struct runner *runner, size_t *foreign)
{
    const struct expansion *expansion = &runner->workload->expansion;
    for (size_t i = 0; i < expansion->count; i++)
        for (int64_t repeat = 1; repeat <= runner->workload->file->repeats; repeat++) {
            struct trial_record record;
            if (!recording_find(&runner->recording, i, repeat, &record, runner->error))
                return false;
            if (record.status == STATUS_RUNNING) {
                progress_count_remaining(&runner->progress, workload_class(&expansion->items[i]));
                continue;
            }
            progress_count_done(&runner->progress);
            runner->outcome->old_failed += record.status == STATUS_FAILED;
            *foreign += record.machine != runner->recording.machine;
        }
    runner->outcome->recorded = runner->progress.done;
    return true;
}

static void tell_stock(const struct runner *runner, const struct sweep_options *options,
                       size_t foreign)
{
    const struct sweep_outcome *outcome = runner->outcome;
    if (foreign > 0)
        fprintf(options->out,
                "warning: %zu recorded trials are from another machine or build; their times are "
                "not comparable with new ones (--fresh starts over)\n",
                foreign);
    if (!options->quiet && outcome->recorded < outcome->planned)
        fprintf(options->out, "%s: %zu trials to run, %zu recorded already\n",
                runner->workload->file->name, outcome->planned - outcome->recorded,
                outcome->recorded);
    fflush(options->out);
}

/* --- Groups -------------------------------------------------------------------------------- */

/* A group in training: those of its members that are not recorded yet. */
struct team {
    struct runner *runner;
    int64_t repeat;
    int64_t shared; /* its number in the store; 0: a member alone */
    size_t planned; /* members of the group */
    size_t count;   /* of them, in training */
    size_t items[GROUP_MOST];
    struct trial trials[GROUP_MOST];
    double optima[GROUP_MOST];
    double seconds; /* that recording took */
    double mark;    /* on the clock: when the last of them ended, or all began */
    bool failed;    /* recording did, and the error is set */
};

static void count(struct sweep_outcome *outcome, const struct trial *trial)
{
    outcome->run++;
    outcome->diverged += trial->status == STATUS_DIVERGED;
    outcome->time_limit += trial->status == STATUS_TIME_LIMIT;
    outcome->failed += trial->status == STATUS_FAILED;
}

/* The time since another trial of the group ended is this one's share of what the progress counts.
 */
static bool record(struct team *team, size_t item, struct trial *trial)
{
    struct runner *runner = team->runner;
    double start = clock_seconds();
    trial->shared = team->shared;
    if (!recording_verify(&runner->recording, item, team->repeat, trial, runner->error) ||
        !recording_add(&runner->recording, item, team->repeat, trial, runner->error))
        return false;
    double now = clock_seconds(), seconds = now - team->mark;
    team->mark = now;
    team->seconds += now - start;
    count(runner->outcome, trial);
    progress_add(&runner->progress, workload_class(&runner->workload->expansion.items[item]),
                 seconds, trial_last(trial)->objective);
    return true;
}

/* A member has ended: it is recorded at once, while others go on; one that was interrupted never
 * is. */
static bool finished(void *context, size_t index, struct trial *trial)
{
    struct team *team = context;
    if (trial->status == STATUS_INTERRUPTED)
        return true;
    team->failed = !record(team, team->items[index], trial);
    return !team->failed;
}

/* The clocks of a group are those of the member that stayed longest, and what recording took. */
static void add_clocks(struct team *team)
{
    struct sweep_outcome *outcome = team->runner->outcome;
    const struct trial *last = &team->trials[0];
    for (size_t i = 1; i < team->count; i++)
        if (team->trials[i].epochs > last->epochs)
            last = &team->trials[i];
    outcome->train_seconds += last->train_seconds;
    outcome->evaluate_seconds += last->evaluate_seconds;
    outcome->record_seconds += last->record_seconds + team->seconds;
}

static bool train(struct team *team)
{
    struct runner *runner = team->runner;
    const struct planned *items = runner->workload->expansion.items;
    const struct configuration *configurations[GROUP_MOST];
    for (size_t i = 0; i < team->count; i++) {
        configurations[i] = &items[team->items[i]].configuration;
        team->optima[i] = runner->optima[team->items[i]];
    }
    const struct training_hooks hooks = {
        .finished = finished,
        .context = team,
        .interrupt = &interruption_requested,
        .optima = team->optima,
        .smoothness = runner->smoothness.samples > 0.0 ? &runner->smoothness : NULL,
        .group = team->planned,
    };
    if (team->planned > 1 &&
        !store_new_group(runner->recording.store, &team->shared, runner->error))
        return false;
    team->mark = clock_seconds();
    training_run(runner->workload->data[items[team->items[0]].source], configurations, team->count,
                 &hooks, team->trials);
    add_clocks(team);
    for (size_t i = 0; i < team->count; i++)
        trial_clear(&team->trials[i]);
    return !team->failed;
}

/* Trains and records the members of a group that are not recorded. */
static bool run_group(struct runner *runner, size_t group, int64_t repeat)
{
    const struct groups *groups = &runner->workload->groups;
    size_t begin = groups->starts[group], end = groups->starts[group + 1];
    struct team team = {.runner = runner, .repeat = repeat, .planned = end - begin};
    for (size_t i = begin; i < end; i++) {
        struct trial_record recorded;
        if (!recording_find(&runner->recording, groups->members[i], repeat, &recorded,
                            runner->error))
            return false;
        if (recorded.status == STATUS_RUNNING)
            team.items[team.count++] = groups->members[i];
    }
    return team.count == 0 || train(&team);
}

/* What trials on a data set need to know of it: the optima, and what `rate: auto` comes from. */
static bool prepare_source(struct runner *runner, size_t source)
{
    const struct workload *workload = runner->workload;
    bool automatic = false;
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++)
        automatic = automatic || workload->expansion.items[i].configuration.rate == 0.0;
    runner->smoothness = (struct smoothness){0};
    if (automatic)
        runner->smoothness = smoothness_of(workload->data[source], threads_available());
    return optima_find(&runner->recording, source, runner->optima, runner->options->quiet,
                       runner->options->out, runner->error);
}

static bool run_source(struct runner *runner, size_t source)
{
    const struct workload *workload = runner->workload;
    if (interruption_requested)
        return true;
    if (!prepare_source(runner, source))
        return false;
    progress_best_reset(&runner->progress);
    for (int64_t repeat = 1; repeat <= workload->file->repeats; repeat++)
        for (size_t i = workload->group_starts[source]; i < workload->group_starts[source + 1];
             i++) {
            if (interruption_requested)
                return true;
            if (!run_group(runner, i, repeat))
                return false;
        }
    return true;
}

static bool run_all(struct runner *runner)
{
    double start = clock_seconds();
    bool done = true;
    for (size_t i = 0; i < runner->workload->file->source_count && done; i++)
        done = run_source(runner, i);
    struct sweep_outcome *outcome = runner->outcome;
    outcome->seconds = clock_seconds() - start;
    outcome->interrupted =
        interruption_requested && outcome->recorded + outcome->run < outcome->planned;
    return done;
}

static bool run_workload(const struct workload *workload, const struct sweep_options *options,
                         struct sweep_outcome *outcome, struct error *error)
{
    struct runner runner = {
        .workload = workload, .outcome = outcome, .options = options, .error = error};
    size_t foreign = 0;
    outcome->planned = workload->trials;
    if (!recording_open(&runner.recording, workload, outcome->folder, options, error))
        return false;
    progress_open(&runner.progress, options->quiet ? NULL : options->out, workload->trials,
                  workload_class_count(workload));
    runner.optima = memory_allocate(workload->expansion.count, sizeof *runner.optima);
    bool done = take_stock(&runner, &foreign);
    if (done) {
        tell_stock(&runner, options, foreign);
        done = run_all(&runner);
    }
    progress_close(&runner.progress);
    memory_free(runner.optima);
    recording_close(&runner.recording);
    return done;
}

bool sweep_run(const struct sweep_file *file, const struct sweep_options *options,
               struct sweep_outcome *outcome, struct error *error)
{
    *outcome = (struct sweep_outcome){0};
    char *folder = workload_folder(file, options->results);
    int length = snprintf(outcome->folder, sizeof outcome->folder, "%s", folder);
    memory_free(folder);
    if (length < 0 || (size_t)length >= sizeof outcome->folder)
        return error_usage(error, "--results: the path is too long");

    struct workload workload;
    if (!workload_create(file, &workload, error))
        return false;
    struct interruption before;
    interruption_install(&before);
    bool done = run_workload(&workload, options, outcome, error);
    interruption_restore(&before);
    workload_clear(&workload);
    return done;
}
