/* SPDX-License-Identifier: MIT
 *
 * For every data set, for every repeat, which is a round, for every group of configurations in the
 * order of the round, which is a queue that one pass or several side by side take them from: which
 * are recorded? The others are trained, and each is compared with its
 * other repeats and recorded when it ends. A look at the store costs microseconds, so there is no
 * state beside it that could disagree with it after a kill.
 *
 * Of a sweep in shards, the groups of this one take their turns in the same order, and those of
 * others are passed over; finals are for the whole.
 */
#include "sweep/runner.h"

#include "base/clock.h"
#include "base/interruption.h"
#include "base/memory.h"
#include "base/side_by_side.h"
#include "base/threads.h"
#include "measure/binding.h"
#include "sweep/crew.h"
#include "sweep/optima.h"
#include "sweep/profiling.h"
#include "sweep/rounds.h"
#include "sweep/runner_parts.h"

#include <inttypes.h>
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

static bool count_group(struct runner *runner, size_t group)
{
    const struct groups *groups = &runner->workload->groups;
    for (size_t m = groups->starts[group]; m < groups->starts[group + 1]; m++)
        for (int64_t repeat = 1; repeat <= runner->workload->file->repeats; repeat++)
            if (!runner_count(runner, (struct turn){groups->members[m], 0, repeat}))
                return false;
    return true;
}

/* Counts what is recorded and what remains. */
static bool take_stock(struct runner *runner)
{
    for (size_t g = 0; g < runner->workload->groups.count; g++)
        if (shard_has(&runner->options->shard, g) && !count_group(runner, g))
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
    if (!options->quiet && outcome->planned == 0)
        fprintf(options->out,
                "%s: shard %" PRId64 " of %" PRId64
                " has nothing to do: the sweep has %zu groups\n",
                runner->workload->file->name, options->shard.index, options->shard.count,
                runner->workload->groups.count);
    fflush(options->out);
}

/* --- Rounds -------------------------------------------------------------------------------- */

bool runner_prepare_source(struct runner *runner, size_t source)
{
    progress_clear(&runner->progress); /* there may be something to be said */
    runner->smoothness = workload_smoothness(runner->workload, source);
    return optima_find(&runner->recording, source, runner->optima, runner->options->quiet,
                       runner->options->out, runner->error);
}

/* The groups of a data set, waiting for a pass. */
struct queue {
    struct runner *runner;
    int64_t round;
    size_t first; /* of the groups */
    size_t count;
    size_t next;     /* of the turns that was not taken yet */
    size_t waiting;  /* turns: groups of this shard */
    uint32_t *turns; /* (waiting of count): numbers of groups, from `first` on */
};

/* False when nothing is left, or no more is to be begun. */
static bool take_group(struct queue *queue, size_t *group)
{
    struct runner *runner = queue->runner;
    runner_lock(runner);
    bool taken = queue->next < queue->waiting && !runner->stopped && !interruption_requested;
    if (taken)
        *group = queue->first + queue->turns[queue->next++];
    runner_unlock(runner);
    return taken;
}

/* One of the passes that run side by side. */
static void run_passes(void *context, int index)
{
    struct queue *queue = context;
    const struct groups *groups = &queue->runner->workload->groups;
    size_t group;
    (void)index;
    while (take_group(queue, &group)) {
        size_t begin = groups->starts[group], end = groups->starts[group + 1];
        team_run(queue->runner, groups->members + begin, end - begin,
                 (struct turn){.repeat = queue->round});
    }
}

/* Passes over the groups of other shards. */
static void keep_own(struct queue *queue)
{
    queue->waiting = 0;
    for (size_t i = 0; i < queue->count; i++)
        if (shard_has(&queue->runner->options->shard, queue->first + queue->turns[i]))
            queue->turns[queue->waiting++] = queue->turns[i];
}

/* The groups of a data set, once each. */
static bool run_round(struct runner *runner, struct queue *queue, int64_t round)
{
    const struct sweep_file *file = runner->workload->file;
    size_t passes = (size_t)runner->placement.side_by_side;
    queue->round = round;
    queue->next = 0;
    round_turns(file->order, (uint64_t)file->seed, round, queue->count, queue->turns);
    keep_own(queue);
    side_by_side((int)(passes < queue->waiting ? passes : queue->waiting), run_passes, queue);
    return !runner->stopped;
}

/* Does this shard have groups of a data set? */
static bool has_source(const struct runner *runner, size_t source)
{
    const size_t *starts = &runner->workload->group_starts[source];
    for (size_t g = starts[0]; g < starts[1]; g++)
        if (shard_has(&runner->options->shard, g))
            return true;
    return false;
}

static bool run_source(struct runner *runner, size_t source)
{
    const struct workload *workload = runner->workload;
    struct queue queue = {.runner = runner, .first = workload->group_starts[source]};
    queue.count = workload->group_starts[source + 1] - queue.first;
    if (interruption_requested || !has_source(runner, source))
        return true;
    if (!runner_prepare_source(runner, source))
        return false;
    progress_best_reset(&runner->progress);
    queue.turns = memory_allocate(queue.count, sizeof *queue.turns);
    bool done = true;
    for (int64_t round = 1; round <= workload->file->repeats && done; round++)
        done = run_round(runner, &queue, round);
    memory_free(queue.turns);
    return done;
}

static bool run_sources(struct runner *runner)
{
    bool done = true;
    for (size_t i = 0; i < runner->workload->file->source_count && done; i++)
        done = run_source(runner, i);
    return done;
}

/* Passes side by side run where the system puts them: bound, all would be on the same processors.
 * Finals are alone again. */
static bool run_all(struct runner *runner)
{
    const struct sweep_file *file = runner->workload->file;
    const bool wanted = file->binding == &binding_cores;
    bool bound = wanted && runner->placement.side_by_side == 1 && binding_begin();
    double start = clock_seconds();
    bool done = profiling_prepare(runner) && run_sources(runner);
    if (done && wanted && !bound && sweep_file_finals(file) > 0)
        bound = binding_begin();
    done = done && finals_run(runner);
    struct sweep_outcome *outcome = runner->outcome;
    outcome->seconds = clock_seconds() - start;
    outcome->interrupted =
        interruption_requested && outcome->recorded + outcome->run < outcome->planned;
    if (bound)
        binding_end();
    return done;
}

static size_t count_planned(const struct workload *workload, const struct shard *shard)
{
    size_t items = 0;
    for (size_t g = 0; g < workload->groups.count; g++)
        if (shard_has(shard, g))
            items += workload->groups.starts[g + 1] - workload->groups.starts[g];
    return items * (size_t)workload->file->repeats;
}

static bool run_workload(const struct workload *workload, const struct sweep_options *options,
                         struct sweep_outcome *outcome, struct error *error)
{
    struct runner runner = {
        .workload = workload,
        .placement = placement_of(workload->file),
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .outcome = outcome,
        .options = options,
        .error = error,
    };
    outcome->planned = count_planned(workload, &options->shard);
    outcome->side_by_side = runner.placement.side_by_side;
    if (!recording_open(&runner.recording, workload, outcome->folder, options, error)) {
        crew_dismiss(workload);
        return false;
    }
    progress_open(&runner.progress, options->quiet ? NULL : options->out, outcome->planned,
                  workload_class_count(workload));
    runner.optima = memory_allocate(workload->expansion.count, sizeof *runner.optima);
    bool done = take_stock(&runner);
    if (done) {
        tell_stock(&runner, options);
        done = run_all(&runner);
    }
    progress_close(&runner.progress);
    crew_dismiss(workload);
    memory_free(runner.optima);
    recording_close(&runner.recording);
    return done;
}

/* Of the store; false, with an error, when it is too long. */
static bool set_folder(const struct sweep_file *file, const struct sweep_options *options,
                       struct sweep_outcome *outcome, struct error *error)
{
    char name[SHARD_TEXT], *folder = workload_folder(file, options->results);
    int length = options->shard.count == 0
                     ? snprintf(outcome->folder, sizeof outcome->folder, "%s", folder)
                     : snprintf(outcome->folder, sizeof outcome->folder, "%s/%s", folder,
                                shard_name(&options->shard, name));
    memory_free(folder);
    if (length < 0 || (size_t)length >= sizeof outcome->folder)
        return error_usage(error, "--results: the path is too long");
    return true;
}

bool sweep_run(const struct sweep_file *file, const struct sweep_options *options,
               struct sweep_outcome *outcome, struct error *error)
{
    *outcome = (struct sweep_outcome){0};
    if (!set_folder(file, options, outcome, error))
        return false;
    if (options->distribution == DISTRIBUTE_ROWS && placement_of(file).side_by_side > 1)
        return error_usage(error,
                           "%s: rows are distributed, and %" PRId64 " passes would run side by "
                           "side; leave out one of the two",
                           file->path, placement_of(file).side_by_side);
    if (file->profile == &profile_on && placement_of(file).side_by_side > 1)
        return error_usage(error,
                           "%s: profile: on looks at one pass at a time, and here %" PRId64
                           " run side by side; leave out one of the two",
                           file->path, placement_of(file).side_by_side);
    bool by_rows = options->distribution == DISTRIBUTE_ROWS;
    struct workload workload;
    if (!workload_create_over(file, by_rows ? options->ranks : NULL, &workload, error))
        return false;
    struct interruption before;
    interruption_install(&before);
    bool done = true;
    if (by_rows && ranks_index(options->ranks) > 0)
        crew_follow(&workload);
    else
        done = run_workload(&workload, options, outcome, error);
    interruption_restore(&before);
    workload_clear(&workload);
    return done;
}
