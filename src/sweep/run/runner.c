/* SPDX-License-Identifier: MIT
 *
 * For every data set, for every repeat, which is a round, for every group of configurations in the
 * order of the round, which is a queue that one pass or several side by side take them from: which
 * are recorded? The others are trained, and each is compared with its
 * other repeats and recorded when it ends. A look at the store costs microseconds, so there is no
 * state beside it that could disagree with it after a kill.
 *
 * In a sweep in shards, the groups of this shard take their turns in the same order, and those of
 * others are skipped; finals are for the whole. Where models are distributed over ranks, it is
 * models_server.c that hands out groups.
 */
#include "sweep/run/runner.h"

#include "base/memory.h"
#include "base/parallel/side_by_side.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "measure/machine/binding.h"
#include "sweep/programs/hosts.h"
#include "sweep/run/ceilings_recording.h"
#include "sweep/run/finals.h"
#include "sweep/run/group_training.h"
#include "sweep/run/halving.h"
#include "sweep/run/models_server.h"
#include "sweep/run/sweep_tuning.h"
#include "sweep/workload/queue.h"
#include "sweep/workload/rows_together.h"

#include <inttypes.h>
#include <stdio.h>

/* --- Before the first trial ---------------------------------------------------------------- */

static bool count_group(struct runner *runner, size_t group)
{
    const struct groups *groups = &runner->workload->groups;
    for (size_t m = groups->starts[group]; m < groups->starts[group + 1]; m++)
        for (int64_t repeat = 1; repeat <= runner->workload->file->repeats; repeat++)
            if (!runner_count(runner, (struct turn){.item = groups->members[m], .repeat = repeat}))
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
    expansion_tell_shortage(runner->workload->file, &runner->workload->expansion, options->out);
    if (runner->foreign > 0)
        fprintf(options->out,
                "warning: %zu recorded trials are from another machine or build; their times are "
                "not comparable with new ones (--fresh starts over)\n",
                runner->foreign);
    if (!options->quiet && outcome->recorded < outcome->planned)
        duplicates_tell(&runner->workload->expansion.duplicates, runner->workload->file,
                        options->out);
    if (!options->quiet && outcome->recorded < outcome->planned)
        sweep_file_tell_threads(runner->workload->file, options->out);
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
    if (!options->quiet && runner->server != NULL)
        fprintf(options->out,
                "models are distributed: %d ranks on %d host%s take groups as they become free%s\n",
                ranks_count(options->ranks), ranks_hosts(options->ranks),
                ranks_hosts(options->ranks) == 1 ? "" : "s",
                runner->beside ? "; those of a host share its time" : "");
    fflush(options->out);
}

/* --- Rounds -------------------------------------------------------------------------------- */

/* What passes side by side share. */
struct passes {
    struct runner *runner;
    struct queue queue;
};

/* False when nothing is left, or no more is to be begun. */
static bool take_group(struct passes *passes, size_t *group)
{
    struct runner *runner = passes->runner;
    runner_lock(runner);
    bool taken = !runner->stopped && !interruption_requested && queue_take(&passes->queue, group);
    runner_unlock(runner);
    return taken;
}

/* Its members one step of their paths after the other; without paths, all at once. */
static void train_group(struct runner *runner, size_t group, int64_t round)
{
    const struct groups *groups = &runner->workload->groups;
    const size_t end = groups->starts[group + 1];
    bool done = true;
    for (size_t begin = groups->starts[group], next; begin < end && done; begin = next) {
        next = groups_step(groups, &runner->workload->expansion, begin, end);
        done = !interruption_requested && group_run(runner, groups->members + begin, next - begin,
                                                    (struct turn){.repeat = round});
    }
}

/* One of the passes that run side by side. */
static void run_passes(void *context, int index)
{
    struct passes *passes = context;
    size_t group;
    (void)index;
    while (take_group(passes, &group))
        train_group(passes->runner, group, passes->queue.round);
}

/* The groups of a data set, once each. */
static bool run_round(struct runner *runner, struct passes *passes, size_t source, int64_t round)
{
    const size_t most = (size_t)runner->placement.side_by_side;
    queue_begin(&passes->queue, source, round);
    side_by_side((int)(most < passes->queue.count ? most : passes->queue.count), run_passes,
                 passes);
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
    struct passes passes = {.runner = runner};
    if (interruption_requested || !has_source(runner, source))
        return true;
    if (!runner_prepare_source(runner, source, false))
        return false;
    progress_best_reset(&runner->progress);
    if (sweep_file_halves(runner->workload->file))
        return halving_run_source(runner, source);
    sweep_tune_source(runner, source);
    queue_open(&passes.queue, runner->workload, runner->options->shard);
    bool done = true;
    for (int64_t round = 1; round <= runner->workload->file->repeats && done; round++)
        done = run_round(runner, &passes, source, round);
    queue_close(&passes.queue);
    return done;
}

static bool run_sources(struct runner *runner)
{
    bool done = true;
    if (runner->server != NULL)
        return serving_run(runner);
    for (size_t i = 0; i < runner->workload->file->source_count && done; i++)
        done = run_source(runner, i);
    return done;
}

/* Passes side by side run where the system puts them: bound, all would be on the same processors.
 * Where other ranks are served, it is not this thread that trains; and where all is recorded, none
 * does. Finals are alone again. */
static bool run_all(struct runner *runner)
{
    const struct sweep_file *file = runner->workload->file;
    const bool wanted = file->binding == &binding_cores;
    const bool trains = runner->placement.side_by_side == 1 && runner->server == NULL &&
                        runner->outcome->recorded < runner->outcome->planned;
    bool bound = wanted && trains && binding_begin();
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

/* Who trains; to be known before what is recorded is looked at. */
static bool register_trainers(struct runner *runner)
{
    const bool served = runner->server != NULL;
    runner->trainer_count = served ? ranks_count(runner->options->ranks) : 1;
    runner->trainers = memory_allocate((size_t)runner->trainer_count, sizeof *runner->trainers);
    runner->trainers[0].machine = runner->recording.machine;
    runner->passes = runner->trainer_count * (int)runner->placement.side_by_side;
    runner->beside = runner->outcome->side_by_side > 1;
    return !served || serving_register(runner);
}

/* On a host. */
static int64_t passes_beside(const struct runner *runner)
{
    int64_t ranks = runner->server != NULL ? ranks_per_host(runner->options->ranks) : 1;
    return ranks * runner->placement.side_by_side;
}

static bool run_recorded(struct runner *runner)
{
    const struct workload *workload = runner->workload;
    const struct sweep_options *options = runner->options;
    progress_open(&runner->progress, options->quiet ? NULL : options->out, runner->outcome->planned,
                  workload_class_count(workload));
    runner->optima = memory_allocate(workload->expansion.count, sizeof *runner->optima);
    runner->smoothness = memory_allocate(workload->file->source_count, sizeof *runner->smoothness);
    runner->programs = program_hosts_create(workload->file, options->out);
    runner->told_clocks = memory_allocate(workload->file->program_count, sizeof(bool));
    bool done = register_trainers(runner) && take_stock(runner);
    if (done && runner->recording.read_only) {
        done = runner_is_finished(runner) && finals_run(runner);
    } else if (done) {
        tell_stock(runner, options);
        done = run_all(runner);
    }
    progress_close(&runner->progress);
    program_hosts_free(runner->programs);
    memory_free(runner->told_clocks);
    memory_free(runner->trainers);
    memory_free(runner->smoothness);
    memory_free(runner->optima);
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

bool runner_run(const struct workload *workload, const struct sweep_options *options,
                struct server *server, struct sweep_outcome *outcome, struct error *error)
{
    struct runner runner = {
        .workload = workload,
        .placement = placement_of(workload->file),
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .server = server,
        .outcome = outcome,
        .options = options,
        .error = error,
    };
    outcome->planned = count_planned(workload, &options->shard);
    outcome->side_by_side = passes_beside(&runner);
    if (!recording_open(&runner.recording, workload, outcome->folder, options, error))
        return false;
    bool done = run_recorded(&runner) && store_is_in_place(runner.recording.store, error);
    struct error lost = {0};
    if (!done && !store_is_in_place(runner.recording.store, &lost))
        outcome->run = 0; /* it is not where it would be looked for */
    recording_close(&runner.recording);
    return done;
}
