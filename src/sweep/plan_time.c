/* SPDX-License-Identifier: MIT
 *
 * How long it takes. What is recorded is the best guess. Otherwise one configuration for each data
 * set, solver, kernel, batch size and number of threads is trained under a time limit, and the
 * seconds of its epochs are multiplied; two seconds are shared out among these probes, and one that
 * finds them spent leaves its class unknown.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "solvers/training.h"
#include "sweep/plan_parts.h"

#include <math.h>

#define BUDGET_SECONDS 2.0

struct probe {
    size_t source;
    const struct configuration *configuration;
    double train, other; /* seconds an epoch: training, and the two other clocks; NaN: unknown */
};

struct probes {
    size_t count, capacity;
    struct probe *items; /* (count) */
};

/* Would an epoch of these take the same time? */
static bool is_alike(const struct probe *probe, const struct planned *item)
{
    const struct configuration *a = probe->configuration, *b = &item->configuration;
    return probe->source == item->source && a->solver == b->solver && a->kernel == b->kernel &&
           a->batch == b->batch && a->threads == b->threads;
}

static const struct probe *probe_find(const struct probes *probes, const struct planned *item)
{
    for (size_t i = 0; i < probes->count; i++)
        if (is_alike(&probes->items[i], item))
            return &probes->items[i];
    return NULL;
}

static bool is_probed(const struct plan *plan, size_t item)
{
    size_t class = workload_class(&plan->workload->expansion.items[item]);
    return plan->remaining[item] > 0 && plan->classes[class].recorded == 0;
}

static void collect(const struct plan *plan, struct probes *probes)
{
    const struct expansion *expansion = &plan->workload->expansion;
    for (size_t i = 0; i < expansion->count; i++) {
        const struct planned *item = &expansion->items[i];
        if (!is_probed(plan, i) || probe_find(probes, item) != NULL)
            continue;
        probes->items =
            memory_grow(probes->items, &probes->capacity, probes->count + 1, sizeof(struct probe));
        probes->items[probes->count++] =
            (struct probe){item->source, &item->configuration, NAN, NAN};
    }
}

static void measure(const struct workload *workload, struct probe *probe, double seconds)
{
    struct configuration configuration = *probe->configuration;
    configuration.seconds = fmin(configuration.seconds, seconds);
    const struct configuration *configurations[] = {&configuration};
    const struct training_hooks hooks = {0};
    struct trial trial;
    training_run(workload->data[probe->source], configurations, 1, &hooks, &trial);
    double epochs = fmax((double)trial.epochs, 1.0);
    probe->train = trial.train_seconds / epochs;
    probe->other = (trial.evaluate_seconds + trial.record_seconds) / epochs;
    trial_clear(&trial);
}

/* One trial of a configuration, its time limit considered. */
static double expected(const struct probe *probe, const struct configuration *configuration)
{
    double train = probe->train * (double)configuration->epochs;
    double share = train > configuration->seconds ? configuration->seconds / train : 1.0;
    return share * (train + probe->other * (double)configuration->epochs);
}

void plan_estimate(struct plan *plan)
{
    const struct workload *workload = plan->workload;
    struct probes probes = {0};
    collect(plan, &probes);
    double start = clock_seconds();
    for (size_t i = 0; i < probes.count && clock_seconds() - start < BUDGET_SECONDS; i++)
        measure(workload, &probes.items[i], BUDGET_SECONDS / (double)probes.count);
    plan->trained = probes.count > 0;

    for (size_t i = 0; i < workload->expansion.count; i++) {
        const struct planned *item = &workload->expansion.items[i];
        struct class_plan *class = &plan->classes[workload_class(item)];
        double trial =
            class->recorded > 0 ? class->recorded_seconds / (double)class->recorded : 0.0;
        if (is_probed(plan, i))
            trial = expected(probe_find(&probes, item), &item->configuration);
        class->seconds += trial * (double)plan->remaining[i];
    }
    memory_free(probes.items);
}
