/* SPDX-License-Identifier: MIT
 *
 * For every data set, for every repeat, which is a round, for every group of configurations in the
 * order of the round: which are recorded? The others are trained, and each is compared with its
 * other repeats and recorded when it ends. A look at the store costs microseconds, so there is no
 * state beside it that could disagree with it after a kill.
 */
#include "sweep/runner.h"

#include "base/clock.h"
#include "base/interruption.h"
#include "base/memory.h"
#include "base/threads.h"
#include "measure/binding.h"
#include "sweep/optima.h"
#include "sweep/profiling.h"
#include "sweep/rounds.h"
#include "sweep/runner_parts.h"

#include <stdio.h>
#include <string.h>

/* --- Before the first trial ---------------------------------------------------------------- */

bool runner_count(struct runner *runner, struct turn turn)
{
    struct trial_record record;
    if (!recording_find(&runner->recording, turn, &record, runner->error))
        return false;
    if (!recording_is_settled(runner->workload->file, &record)) {
        progress_count_remaining(&runner->progress,
                                 workload_class(&runner->workload->expansion.items[turn.item]));
        return true;
    }
    progress_count_done(&runner->progress);
    runner->outcome->recorded++;
    runner->outcome->old_failed += record.status == STATUS_FAILED;
    runner->foreign += record.machine != runner->recording.machine;
    return true;
}

/* Counts what is recorded and what remains. */
static bool take_stock(struct runner *runner)
{
    for (size_t i = 0; i < runner->workload->expansion.count; i++)
        for (int64_t repeat = 1; repeat <= runner->workload->file->repeats; repeat++)
            if (!runner_count(runner, (struct turn){i, 0, repeat}))
                return false;
    return true;
}

static void tell_stock(const struct runner *runner, const struct sweep_options *options)
{
    const struct sweep_outcome *outcome = runner->outcome;
    if (runner->foreign > 0)
        fprintf(options->out,
                "warning: %zu recorded trials are from another machine or build; their times are "
                "not comparable with new ones (--fresh starts over)\n",
                runner->foreign);
    if (!options->quiet && outcome->recorded < outcome->planned)
        fprintf(options->out, "%s: %zu trials to run, %zu recorded already\n",
                runner->workload->file->name, outcome->planned - outcome->recorded,
                outcome->recorded);
    fflush(options->out);
}

/* --- Rounds -------------------------------------------------------------------------------- */

bool runner_prepare_source(struct runner *runner, size_t source)
{
    const struct workload *workload = runner->workload;
    bool automatic = false;
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++)
        automatic = automatic || workload->expansion.items[i].configuration.rate == 0.0;
    progress_clear(&runner->progress); /* there may be something to be said */
    runner->smoothness = (struct smoothness){0};
    if (automatic)
        runner->smoothness = smoothness_of(workload->data[source], threads_available());
    return optima_find(&runner->recording, source, runner->optima, runner->options->quiet,
                       runner->options->out, runner->error);
}

/* The groups of a data set, once each. */
static bool run_round(struct runner *runner, size_t source, int64_t round, uint32_t *turns)
{
    const struct workload *workload = runner->workload;
    const struct groups *groups = &workload->groups;
    size_t first = workload->group_starts[source];
    size_t count = workload->group_starts[source + 1] - first;
    round_turns(workload->file->order, (uint64_t)workload->file->seed, round, count, turns);
    for (size_t i = 0; i < count && !interruption_requested; i++) {
        size_t begin = groups->starts[first + turns[i]], end = groups->starts[first + turns[i] + 1];
        if (!team_run(runner, groups->members + begin, end - begin, (struct turn){.repeat = round}))
            return false;
    }
    return true;
}

static bool run_source(struct runner *runner, size_t source)
{
    const struct workload *workload = runner->workload;
    size_t groups = workload->group_starts[source + 1] - workload->group_starts[source];
    if (interruption_requested)
        return true;
    if (!runner_prepare_source(runner, source))
        return false;
    progress_best_reset(&runner->progress);
    uint32_t *turns = memory_allocate(groups, sizeof *turns);
    bool done = true;
    for (int64_t round = 1; round <= workload->file->repeats && done; round++)
        done = run_round(runner, source, round, turns);
    memory_free(turns);
    return done;
}

static bool run_all(struct runner *runner)
{
    double start = clock_seconds();
    bool done = true;
    for (size_t i = 0; i < runner->workload->file->source_count && done; i++)
        done = run_source(runner, i);
    done = done && finals_run(runner);
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
    outcome->planned = workload->trials;
    if (!recording_open(&runner.recording, workload, outcome->folder, options, error))
        return false;
    progress_open(&runner.progress, options->quiet ? NULL : options->out, workload->trials,
                  workload_class_count(workload));
    runner.optima = memory_allocate(workload->expansion.count, sizeof *runner.optima);
    bool done = take_stock(&runner);
    if (done) {
        tell_stock(&runner, options);
        bool bound = workload->file->binding == &binding_cores && binding_begin();
        done = profiling_prepare(&runner) && run_all(&runner);
        if (bound)
            binding_end();
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
