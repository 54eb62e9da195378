/* SPDX-License-Identifier: MIT
 *
 * A member alone is timed: it is warmed up, watched (measure/machine/evidence.h), and run again
 * when it was disturbed. Both are kept, and the last counts. Members trained side by side share a
 * time that is not its own, and so does a member beside whose pass others run: there is nothing to
 * watch.
 *
 * Asked to begin nothing new (base/system/interruption.h), a group goes on to its end, but for a
 * warm-up, which loses nothing, and for another attempt; or, where it has checkpoints, until it has
 * one and a few seconds more. From there it is continued another time. Its time is then in parts,
 * which nothing was watched beside, and no other attempt would mend that.
 *
 * Groups whose passes go on side by side have threads of their own, and take turns where they meet:
 * at the store, and at what the runner counts.
 */
#include "sweep/run/group_training.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "data/margins.h"
#include "measure/statistics/classification.h"
#include "solvers/solver.h"
#include "sweep/run/group_checkpoints.h"
#include "sweep/run/optima.h"
#include "sweep/run/program_training.h"
#include "sweep/workload/rows_together.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

static int threads_of(const struct group_training *training,
                      const struct configuration *configuration)
{
    const struct placement placement = group_placement(training);
    return placement_threads(training->runner->workload->file, &placement, configuration);
}

static int threads_alone(const struct group_training *training,
                         const struct configuration *configuration)
{
    const struct placement placement = group_placement(training);
    return placement_threads_alone(training->runner->workload->file, &placement, configuration);
}

/* Are our threads counted? Those of another program do not count, and ours sleep while it trains.
 */
static bool is_counted(const struct group_training *training)
{
    return group_is_watched(training) && group_is_profiled(training) && !group_is_outside(training);
}

/* Beside a pass there are others, and processors are shared. */
static int threads_used(const struct group_training *training,
                        const struct configuration *configuration)
{
    const struct placement placement = group_placement(training);
    return placement_threads_used(training->runner->workload->file, &placement, configuration);
}

/* Of a model on the rows of its fold; NaN where a weight is not finite. */
static double auc_of(const struct group_training *training, const struct configuration *of,
                     const struct trial *trial)
{
    const struct fold fold = configuration_fold(of);
    const struct dataset *data = training->data, *heldout = data->heldout;
    const struct fold_masks *masks = training->masks;
    const size_t part = fold_part(&fold), rows = masks != NULL ? masks->rows[part] : heldout->rows;
    bool finite = isfinite(trial->b);
    for (size_t j = 0; j < trial->features; j++)
        finite = finite && isfinite(trial->w[j]);
    if (!finite)
        return NAN;
    double *z = memory_allocate_untouched(2 * rows, sizeof *z), *y = z + rows;
    if (masks != NULL)
        fold_masks_margins(masks, part, data, trial->w, trial->b, z, y);
    else
        dataset_margins(heldout, trial->w, trial->b, threads_used(training, of), z);
    const double auc = classification_auc(z, masks != NULL ? y : heldout->y, rows);
    memory_free(z);
    return auc;
}

/* What was seen of the process that trained, in place of what was seen of this one, which waited.
 */
static void take_evidence(struct group_training *training, const struct trial *trial)
{
    struct evidence *evidence = &training->evidence;
    if (trial->train_seconds > 0.0) /* not what its start and its data took */
        evidence->wall_seconds = trial->train_seconds;
    evidence->cpu_seconds = training->use.processor_seconds;
    evidence->waiting_seconds = training->use.waiting_seconds;
    evidence->switches = training->use.involuntary_switches;
    evidence->migrations = NAN;
    evidence->processors[0] = '\0';
    evidence_judge(evidence, (int)configuration_threads(group_configuration(training)));
}

/* A member has ended: it is recorded at once, while others go on; one that was interrupted never
 * is. */
static bool finished(void *context, size_t index, struct trial *trial)
{
    struct group_training *training = context;
    if (group_is_watched(training))
        watch_end(&training->watch, &training->evidence);
    if (group_is_watched(training) && group_is_outside(training))
        take_evidence(training, trial);
    if (is_counted(training))
        counters_end(threads_alone(training, group_configuration(training)), &training->counters);
    const struct configuration *of =
        &training->runner->workload->expansion.items[training->items[index]].configuration;
    if (of->fold > 0 && trial->w != NULL) /* a program that failed has none */
        trial->heldout_auc = auc_of(training, of, trial);
    return trial->status == STATUS_INTERRUPTED || training->deliver(training, index, trial);
}

/* The clocks of a group are those of the member that stayed longest, from where it went on, and
 * what recording took. */
static void add_clocks(const struct group_training *training, const struct trial *trials)
{
    struct sweep_outcome *outcome = training->runner->outcome;
    size_t last = 0;
    for (size_t i = 1; i < training->count; i++)
        if (trials[i].epochs > trials[last].epochs)
            last = i;
    struct training_clocks before = {0};
    if (training->resume[last] != NULL)
        before = training->resume[last]->clocks;
    outcome->train_seconds += trials[last].train_seconds - before.train;
    outcome->evaluate_seconds += trials[last].evaluate_seconds - before.evaluate;
    outcome->record_seconds += trials[last].record_seconds - before.record + training->seconds;
}

/* NULL: no rate is `auto`, or training finds it of the rows that a fold leaves. */
static const struct smoothness *smoothness_for(const struct group_training *training)
{
    if (group_configuration(training)->fold > 0)
        return NULL;
    const struct smoothness *smoothness = &training->runner->smoothness[group_source(training)];
    return smoothness->samples > 0.0 ? smoothness : NULL;
}

/* What solvers that read them are given of the columns; NULL: they find it, on all ranks. */
static const struct ranges *ranges_for(const struct group_training *training)
{
    const struct workload *workload = training->runner->workload;
    const struct solver *solver = solver_of(group_configuration(training)->solver);
    if (!solver->reads_ranges || training->data->ranks != NULL)
        return NULL;
    return fold_copies_ranges(workload->folds, group_source(training), training->data);
}

/* A few epochs that do not count: threads are started, pages touched, caches filled and the
 * processor's clock is up when those begin that are timed. */
static void warm_up(struct group_training *training, const struct configuration *configuration)
{
    const struct training_hooks hooks = {
        .interrupt = &interruption_requested,
        .smoothness = smoothness_for(training),
        .ranges = ranges_for(training),
        .masks = training->masks,
        .batched = group_is_batched(training),
        .threads = threads_of(training, configuration),
    };
    struct configuration few = *configuration;
    const struct configuration *configurations[] = {&few};
    struct trial trial;
    if (training->runner->workload->file->warmup == 0)
        return;
    if (few.epochs > training->runner->workload->file->warmup)
        few.epochs = training->runner->workload->file->warmup;
    rows_together_train(training->runner->workload, training->data, training->items, configurations,
                        1, &hooks, &trial);
    trial_clear(&trial);
}

/* False when the warm-up was interrupted: the trial is not to begin. */
static bool prepare_alone(struct group_training *training,
                          const struct configuration *configuration)
{
    threads_release();               /* those of the trial before */
    if (!group_is_outside(training)) /* its host warms it up */
        warm_up(training, configuration);
    if (interruption_requested)
        return false;
    if (!group_is_watched(training))
        return true;
    if (is_counted(training))
        counters_begin(threads_alone(training, configuration));
    watch_begin(&training->watch,
                group_is_outside(training) ? 1 : threads_alone(training, configuration));
    return true;
}

static bool train(struct group_training *training)
{
    struct runner *runner = training->runner;
    const struct planned *items = runner->workload->expansion.items;
    const struct configuration *configurations[GROUP_MOST];
    struct trial trials[GROUP_MOST];
    assert(training->count > 0);
    for (size_t i = 0; i < training->count; i++) {
        configurations[i] = &items[training->items[i]].configuration;
        training->optima[i] = runner->optima[training->items[i]];
    }
    const struct training_keeper keeper = training->keeper(training);
    const struct training_hooks hooks = {
        .finished = finished,
        .context = training,
        .interrupt = &interruption_stop,
        .optima = training->optima,
        .starts = training->led ? training->starts : NULL,
        .smoothness = smoothness_for(training),
        .ranges = ranges_for(training),
        .phases = group_is_profiled(training),
        .group = training->planned,
        .paused = training->turn.pause > 0 ? training->paused : NULL,
        .pause = training->turn.pause,
        .masks = training->masks,
        .batched = group_is_batched(training),
        .threads = threads_of(training, configurations[0]),
        .resume =
            training->resume[0] != NULL ? (const struct snapshot *const *)training->resume : NULL,
        .keeper = checkpoints_are_kept(runner) ? &keeper : NULL,
    };
    training->mark = clock_seconds();
    if (training->alone && !prepare_alone(training, configurations[0]))
        return true;
    if (group_is_outside(training)) {
        group_train_outside(training, &trials[0]);
        finished(training, 0, &trials[0]);
    } else {
        rows_together_train(runner->workload, training->data, training->items, configurations,
                            training->count, &hooks, trials);
    }
    runner_lock(runner);
    add_clocks(training, trials);
    bool done = !runner->stopped;
    runner_unlock(runner);
    for (size_t i = 0; i < training->count; i++) {
        trial_clear(&trials[i]);
        snapshot_free(training->paused[i]);
        training->paused[i] = NULL;
    }
    return done;
}

/* Finds what it is trained on; false, with the runner stopped, when that cannot be. */
static bool take_data(struct group_training *training)
{
    struct runner *runner = training->runner;
    const struct planned *first = &runner->workload->expansion.items[training->items[0]];
    struct error error = {.kind = ERROR_NONE};
    struct fold_copies *folds = runner->workload->folds;
    const bool copied = first->configuration.fold > 0 && !first->masked;
    training->data = copied ? fold_copies_take(folds, first->source, &first->configuration, &error)
                            : workload_data(runner->workload, first);
    if (first->masked)
        training->masks = fold_masks_take(folds, first->source, &first->configuration, &error);
    if (training->data != NULL && (training->masks != NULL || !first->masked)) {
        checkpoints_check(training);
        return true;
    }
    runner_lock(runner);
    if (!runner->stopped)
        *runner->error = error;
    runner->stopped = true;
    runner_unlock(runner);
    return false;
}

static bool train_attempts(struct group_training *training)
{
    bool done = true;
    for (training->again = training->count > 0; done && training->again && !interruption_requested;
         training->attempt++) {
        training->again = false;
        done = train(training);
        group_forget_snapshots(training);
    }
    return done;
}

bool group_train(struct group_training *training)
{
    if (training->count == 0)
        return true;
    bool done = take_data(training) && train_attempts(training);
    if (group_configuration(training)->fold > 0 && training->masks == NULL)
        fold_copies_return(training->runner->workload->folds, training->data);
    return done;
}

bool group_run(struct runner *runner, const size_t *items, size_t planned, struct turn turn)
{
    struct group_training training = {0};
    bool done = true, first = true;
    do {
        runner_lock(runner);
        done = !runner->stopped &&
               group_gather(&training, runner, &runner->trainers[0], items, planned, turn, first);
        runner->stopped = !done;
        runner_unlock(runner);
        done = done && group_train(&training);
        group_clear(&training);
        first = false;
    } while (done && training.count > 0 && training.count < planned && !interruption_requested);
    return done;
}
