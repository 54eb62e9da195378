/* SPDX-License-Identifier: MIT
 *
 * For every data set, for every repeat, for every configuration: is it recorded? If not, train,
 * compare with the other repeats, record. A look at the store costs microseconds, so there is no
 * state beside it that could disagree with it after a kill.
 */
#include "sweep/runner.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solvers/training.h"
#include "sweep/interruption.h"
#include "sweep/progress.h"
#include "sweep/recording.h"

#include <stdio.h>
#include <string.h>

struct runner {
    const struct workload *workload;
    struct recording recording;
    struct progress progress;
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

/* --- Trials -------------------------------------------------------------------------------- */

static void count(struct sweep_outcome *outcome, const struct trial *trial)
{
    outcome->run++;
    outcome->diverged += trial->status == STATUS_DIVERGED;
    outcome->time_limit += trial->status == STATUS_TIME_LIMIT;
    outcome->failed += trial->status == STATUS_FAILED;
    outcome->train_seconds += trial->train_seconds;
    outcome->evaluate_seconds += trial->evaluate_seconds;
    outcome->record_seconds += trial->record_seconds;
}

static bool record(struct runner *runner, size_t item, int64_t repeat, struct trial *trial)
{
    double start = clock_seconds();
    if (!recording_verify(&runner->recording, item, repeat, trial, runner->error) ||
        !recording_add(&runner->recording, item, repeat, trial, runner->error))
        return false;
    double seconds = clock_seconds() - start;
    count(runner->outcome, trial);
    runner->outcome->record_seconds += seconds;
    seconds += trial->train_seconds + trial->evaluate_seconds + trial->record_seconds;
    progress_add(&runner->progress, workload_class(&runner->workload->expansion.items[item]),
                 seconds, trial_last(trial)->objective);
    return true;
}

/* Trains and records one trial, unless it is recorded; one that was interrupted never is. */
static bool run_trial(struct runner *runner, size_t item, int64_t repeat)
{
    struct trial_record recorded;
    if (!recording_find(&runner->recording, item, repeat, &recorded, runner->error))
        return false;
    if (recorded.status != STATUS_RUNNING)
        return true;
    const struct planned *planned = &runner->workload->expansion.items[item];
    const struct configuration *configurations[] = {&planned->configuration};
    const struct training_hooks hooks = {.interrupt = &interruption_requested};
    struct trial trial;
    training_run(runner->workload->data[planned->source], configurations, 1, &hooks, &trial);
    bool done = trial.status == STATUS_INTERRUPTED || record(runner, item, repeat, &trial);
    trial_clear(&trial);
    return done;
}

static bool run_source(struct runner *runner, size_t source)
{
    const struct workload *workload = runner->workload;
    progress_best_reset(&runner->progress);
    for (int64_t repeat = 1; repeat <= workload->file->repeats; repeat++)
        for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++) {
            if (interruption_requested)
                return true;
            if (!run_trial(runner, i, repeat))
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
    struct runner runner = {.workload = workload, .outcome = outcome, .error = error};
    size_t foreign = 0;
    outcome->planned = workload->trials;
    if (!recording_open(&runner.recording, workload, outcome->folder, options, error))
        return false;
    progress_open(&runner.progress, options->quiet ? NULL : options->out, workload->trials,
                  workload_class_count(workload));
    bool done = take_stock(&runner, &foreign);
    if (done) {
        tell_stock(&runner, options, foreign);
        done = run_all(&runner);
    }
    progress_close(&runner.progress);
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
