/* SPDX-License-Identifier: MIT
 *
 * Those that are to be trained to a rung are taken in the order of their epochs, for models side by
 * side stand at the same one; mostly all do. They are packed into groups anew at every rung, in the
 * order of the plan, so that a pass has as many columns as there are survivors.
 */
#include "sweep/run/halving.h"

#include "base/memory.h"
#include "base/parallel/side_by_side.h"
#include "base/system/interruption.h"
#include "store/criterion.h"
#include "sweep/run/group_training.h"
#include "sweep/run/halving_cut.h"
#include "sweep/run/sweep_tuning.h"
#include "sweep/workload/rounds.h"

bool halving_check(const struct sweep_file *file, const struct sweep_options *options,
                   struct error *error)
{
    if (!sweep_file_halves(file))
        return true;
    if (options->shard.count > 0)
        return error_usage(error,
                           "%s: method: halving compares all configurations, and a shard has some "
                           "of them; leave --shard out, or give method: grid",
                           file->path);
    if (file->halving.criterion == &criterion_time_to_target.entry && sweep_file_is_batched(file))
        return error_usage(error,
                           "%s: cut_by: time_to_target needs times of its own for every trial, and "
                           "this is execution: %s; give execution: solo, or cut_by: gap",
                           file->path, file->execution->name);
    return options->distribution == DISTRIBUTE_NOTHING ||
           error_usage(error,
                       "%s: method: halving runs in one process, and %s are distributed; start it "
                       "without mpirun and --distribute, or give method: grid",
                       file->path, options->distribution == DISTRIBUTE_ROWS ? "rows" : "models");
}

/* --- A rung -------------------------------------------------------------------------------- */

/* What passes side by side share. */
struct rung_passes {
    struct runner *runner;
    const struct groups *groups;
    const uint32_t *turns; /* (groups->count) */
    size_t next;           /* turn that was not taken yet */
    int64_t epoch;         /* to which models are trained */
};

static bool take_group(struct rung_passes *passes, size_t *group)
{
    struct runner *runner = passes->runner;
    runner_lock(runner);
    const bool taken =
        !runner->stopped && !interruption_requested && passes->next < passes->groups->count;
    if (taken)
        *group = passes->turns[passes->next++];
    runner_unlock(runner);
    return taken;
}

/* One of the passes that run side by side. */
static void run_passes(void *context, int index)
{
    struct rung_passes *passes = context;
    size_t group;
    (void)index;
    while (take_group(passes, &group)) {
        const size_t begin = passes->groups->starts[group];
        group_run(passes->runner, passes->groups->members + begin,
                  passes->groups->starts[group + 1] - begin,
                  (struct turn){.repeat = 1, .pause = passes->epoch});
    }
}

/* Trains items (count) that have all done `from` epochs to that of a rung. */
static bool train_alike(struct runner *runner, const size_t *items, size_t count, size_t rung,
                        int64_t from, int64_t epoch)
{
    const struct sweep_file *file = runner->workload->file;
    struct groups groups = groups_create_of(runner->workload->file, &runner->workload->expansion,
                                            items, count, (size_t)runner->placement.models);
    uint32_t *turns = memory_allocate(groups.count, sizeof *turns);
    struct rung_passes passes = {runner, &groups, turns, 0, epoch};
    const size_t most = (size_t)runner->placement.side_by_side;
    round_turns(file->order, (uint64_t)file->seed, (int64_t)rung + 1, groups.count, turns);
    sweep_tune_groups(runner, &groups, (double)epoch - (double)from);
    side_by_side((int)(most < groups.count ? most : groups.count), run_passes, &passes);
    memory_free(turns);
    groups_clear(&groups);
    return !runner->stopped;
}

/* Trains all of a data set that are to go on to a rung; `*whole`: all are there. */
static bool train_rung(struct runner *runner, struct cutting *cutting, size_t rung, int64_t epoch,
                       bool *whole)
{
    size_t *items = memory_allocate(cutting->item_count, sizeof *items), count = 0;
    int64_t from;
    bool done = cutting_begin_rung(cutting, epoch);
    *whole = false;
    while (done && !interruption_requested) {
        done = cutting_take(cutting, epoch, items, &count, &from);
        if (!done || count == 0)
            break;
        done = train_alike(runner, items, count, rung, from, epoch);
    }
    memory_free(items);
    return done && cutting_is_whole(cutting, epoch, whole);
}

/* --- All rungs ----------------------------------------------------------------------------- */

bool halving_run_source(struct runner *runner, size_t source)
{
    const struct rungs *rungs = &runner->workload->rungs;
    struct cutting cutting;
    bool whole = true;
    cutting_open(&cutting, runner, source);
    bool done = cutting_check(&cutting);
    for (size_t rung = 0; rung < rungs->count && done && whole; rung++) {
        done = train_rung(runner, &cutting, rung, rungs->epochs[rung], &whole) &&
               (!whole || cutting_cut(&cutting, rung));
    }
    if (done && whole)
        done = train_rung(runner, &cutting, rungs->count, TO_THE_END, &whole);
    cutting_close(&cutting);
    return done;
}
