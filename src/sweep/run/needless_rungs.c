/* SPDX-License-Identifier: MIT
 *
 * The store is asked what became of looser rungs: there is no state beside it.
 */
#include "sweep/run/needless_rungs.h"

#include "base/memory.h"
#include "programs/ladder_rung.h"
#include "store/targets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double least_target(const struct sweep_file *file)
{
    bool asked[GAP_TARGETS];
    double least = gap_targets[0];
    targets_read(file->targets, asked);
    for (size_t t = 0; t < GAP_TARGETS; t++)
        if (asked[t])
            least = gap_targets[t];
    return least;
}

/* The last objective of a trial; infinite: it has none. */
static bool last_objective(struct store *store, int64_t trial, double *objective,
                           struct error *error)
{
    struct trace trace;
    if (!store_read_descent(store, trial, &trace, error))
        return false;
    *objective = trace.count > 0 ? trace.points[trace.count - 1].objective : INFINITY;
    memory_free(trace.points);
    return true;
}

static void mark(struct trial *trial, const struct configuration *own, double value,
                 const char *what)
{
    trial->status = STATUS_NEEDLESS;
    snprintf(trial->message, sizeof trial->message, "with %s=%g it %s", own->ladder->name, value,
             what);
}

/* Marks the trial if what a looser rung, `value`, came to says so. */
static bool judge_looser(const struct group_training *training, const struct trial_record *record,
                         double value, struct trial *trial)
{
    struct runner *runner = training->runner;
    const struct configuration *own = group_configuration(training);
    const double optimum = runner->optima[training->items[0]];
    double objective;
    if (record->status == STATUS_RUNNING)
        return true;
    if (record->train_seconds >= own->seconds) {
        mark(trial, own, value, "took as long as it may");
        return true;
    }
    if (record->status != STATUS_OWN_RULE || isnan(optimum))
        return true;
    if (!last_objective(runner->recording.store, record->id, &objective, runner->error))
        return false;
    if (objective <= optimum + least_target(runner->workload->file))
        mark(trial, own, value, "reaches every target");
    return true;
}

bool needless_rung_find(const struct group_training *training, struct trial *trial)
{
    const struct runner *runner = training->runner;
    const struct expansion *expansion = &runner->workload->expansion;
    const struct planned *own = &expansion->items[training->items[0]];
    if (!configuration_is_rung(&own->configuration) || training->turn.final > 0)
        return true;
    const struct ladder_rung rung = ladder_rung_of(&own->configuration);
    for (size_t i = 0; i < expansion->count && trial->status != STATUS_NEEDLESS; i++) {
        const struct planned *other = &expansion->items[i];
        if (other->source != own->source ||
            other->configuration.program != own->configuration.program)
            continue;
        const struct ladder_rung looser = ladder_rung_of(&other->configuration);
        const struct turn turn = {.item = i, .repeat = training->turn.repeat};
        struct trial_record record;
        if (!(looser.value > rung.value) || strcmp(looser.ladder, rung.ladder) != 0)
            continue;
        if (!recording_find(&runner->recording, turn, &record, runner->error) ||
            !judge_looser(training, &record, looser.value, trial))
            return false;
    }
    return true;
}
