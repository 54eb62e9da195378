/* SPDX-License-Identifier: MIT
 *
 * Who is at the rung already, after a kill, is of a group (halving_groups.h), and is not trained in
 * it: groups are the same however often there was one.
 */
#include "sweep/run/halving.h"

#include "base/memory.h"
#include "base/parallel/side_by_side.h"
#include "base/system/interruption.h"
#include "store/criterion.h"
#include "sweep/run/group_training.h"
#include "sweep/run/halving_groups.h"
#include "sweep/run/halving_values.h"
#include "sweep/run/sweep_tuning.h"

#include <time.h>

/* Times of other processes, and of passes beside each other, are not compared. */
static bool check_times(const struct sweep_file *file, const struct sweep_options *options,
                        struct error *error)
{
    if (file->halving.criterion != &criterion_time_to_target.entry)
        return true;
    if (options->shard.count > 0)
        return error_usage(error,
                           "%s: cut_by: time_to_target compares times, and shards run on machines "
                           "of their own; leave --shard out, or give cut_by: gap",
                           file->path);
    if (options->distribution == DISTRIBUTE_MODELS)
        return error_usage(
            error,
            "%s: cut_by: time_to_target compares times, and models are distributed "
            "over ranks that share hosts; leave --distribute out, or give cut_by: gap",
            file->path);
    return !sweep_file_is_batched(file) ||
           error_usage(error,
                       "%s: cut_by: time_to_target needs times of its own for every trial, and "
                       "this is execution: %s; give execution: solo, or cut_by: gap",
                       file->path, file->execution->name);
}

bool halving_check(const struct sweep_file *file, const struct sweep_options *options,
                   struct error *error)
{
    if (options->waits && (!sweep_file_halves(file) || options->shard.count == 0))
        return error_usage(error,
                           "%s: --wait is for shards (--shard) of a sweep with method: halving or "
                           "asha, which wait at rungs for each other; leave it out",
                           file->path);
    if (!sweep_file_halves(file))
        return true;
    return check_times(file, options, error);
}

/* --- A rung -------------------------------------------------------------------------------- */

/* What passes side by side share. */
struct rung_passes {
    struct runner *runner;
    struct rung_groups groups;
};

/* How many items the next group has; 0: there is nothing to begin. */
static size_t take_group(struct rung_passes *passes, const size_t **items)
{
    struct runner *runner = passes->runner;
    runner_lock(runner);
    const bool over = runner->stopped || interruption_requested;
    const size_t count = over ? 0 : rung_groups_take(&passes->groups, items);
    runner_unlock(runner);
    return count;
}

/* One of the passes that run side by side. */
static void run_passes(void *context, int index)
{
    struct rung_passes *passes = context;
    const size_t *items;
    size_t count;
    (void)index;
    while ((count = take_group(passes, &items)) > 0)
        group_run(passes->runner, items, count,
                  (struct turn){.repeat = 1, .pause = passes->groups.pause});
}

/* Trains items (count) to a rung. */
static bool train_groups(struct runner *runner, const size_t *items, size_t count, size_t rung)
{
    const struct rungs *rungs = &runner->workload->rungs;
    const int64_t from = rung > 0 ? rungs_epoch(rungs, rung - 1) : 0;
    struct rung_passes passes = {runner, rung_groups_create(runner, items, count, rung)};
    const size_t most = (size_t)runner->placement.side_by_side, groups = passes.groups.groups.count;
    sweep_tune_groups(runner, &passes.groups.groups, (double)passes.groups.pause - (double)from);
    side_by_side((int)(most < groups ? most : groups), run_passes, &passes);
    rung_groups_clear(&passes.groups);
    return !runner->stopped;
}

/* From the cut before it to a rung, or to the end. */
static bool train_rung(struct runner *runner, const struct cutting *cutting, size_t rung)
{
    size_t *items = memory_allocate(cutting->item_count, sizeof *items), count = 0;
    bool done = cutting_take(cutting, rung, items, &count);
    if (done && count > 0 && !interruption_requested)
        done = train_groups(runner, items, count, rung);
    memory_free(items);
    return done;
}

/* --- All rungs ----------------------------------------------------------------------------- */

/* As far as it is known who goes on. */
static bool run_rungs(struct runner *runner, struct cutting *cutting)
{
    const struct rungs *rungs = &runner->workload->rungs;
    bool done = true;
    cutting_begin(cutting);
    for (size_t rung = 0; rung <= rungs->count && done && !interruption_requested; rung++)
        done = train_rung(runner, cutting, rung) &&
               (rung == rungs->count || interruption_requested || cutting_cut(cutting, rung));
    return done;
}

/* Until other shards have come further, or, where it is not to wait, whether they have. */
static bool await_news(const struct runner *runner, struct cutting *cutting, bool *news)
{
    enum { NAP_LEAST = 20, NAP_MOST = 2000 }; /* milliseconds */
    long nap = NAP_LEAST;
    bool done = rung_values_ask(cutting, news);
    while (done && !*news && runner->options->waits && !interruption_requested) {
        nanosleep(&(struct timespec){nap / 1000, nap % 1000 * 1000000}, NULL);
        nap = nap + nap / 2 < NAP_MOST ? nap + nap / 2 : NAP_MOST;
        done = rung_values_ask(cutting, news);
    }
    return done;
}

/* One that waits for memory, and not for a shard, is told of by itself. */
static void count_waiting(struct runner *runner, const struct cutting *cutting)
{
    struct sweep_outcome *outcome = runner->outcome;
    if (cutting->awaited == 0 || cutting->open == 0)
        return;
    outcome->waiting += cutting->open;
    outcome->awaited = outcome->awaited == 0 ? cutting->awaited : outcome->awaited;
}

bool halving_run_source(struct runner *runner, size_t source)
{
    struct cutting cutting;
    bool news = false;
    cutting_open(&cutting, runner, source);
    bool done = rung_values_check(&cutting);
    do {
        done = done && run_rungs(runner, &cutting);
        news = false;
        if (done && cutting.open > 0 && cutting.awaited > 0 && !interruption_requested)
            done = await_news(runner, &cutting, &news);
    } while (done && news && !interruption_requested);
    count_waiting(runner, &cutting);
    cutting_close(&cutting);
    return done;
}
