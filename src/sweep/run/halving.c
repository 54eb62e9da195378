/* SPDX-License-Identifier: MIT
 *
 * Those that come to a rung are packed into groups anew, in the order of the plan, so that a pass
 * has as many columns as there are survivors. Who is at the rung already, after a kill, is of a
 * group, and is not trained in it: groups are the same however often there was one.
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

/* Trains items (count) that come from epoch `from` to a rung. */
static bool train_groups(struct runner *runner, const size_t *items, size_t count, size_t rung,
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

/* From the cut before it to a rung, or to the end; `*whole`: all are there. */
static bool train_rung(struct runner *runner, const struct cutting *cutting, size_t rung,
                       bool *whole)
{
    const struct rungs *rungs = &runner->workload->rungs;
    const int64_t epoch = rung < rungs->count ? rungs->epochs[rung] : TO_THE_END;
    const int64_t before = rung > 0 ? rungs->epochs[rung - 1] : -1;
    size_t *items = memory_allocate(cutting->item_count, sizeof *items), count = 0;
    bool done = cutting_begin_rung(cutting, epoch) && cutting_take(cutting, before, items, &count);
    if (done && count > 0 && !interruption_requested)
        done = train_groups(runner, items, count, rung, before > 0 ? before : 0, epoch);
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
        done =
            train_rung(runner, &cutting, rung, &whole) && (!whole || cutting_cut(&cutting, rung));
    }
    if (done && whole)
        done = train_rung(runner, &cutting, rungs->count, &whole);
    cutting_close(&cutting);
    return done;
}
