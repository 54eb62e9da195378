/* SPDX-License-Identifier: MIT
 *
 * Passes of one case are added up over all groups that have it. What is recorded already counts as
 * if it were to be trained: too much is measured then, in a tenth of a second, and only where
 * anything is left to do.
 */
#include "sweep/run/sweep_tuning.h"

#include "base/memory.h"
#include "measure/variants/variant_tuning.h"
#include "solvers/training/training.h"

#include <math.h>

/* Work, each of another case. */
struct works {
    size_t count;
    struct variant_work *list; /* (at most as many as groups or items) */
};

static void add_work(struct works *works, const struct variant_work *work)
{
    for (size_t i = 0; i < works->count; i++)
        if (variant_case_same(&works->list[i].what, &work->what)) {
            works->list[i].passes += work->passes;
            return;
        }
    works->list[works->count++] = *work;
}

/* Passes of an item and those beside it, `models` in all: of each time, at most `most`. */
static void add_item(const struct runner *runner, struct works *works, size_t number, size_t models,
                     bool batched, const struct placement *placement, int64_t times, double most)
{
    const struct planned *item = &runner->workload->expansion.items[number];
    const struct configuration *configuration = &item->configuration;
    struct variant_work work = {.data = workload_data(runner->workload, item)};
    work.passes = (double)times * fmin(training_sure_passes(configuration), most);
    int threads = placement_threads(runner->workload->file, placement, configuration);
    if (work.data != NULL &&
        training_case(work.data, configuration, models, batched, threads, &work.what))
        add_work(works, &work);
}

/* Is it this process that trains, and is there anything to do? */
static bool is_to_be_tuned(const struct runner *runner)
{
    const struct sweep_outcome *outcome = runner->outcome;
    return runner->server == NULL && outcome->recorded + outcome->run < outcome->planned;
}

static void tune(struct works *works)
{
    variant_tuning_prepare(works->list, works->count);
    memory_free(works->list);
}

/* Groups from `first` to before `end`. */
static void tune_groups(const struct runner *runner, const struct groups *groups, size_t first,
                        size_t end, double most)
{
    const struct workload *workload = runner->workload;
    const bool batched = sweep_file_is_batched(workload->file);
    if (!is_to_be_tuned(runner) || first == end)
        return;
    struct works works = {.list = memory_allocate(end - first, sizeof *works.list)};
    for (size_t g = first; g < end; g++)
        if (shard_has(&runner->options->shard, g))
            add_item(runner, &works, groups->members[groups->starts[g]],
                     groups->starts[g + 1] - groups->starts[g], batched, &runner->placement,
                     workload->file->repeats, most);
    tune(&works);
}

void sweep_tune_source(const struct runner *runner, size_t source)
{
    const size_t *starts = &runner->workload->group_starts[source];
    tune_groups(runner, &runner->workload->groups, starts[0], starts[1], INFINITY);
}

void sweep_tune_groups(const struct runner *runner, const struct groups *groups, double passes)
{
    tune_groups(runner, groups, 0, groups->count, passes);
}

void sweep_tune_finals(const struct runner *runner, const size_t *items, size_t count,
                       int64_t rounds)
{
    const struct placement alone = {1, 0, 1};
    if (!is_to_be_tuned(runner) || count == 0)
        return;
    struct works works = {.list = memory_allocate(count, sizeof *works.list)};
    for (size_t i = 0; i < count; i++)
        add_item(runner, &works, items[i], 1, false, &alone, rounds, INFINITY);
    tune(&works);
}
