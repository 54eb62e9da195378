/* SPDX-License-Identifier: MIT
 *
 * The estimate is the plan's (plan_time.c), summed up group by group. Where passes run side by side
 * a shard takes, at best, its sum divided by them, and never less than its longest pass.
 */
#include "sweep/plan/plan_shards.h"

#include "base/memory.h"
#include "sweep/plan/plan_parts.h"
#include "sweep/workload/placement.h"
#include "sweep/workload/shard.h"

#include <math.h>

/* Once, not all repeats. */
static double group_seconds(const struct plan *plan, size_t group)
{
    const struct workload *workload = plan->workload;
    double seconds = 0.0;
    for (size_t i = workload->groups.starts[group]; i < workload->groups.starts[group + 1]; i++) {
        size_t item = workload->groups.members[i];
        double trial = plan->seconds[item];
        seconds += isnan(trial) ? workload->expansion.items[item].configuration.seconds : trial;
    }
    return seconds;
}

/* Of the time of training all to the end, if survivors of rungs are spread evenly over shards. */
static double share_of_rungs(const struct plan *plan)
{
    double seconds = 0.0;
    for (size_t c = 0; c < workload_class_count(plan->workload); c++)
        seconds += plan->classes[c].seconds;
    return sweep_file_halves(plan->workload->file) && plan->whole_seconds > 0.0
               ? seconds / plan->whole_seconds
               : 1.0;
}

static void estimate(const struct plan *plan, size_t shards, struct shards_needs *needs)
{
    const struct workload *workload = plan->workload;
    const double repeats = (double)workload->file->repeats;
    const double passes = (double)placement_of(workload->file).side_by_side;
    const double left = share_of_rungs(plan);
    double *sums = memory_allocate(shards, sizeof *sums);
    for (size_t i = 0; i < workload->groups.count; i++) {
        double seconds = group_seconds(plan, i);
        needs->longest = fmax(needs->longest, seconds);
        sums[shard_of(i, shards) - 1] += left * seconds * repeats / passes;
    }
    needs->seconds = needs->longest;
    for (size_t i = 0; i < shards; i++)
        needs->seconds = fmax(needs->seconds, sums[i]);
    memory_free(sums);
}

static int64_t most_threads(const struct workload *workload)
{
    const struct placement placement = placement_of(workload->file);
    int most = 1;
    for (size_t i = 0; i < workload->expansion.count; i++) {
        int threads = placement_threads_used(workload->file, &placement,
                                             &workload->expansion.items[i].configuration);
        most = threads > most ? threads : most;
    }
    return most * placement.side_by_side;
}

static bool check_count(const struct workload *workload, size_t shards, struct error *error)
{
    const size_t groups = workload->groups.count;
    const char *what = sweep_file_is_batched(workload->file) ? "group"
                       : workload->expansion.paths > 0       ? "path"
                                                             : "configuration";
    if (shards <= groups)
        return true;
    return error_usage(error,
                       "%s has %zu %s%s to be dealt out: of %zu shards %zu would have nothing to "
                       "do; at most %zu are of use",
                       workload->file->path, groups, what, groups == 1 ? "" : "s", shards,
                       shards - groups, groups);
}

static void find_needs(const struct workload *workload, size_t shards, struct shards_needs *needs)
{
    struct plan plan;
    plan_open(&plan, workload);
    for (size_t i = 0; i < workload->expansion.count; i++)
        plan.remaining[i] = (size_t)workload->file->repeats;
    plan_estimate(&plan);
    estimate(&plan, shards, needs);
    plan_close(&plan);
    needs->bytes = workload_data_bytes(workload) + workload_training_bytes(workload);
    needs->threads = most_threads(workload);
}

bool plan_shards(const struct sweep_file *file, size_t shards, struct shards_needs *needs,
                 struct error *error)
{
    struct workload workload;
    *needs = (struct shards_needs){0};
    if (!workload_create(file, &workload, error))
        return false;
    bool done = check_count(&workload, shards, error);
    if (done)
        find_needs(&workload, shards, needs);
    workload_clear(&workload);
    return done;
}
