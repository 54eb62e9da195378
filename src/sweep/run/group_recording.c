/* SPDX-License-Identifier: MIT
 *
 * What came of a member: recorded where the store is, counted, and told. An attempt that was
 * disturbed is kept and does not count; a member that has come to a rung waits there.
 */
#include "sweep/run/group_training.h"

#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "sweep/run/group_checkpoints.h"
#include "sweep/run/optima.h"
#include "sweep/run/program_training.h"
#include "sweep/workload/paths.h"

#include <stdio.h>

static void count(struct sweep_outcome *outcome, const struct trial *trial)
{
    outcome->run++;
    outcome->diverged += trial->status == STATUS_DIVERGED;
    outcome->time_limit += trial->status == STATUS_TIME_LIMIT;
    outcome->failed += trial->status == STATUS_FAILED;
    outcome->needless += trial->status == STATUS_NEEDLESS;
}

/* Said once, while there is time to do something about it. */
static void look_for_noise(struct runner *runner, bool disturbed)
{
    enum { FIRST = 12 }; /* attempts that the machine is judged by */
    runner->watched++;
    runner->noisy += disturbed;
    if (runner->watched != FIRST || 2 * runner->noisy < FIRST || runner->options->quiet)
        return;
    progress_clear(&runner->progress);
    fprintf(runner->options->out,
            "busy:    other programs disturbed %zu of the first %d attempts: few times will count. "
            "`descent\n         machine` says what to do; Ctrl-C stops, and the same command goes "
            "on later\n",
            runner->noisy, FIRST);
}

/* An attempt that will be followed by another does not count as a trial. */
static void count_attempt(struct group_training *training, size_t item, const struct trial *trial,
                          double seconds)
{
    struct runner *runner = training->runner;
    bool disturbed = group_is_watched(training) && training->evidence.disturbed[0] != '\0';
    if (group_is_watched(training))
        look_for_noise(runner, disturbed);
    training->again = disturbed && trial->status != STATUS_FAILED &&
                      trial->status != STATUS_NEEDLESS &&
                      training->attempt <= runner->workload->file->retries;
    runner->outcome->repeated += training->again;
    if (training->again) {
        progress_repeat(&runner->progress);
        return;
    }
    runner->outcome->disturbed += disturbed;
    count(runner->outcome, trial);
    progress_add(&runner->progress,
                 workload_class(runner->workload, &runner->workload->expansion.items[item]),
                 seconds / (double)runner->passes, trial);
}

/* A trial below F* is rare, and to be told of. */
static bool check_optimum(struct runner *runner, size_t item, struct trial *trial)
{
    if (trial->trace.count == 0 || !(trial_last(trial)->objective < runner->optima[item]))
        return true;
    const double optimum = runner->optima[item];
    progress_clear(&runner->progress);
    if (!optima_check(&runner->recording, item, trial, runner->optima, runner->options->out,
                      runner->error))
        return false;
    group_tell_refuted(runner, item, trial, optimum);
    return true;
}

/* A member that has come to a rung, or was interrupted on its way there. */
static bool record_waiting(struct group_training *training, size_t index, struct trial *trial)
{
    struct runner *runner = training->runner;
    struct store *store = runner->recording.store;
    const double start = clock_seconds();
    const struct turn turn = {.item = training->items[index], .repeat = training->turn.repeat};
    trial->shared = training->shared;
    trial->continued = training->continued[index];
    trial->status = STATUS_WAITING;
    trial_seal(trial);
    bool done = check_optimum(runner, turn.item, trial) && store_begin(store, runner->error);
    if (done) {
        done = recording_add(&runner->recording, turn, 1, training->trainer, trial,
                             (struct sight){0}, runner->error) &&
               checkpoints_keep(training, index, training->paused[index]) &&
               store_commit(store, runner->error);
        if (!done)
            store_rollback(store);
    }
    training->mark = clock_seconds();
    training->seconds += training->mark - start;
    return done;
}

/* Whose solution the trial has begun with. */
static void name_start(const struct group_training *training, size_t index, struct trial *trial)
{
    const struct workload *workload = training->runner->workload;
    const struct planned *items = workload->expansion.items;
    trial->start[0] = '\0';
    if (!training->led || training->starts[index].weights == NULL)
        return;
    const struct planned *from = &items[items[training->items[index]].from - 1];
    path_start(workload->file, from, training->predicted[index] ? &items[from->from - 1] : NULL,
               trial->start);
}

/* The time since another trial of the group ended is this one's share of what the progress counts.
 */
static bool record_ended(struct group_training *training, size_t index, struct trial *trial)
{
    struct runner *runner = training->runner;
    double start = clock_seconds();
    const size_t item = training->items[index];
    const struct turn turn = {item, training->turn.final, training->turn.repeat, 0};
    const bool seen = group_is_watched(training);
    const struct sight sight = {seen ? &training->evidence : NULL,
                                seen && group_is_profiled(training) ? &training->counters : NULL};
    trial->shared = training->shared;
    trial->continued = training->continued[index];
    name_start(training, index, trial);
    if (!check_optimum(runner, item, trial) ||
        !recording_verify(&runner->recording, turn, training->trainer, trial, runner->error) ||
        !recording_add(&runner->recording, turn, training->attempt, training->trainer, trial, sight,
                       runner->error))
        return false;
    double now = clock_seconds(), seconds = now - training->mark;
    training->mark = now;
    training->seconds += now - start;
    count_attempt(training, item, trial, seconds);
    return true;
}

bool group_record(struct group_training *training, size_t index, struct trial *trial)
{
    return trial->status == STATUS_PAUSED ? record_waiting(training, index, trial)
                                          : record_ended(training, index, trial);
}

bool group_deliver(struct group_training *training, size_t index, struct trial *trial)
{
    struct runner *runner = training->runner;
    runner_lock(runner);
    bool done = !runner->stopped && group_record(training, index, trial);
    runner->stopped = !done;
    runner_unlock(runner);
    return done;
}
