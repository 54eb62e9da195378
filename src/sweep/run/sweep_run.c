/* SPDX-License-Identifier: MIT
 *
 * Who runs a sweep: this process alone, or the ranks of a job. Where rows are distributed, rank 0
 * runs it and the others follow (rows_together.h); where models are, rank 0 serves and the others
 * work (models_server.h, models_worker.h).
 */
#include "sweep/run/sweep_run.h"

#include "base/memory.h"
#include "base/system/interruption.h"
#include "measure/variants/variant_tuning.h"
#include "sweep/run/halving.h"
#include "sweep/run/models_server.h"
#include "sweep/run/models_worker.h"
#include "sweep/run/ranks_agreement.h"
#include "sweep/run/runner.h"
#include "sweep/workload/placement.h"
#include "sweep/workload/rows_together.h"
#include "sweep/zoom/zoom.h"

#include <inttypes.h>
#include <stdio.h>

/* --- By all of them together --------------------------------------------------------------- */

/* Models: rank 0 records, and the others work for it. */
static bool run_models(const struct workload *workload, const struct sweep_options *options,
                       struct sweep_outcome *outcome, struct error *error)
{
    const struct ranks *ranks = options->ranks;
    struct rank_machines machines;
    if (!rank_views_of_plan(ranks, workload, error))
        return false;
    rank_machines_gather(ranks, &machines);
    if (ranks_index(ranks) > 0) {
        working_run(ranks, workload, error);
    } else {
        struct server *server = serving_open(ranks, &machines);
        runner_run(workload, options, server, outcome, error);
        serving_close(server);
    }
    rank_machines_clear(&machines);
    return ranks_settle(ranks, error);
}

/* Rows: rank 0 runs the sweep, and the others follow. */
static bool run_rows(const struct workload *workload, const struct sweep_options *options,
                     struct sweep_outcome *outcome, struct error *error)
{
    if (!rank_views_of_plan(options->ranks, workload, error))
        return false;
    if (ranks_index(options->ranks) > 0) {
        rows_together_follow(workload);
    } else {
        runner_run(workload, options, NULL, outcome, error);
        rows_together_dismiss(workload);
    }
    return ranks_settle(options->ranks, error);
}

/* --- Grid by grid -------------------------------------------------------------------------- */

/* The store as a run will open it: one that a kill or a full disk left is put right. */
static struct store *open_store(const char *folder, struct error *error)
{
    return store_is_writable(folder) ? store_open_to_write(folder, error)
                                     : store_open(folder, error);
}

/* Extends the workload by what is decided already, where something is recorded that stays. */
static bool extend(struct workload *workload, const struct sweep_options *options,
                   const char *folder, bool *open, struct error *error)
{
    const bool kept = workload->file->zoom.rounds > 0 && !options->fresh &&
                      !options->retry_failed && store_exists(folder);
    struct store *store = kept ? open_store(folder, error) : NULL;
    bool done =
        (store != NULL || !kept) && zoom_extend(workload, store, recording_is_settled,
                                                options->quiet ? NULL : options->out, open, error);
    store_close(store);
    return done;
}

static size_t without(size_t count, size_t part)
{
    return count > part ? count - part : 0;
}

/* Adds what one grid came to, or as far as it came. What an earlier one ran is recorded by now. */
static void add_outcome(struct sweep_outcome *all, const struct sweep_outcome *grid)
{
    struct sweep_outcome sum = *grid;
    sum.recorded = without(grid->recorded, all->run);
    sum.old_failed = without(grid->old_failed, all->failed);
    sum.run += all->run;
    sum.diverged += all->diverged;
    sum.time_limit += all->time_limit;
    sum.failed += all->failed;
    sum.needless += all->needless;
    sum.repeated += all->repeated;
    sum.disturbed += all->disturbed;
    sum.seconds += all->seconds;
    sum.train_seconds += all->train_seconds;
    sum.evaluate_seconds += all->evaluate_seconds;
    sum.record_seconds += all->record_seconds;
    *all = sum;
}

static bool is_complete(const struct sweep_outcome *outcome)
{
    return outcome->recorded + outcome->run == outcome->planned;
}

/* Why a grid around the best is not begun, though this one is at its end. */
static void tell_left(const struct sweep_file *file, const struct sweep_options *options,
                      const struct sweep_outcome *outcome, bool open)
{
    if (file->zoom.rounds > 0 && options->shard.count > 0)
        fprintf(options->out, "zoom: it looks at all shards: after descent merge, descent sweep on "
                              "the merged results goes on with it\n");
    else if (open && outcome->refused > 0)
        fprintf(options->out, "zoom: not begun, since not all of this grid was trained\n");
}

/* The first grid, and those around the best (sweep/zoom/zoom.h) as they are decided; the finals
 * come after the last. A shard has a part of the first. */
static bool run_grids(struct workload *workload, const struct sweep_options *options,
                      struct sweep_outcome *outcome, struct error *error)
{
    struct sweep_options now = *options;
    bool open = false, done, more;
    do {
        struct sweep_outcome grid = {0};
        snprintf(grid.folder, sizeof grid.folder, "%s", outcome->folder);
        if (options->shard.count == 0 && !extend(workload, &now, outcome->folder, &open, error))
            return false;
        now.finalists = open ? NULL : options->finalists;
        done = runner_run(workload, &now, NULL, &grid, error);
        add_outcome(outcome, &grid);
        now.fresh = now.retry_failed = false;
        workload->expansion.duplicates = (struct duplicates){0}; /* they are told */
        more = done && open && !interruption_requested && is_complete(outcome);
    } while (more);
    if (done && !interruption_requested && !options->quiet)
        tell_left(workload->file, options, outcome, open);
    return done;
}

/* --- Before -------------------------------------------------------------------------------- */

/* The folder of the store; false, with an error, when its path is too long. */
static bool set_folder(const struct sweep_file *file, const struct sweep_options *options,
                       struct sweep_outcome *outcome, struct error *error)
{
    char name[SHARD_TEXT], *folder = sweep_file_folder(file, options->results);
    int length = options->shard.count == 0
                     ? snprintf(outcome->folder, sizeof outcome->folder, "%s", folder)
                     : snprintf(outcome->folder, sizeof outcome->folder, "%s/%s", folder,
                                shard_name(&options->shard, name));
    memory_free(folder);
    if (length < 0 || (size_t)length >= sizeof outcome->folder)
        return error_usage(error, "--results: the path is too long");
    return true;
}

/* What later grids are decided from is in one store. */
static bool check_zoom(const struct sweep_file *file, const struct sweep_options *options,
                       struct error *error)
{
    return file->zoom.rounds == 0 || options->distribution == DISTRIBUTE_NOTHING ||
           error_usage(error,
                       "%s: zoom looks at what is recorded before it goes on, which the ranks of a "
                       "job do not share; run the sweep without --distribute, or leave zoom out",
                       file->path);
}

/* A program is a process of one machine, and is timed there. */
static bool check_programs(const struct sweep_file *file, const struct sweep_options *options,
                           struct error *error)
{
    return options->distribution == DISTRIBUTE_NOTHING || !sweep_file_has_programs(file) ||
           error_usage(error,
                       "%s: other programs train on one machine, and cannot be distributed over "
                       "ranks; run the sweep without --distribute, or in shards (--shard)",
                       file->path);
}

static bool check_options(const struct sweep_file *file, const struct sweep_options *options,
                          struct error *error)
{
    int64_t passes = placement_of(file).side_by_side;
    if (options->distribution == DISTRIBUTE_ROWS && passes > 1)
        return error_usage(error,
                           "%s: rows are distributed, and %" PRId64 " passes would run side by "
                           "side; leave out one of the two",
                           file->path, passes);
    if (file->profile == &profile_on && passes > 1)
        return error_usage(error,
                           "%s: profile: on looks at one pass at a time, and here %" PRId64
                           " run side by side; leave out one of the two",
                           file->path, passes);
    return check_programs(file, options, error) && check_zoom(file, options, error) &&
           halving_check(file, options, error) &&
           (options->distribution != DISTRIBUTE_MODELS || serving_check(file, error));
}

/* Where several ranks see the same file. */
static bool check(const struct sweep_file *file, const struct sweep_options *options,
                  struct sweep_outcome *outcome, struct error *error)
{
    bool allowed = set_folder(file, options, outcome, error) && check_options(file, options, error);
    if (!ranks_settle(options->ranks, error) || !allowed)
        return false;
    return ranks_count(options->ranks) == 1 || rank_views_of_file(options->ranks, file, error);
}

static bool create_workload(const struct sweep_file *file, const struct sweep_options *options,
                            struct workload *workload, struct error *error)
{
    const bool by_rows = options->distribution == DISTRIBUTE_ROWS;
    bool created = workload_create_over(file, by_rows ? options->ranks : NULL, workload, error);
    if (ranks_settle(options->ranks, error))
        return true;
    if (created)
        workload_clear(workload);
    return false;
}

bool sweep_run(const struct sweep_file *file, const struct sweep_options *options,
               struct sweep_outcome *outcome, struct error *error)
{
    const bool several = ranks_count(options->ranks) > 1;
    struct workload workload;
    struct interruption before;
    bool done;
    *outcome = (struct sweep_outcome){0};
    if (!check(file, options, outcome, error) || !create_workload(file, options, &workload, error))
        return false;
    variant_tuning_begin(file->tuning == &tuning_yes);
    interruption_install(&before);
    if (several && options->distribution == DISTRIBUTE_MODELS)
        done = run_models(&workload, options, outcome, error);
    else if (several && options->distribution == DISTRIBUTE_ROWS)
        done = run_rows(&workload, options, outcome, error);
    else
        done = run_grids(&workload, options, outcome, error);
    interruption_restore(&before, several);
    workload_clear(&workload);
    if (several)
        ranks_broadcast(options->ranks, 0, outcome, sizeof *outcome);
    return done;
}
