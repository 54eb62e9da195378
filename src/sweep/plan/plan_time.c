/* SPDX-License-Identifier: MIT
 *
 * How long it takes. What is recorded is the best guess. Otherwise one configuration for each data
 * set, solver, kernel, batch size and number of threads is trained under a time limit, side by side
 * with as many of its like as are in its group, and the median of the seconds of its epochs is
 * multiplied: the first epoch is cold, and another program may stretch a few a hundredfold. Two
 * seconds are shared out among these probes, and one that finds them spent leaves its class
 * unknown. Warm-ups are epochs like others; what is run again because it was disturbed, and finals,
 * cannot be known beforehand.
 */
#include "base/memory.h"
#include "base/system/clock.h"
#include "measure/statistics/statistics.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"
#include "sweep/plan/plan_parts.h"
#include "sweep/workload/placement.h"

#include <math.h>

#define BUDGET_SECONDS 2.0

struct time_probe {
    const struct planned *item;
    size_t models;       /* of its group: trained side by side, they share the time */
    double train, other; /* seconds per epoch: training, and the two other clocks; NaN: unknown */
};

struct probes {
    size_t count, capacity;
    struct time_probe *items; /* (count) */
};

static void probe_add(struct probes *probes, const struct planned *item, size_t models)
{
    probes->items =
        memory_grow(probes->items, &probes->capacity, probes->count + 1, sizeof(struct time_probe));
    probes->items[probes->count++] = (struct time_probe){item, models, NAN, NAN};
}

static const struct time_probe *probe_find(const struct probes *probes, const struct planned *item)
{
    for (size_t i = 0; i < probes->count; i++)
        if (workload_is_alike(probes->items[i].item, item))
            return &probes->items[i];
    return NULL;
}

/* Does another program train it? How long that takes nobody knows before. */
static bool is_outside(const struct plan *plan, size_t item)
{
    return solver_of(plan->workload->expansion.items[item].configuration.solver)->outside;
}

static bool is_probed(const struct plan *plan, size_t item)
{
    size_t class = workload_class(plan->workload, &plan->workload->expansion.items[item]);
    return plan->remaining[item] > 0 && plan->classes[class].recorded == 0 &&
           !is_outside(plan, item);
}

/* Probes for what a group is made of, where there is none yet. */
static void collect_group(const struct plan *plan, struct probes *probes, size_t group)
{
    const struct groups *groups = &plan->workload->groups;
    size_t begin = groups->starts[group], end = groups->starts[group + 1];
    for (size_t i = begin; i < end; i++) {
        const struct planned *item = &plan->workload->expansion.items[groups->members[i]];
        if (!is_probed(plan, groups->members[i]) || probe_find(probes, item) != NULL)
            continue;
        probe_add(probes, item, groups_models(groups, &plan->workload->expansion, group));
    }
}

/* Training seconds of an epoch: the median over the stretches between recorded points, or the mean
 * where there are none. */
static double epoch_seconds(const struct trial *trial)
{
    const struct trace *trace = &trial->trace;
    if (trace->count < 2)
        return trial->train_seconds / fmax((double)trial->epochs, 1.0);
    double *seconds = memory_allocate(trace->count, sizeof *seconds);
    for (size_t i = 1; i < trace->count; i++) {
        const struct trace_point *from = &trace->points[i - 1], *to = &trace->points[i];
        seconds[i - 1] = (to->seconds - from->seconds) / (double)(to->epoch - from->epoch);
    }
    double middle = median(seconds, trace->count - 1);
    memory_free(seconds);
    return middle;
}

/* The time limit is of one model's share (training.h). */
static void measure(const struct workload *workload, struct time_probe *probe, double seconds)
{
    const struct placement placement = placement_of(workload->file);
    struct configuration configuration = probe->item->configuration;
    const struct configuration *configurations[GROUP_MOST];
    struct trial trials[GROUP_MOST];
    const double models = (double)probe->models;
    configuration.seconds = fmin(configuration.seconds, seconds / models);
    const struct dataset *data = workload->data[probe->item->source];
    if (training_bytes(data, &configuration, probe->models, sweep_file_is_batched(workload->file)) >
        (double)memory_available())
        return; /* it will not be run, either */
    for (size_t i = 0; i < probe->models; i++)
        configurations[i] = &configuration;
    const struct training_hooks hooks = {
        .batched = sweep_file_is_batched(workload->file),
        .threads = placement_threads(workload->file, &placement, &configuration),
    };
    training_run(data, configurations, probe->models, &hooks, trials);
    double epochs = fmax((double)trials[0].epochs, 1.0) * models;
    probe->train = epoch_seconds(&trials[0]) / models;
    probe->other = (trials[0].evaluate_seconds + trials[0].record_seconds) / epochs;
    for (size_t i = 0; i < probe->models; i++)
        trial_clear(&trials[i]);
}

/* So many epochs of a configuration, its time limit considered. */
static double expected(const struct time_probe *probe, const struct configuration *configuration,
                       int64_t epochs)
{
    double train = probe->train * (double)epochs;
    double share = train > configuration->seconds ? configuration->seconds / train : 1.0;
    return share * (train + probe->other * (double)epochs);
}

/* One trial; alone it is warmed up. */
static double expected_trial(const struct plan *plan, const struct planned *item,
                             const struct time_probe *probe)
{
    const struct configuration *configuration = &item->configuration;
    double seconds = expected(probe, configuration, configuration->epochs);
    if (probe->models > 1)
        return seconds;
    return seconds +
           expected(probe, configuration, plan_warmup(plan->workload->file, configuration));
}

/* --- Rungs --------------------------------------------------------------------------------- */

/* For each probe of several models one of a model alone, after all of those: a pass of few columns
 * costs more for each of them. */
static void probe_alone(struct probes *probes)
{
    const size_t count = probes->count;
    for (size_t i = 0; i < count; i++)
        probe_add(probes, probes->items[i].item, 1);
}

/* Seconds of an epoch of so many models: those of full groups, and of one of what is left, on the
 * line between a model alone and a full group. */
static double epoch_of(const struct time_probe *group, const struct time_probe *alone,
                       double models)
{
    const double most = (double)group->models, full = most * (group->train + group->other);
    const double one = alone->train + alone->other, left = fmod(models, most);
    const double slope = most > 1.0 ? (full - one) / (most - 1.0) : 0.0;
    return floor(models / most) * full + (left > 0.0 ? one + slope * (left - 1.0) : 0.0);
}

/* Trials like the probe's that are to be run. */
static double count_alike(const struct plan *plan, const struct planned *item)
{
    const struct expansion *expansion = &plan->workload->expansion;
    double count = 0.0;
    for (size_t i = 0; i < expansion->count; i++)
        count += workload_is_alike(&expansion->items[i], item) ? (double)plan->remaining[i] : 0.0;
    return count;
}

/* All of these, rung by rung, if of each kind as many go on as of all. */
static double halved_seconds(const struct plan *plan, const struct time_probe *group,
                             const struct time_probe *alone)
{
    const struct rungs *rungs = &plan->workload->rungs;
    const int64_t eta = plan->workload->file->halving.eta;
    const double all = (double)plan->workload->expansion.count;
    const double alike = count_alike(plan, group->item);
    const int64_t last = group->item->configuration.epochs;
    double seconds = 0.0, left = all;
    int64_t before = 0;
    for (size_t rung = 0; rung < rungs->count && rungs->epochs[rung] < last; rung++) {
        seconds += epoch_of(group, alone, ceil(alike * left / all)) *
                   (double)(rungs->epochs[rung] - before);
        before = rungs->epochs[rung];
        left = (double)rungs_left(rungs, eta, rung);
    }
    return seconds + epoch_of(group, alone, ceil(alike * left / all)) * (double)(last - before);
}

/* Takes the place of what training all to the end would take, which is kept beside it. */
static void estimate_rungs(struct plan *plan, const struct probes *probes)
{
    const size_t count = probes->count / 2;
    for (size_t c = 0; c < workload_class_count(plan->workload); c++) {
        plan->whole_seconds += plan->classes[c].seconds;
        plan->classes[c].seconds = 0.0;
    }
    for (size_t i = 0; i < count; i++)
        plan->classes[workload_class(plan->workload, probes->items[i].item)].seconds +=
            halved_seconds(plan, &probes->items[i], &probes->items[count + i]);
}

void plan_open(struct plan *plan, const struct workload *workload)
{
    *plan = (struct plan){.workload = workload};
    plan->remaining = memory_allocate(workload->expansion.count, sizeof *plan->remaining);
    plan->seconds = memory_allocate(workload->expansion.count, sizeof *plan->seconds);
    plan->classes = memory_allocate(workload_class_count(workload), sizeof *plan->classes);
}

void plan_close(struct plan *plan)
{
    memory_free(plan->remaining);
    memory_free(plan->seconds);
    memory_free(plan->classes);
}

void plan_estimate(struct plan *plan)
{
    const struct workload *workload = plan->workload;
    struct probes probes = {0};
    for (size_t i = 0; i < workload->groups.count; i++)
        collect_group(plan, &probes, i);
    if (sweep_file_halves(workload->file))
        probe_alone(&probes);
    double start = clock_seconds(), limit = BUDGET_SECONDS / (double)probes.count;
    if (sweep_file_halves(workload->file)) /* the last are needed most, and evaluating takes time */
        limit /= 4.0;
    for (size_t i = 0; i < probes.count && clock_seconds() - start < BUDGET_SECONDS; i++)
        measure(workload, &probes.items[i], limit);
    plan->trained = probes.count > 0;
    /* At best; tune-placement sees what passes beside each other cost. */
    const double passes = (double)placement_of(workload->file).side_by_side;

    for (size_t i = 0; i < workload->expansion.count; i++) {
        const struct planned *item = &workload->expansion.items[i];
        struct class_plan *class = &plan->classes[workload_class(workload, item)];
        double trial = class->recorded > 0   ? class->recorded_seconds / (double)class->recorded
                       : is_outside(plan, i) ? (double)NAN
                                             : 0.0;
        if (is_probed(plan, i))
            trial = expected_trial(plan, item, probe_find(&probes, item));
        plan->seconds[i] = trial;
        class->seconds +=
            plan->remaining[i] > 0 ? trial * (double)plan->remaining[i] / passes : 0.0;
    }
    if (sweep_file_halves(workload->file))
        estimate_rungs(plan, &probes);
    memory_free(probes.items);
}
