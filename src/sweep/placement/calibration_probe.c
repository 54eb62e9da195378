/* SPDX-License-Identifier: MIT
 *
 * A pass that is alone is prepared as the runner does it (group_training.c), which costs more than
 * a short trial itself.
 */
#include "sweep/placement/calibration_probe.h"

#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "measure/machine/evidence.h"
#include "solvers/training/training.h"

#include <math.h>
#include <stdatomic.h>

/* One pass of a probe. */
struct attempt {
    const struct probe *probe;
    atomic_int over; /* the time is */
    struct configuration configurations[GROUP_MOST];
    struct trial trials[GROUP_MOST];
};

/* One epoch is seen in any case. */
static void look_at_clock(void *context, const struct observation *seen)
{
    struct attempt *attempt = context;
    if (seen->column == 0 && seen->point->epoch > 0 && clock_seconds() >= attempt->probe->deadline)
        atomic_store(&attempt->over, 1);
}

static const struct configuration *planned_of(const struct probe *probe, size_t model)
{
    return &probe->workload->expansion.items[probe->members[model]].configuration;
}

/* Their time limit, of one model's share, is that of the probe. */
static void set_limits(struct attempt *attempt)
{
    const struct probe *probe = attempt->probe;
    double left = fmax(probe->deadline - clock_seconds(), 1e-9) / (double)probe->models;
    for (size_t i = 0; i < probe->models; i++) {
        attempt->configurations[i] = *planned_of(probe, i);
        attempt->configurations[i].seconds = fmin(attempt->configurations[i].seconds, left);
    }
}

static void train(struct attempt *attempt, int64_t epochs)
{
    const struct probe *probe = attempt->probe;
    const struct dataset *data =
        probe->workload->data[probe->workload->expansion.items[*probe->members].source];
    const struct configuration *configurations[GROUP_MOST];
    double optima[GROUP_MOST];
    for (size_t i = 0; i < probe->models; i++) {
        configurations[i] = &attempt->configurations[i];
        optima[i] = probe->optima[probe->members[i]];
        if (attempt->configurations[i].epochs > epochs)
            attempt->configurations[i].epochs = epochs;
    }
    const struct training_hooks hooks = {
        .observe = look_at_clock,
        .context = attempt,
        .interrupt = &attempt->over,
        .optima = optima,
        .smoothness = probe->smoothness->samples > 0.0 ? probe->smoothness : NULL,
        .batched = true,
        .threads = probe->threads,
    };
    training_run(data, configurations, probe->models, &hooks, attempt->trials);
}

static void clear_trials(struct attempt *attempt)
{
    for (size_t i = 0; i < attempt->probe->models; i++)
        trial_clear(&attempt->trials[i]);
}

static void warm_up(struct attempt *attempt)
{
    int64_t epochs = attempt->probe->workload->file->warmup;
    threads_release();
    if (epochs == 0)
        return;
    set_limits(attempt);
    train(attempt, epochs);
    clear_trials(attempt);
    atomic_store(&attempt->over, 0);
}

/* The part of the epochs it may have that a model was trained for, or will be if nothing ends it
 * that has not yet. */
static double share_of(const struct attempt *attempt, size_t model)
{
    const struct trial *trial = &attempt->trials[model];
    double allowed = (double)planned_of(attempt->probe, model)->epochs;
    bool cut = trial->status == STATUS_TIME_LIMIT || trial->status == STATUS_INTERRUPTED;
    return cut ? 1.0 : (double)trial->epochs / allowed;
}

static struct tally tally_of(const struct attempt *attempt, double wall)
{
    const struct trial *last = &attempt->trials[0];
    struct tally tally = {.passes = 1.0};
    for (size_t i = 0; i < attempt->probe->models; i++) {
        const struct trial *trial = &attempt->trials[i];
        tally.epochs += (double)trial->epochs;
        tally.points += (double)trial->trace.count;
        tally.share += share_of(attempt, i) / (double)attempt->probe->models;
        if (trial->epochs > last->epochs)
            last = trial;
    }
    tally.train = last->train_seconds;
    tally.other = last->evaluate_seconds + last->record_seconds;
    tally.setup = fmax(wall - tally.train - tally.other, 0.0);
    return tally;
}

static struct tally train_once(const struct probe *probe)
{
    struct attempt attempt = {.probe = probe};
    struct watch watch;
    struct evidence evidence;
    double start = clock_seconds();
    if (probe->alone) {
        warm_up(&attempt);
        watch_begin(&watch, probe->watched);
    }
    set_limits(&attempt);
    train(&attempt, INT64_MAX);
    if (probe->alone)
        watch_end(&watch, &evidence);
    struct tally tally = tally_of(&attempt, clock_seconds() - start);
    clear_trials(&attempt);
    return tally;
}

void tally_add(struct tally *sum, const struct tally *tally)
{
    sum->passes += tally->passes;
    sum->setup += tally->setup;
    sum->train += tally->train;
    sum->other += tally->other;
    sum->epochs += tally->epochs;
    sum->points += tally->points;
    sum->share += tally->share;
}

/* The first pass starts threads and fills caches: it is left out where others have seen as much. */
void probe_train(void *context, int index)
{
    const struct probe *probe = context;
    struct tally first = train_once(probe), others = {0};
    while (clock_seconds() < probe->deadline) {
        struct tally tally = train_once(probe);
        tally_add(&others, &tally);
    }
    if (others.epochs < first.epochs)
        tally_add(&others, &first);
    probe->tallies[index] = others;
}
