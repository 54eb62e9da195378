/* SPDX-License-Identifier: MIT
 *
 * A member alone is timed: it is warmed up, watched (measure/machine/evidence.h), and run again
 * when it was disturbed. Both are kept, and the last counts. Members trained side by side share a
 * time that is not its own, and so does a member beside whose pass others run: there is nothing to
 * watch.
 *
 * A group that needs more memory than there is is not begun; that is counted, and told at the end.
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
#include "sweep/run/group_checkpoints.h"
#include "sweep/run/optima.h"
#include "sweep/workload/rows_together.h"

#include <stdio.h>

static bool is_profiled(const struct group_training *training)
{
    return training->runner->workload->file->profile == &profile_on;
}

/* For finals, the configuration's own. */
static struct placement placement_for(const struct group_training *training)
{
    return training->turn.final > 0 ? (struct placement){1, 0, 1} : training->runner->placement;
}

/* Finals are timed one after the other, with the kernels of one model. */
static bool is_batched(const struct group_training *training)
{
    return training->turn.final == 0 && sweep_file_is_batched(training->runner->workload->file);
}

static int threads_of(const struct group_training *training,
                      const struct configuration *configuration)
{
    const struct placement placement = placement_for(training);
    return placement_threads(training->runner->workload->file, &placement, configuration);
}

static int threads_alone(const struct group_training *training,
                         const struct configuration *configuration)
{
    const struct placement placement = placement_for(training);
    return placement_threads_alone(training->runner->workload->file, &placement, configuration);
}

/* The configuration of its first member. */
static const struct configuration *configuration_of(const struct group_training *training)
{
    return &training->runner->workload->expansion.items[training->items[0]].configuration;
}

/* A part of a trial says nothing of the whole. */
static bool is_watched(const struct group_training *training)
{
    return training->alone && training->resume[0] == NULL;
}

static void count(struct sweep_outcome *outcome, const struct trial *trial)
{
    outcome->run++;
    outcome->diverged += trial->status == STATUS_DIVERGED;
    outcome->time_limit += trial->status == STATUS_TIME_LIMIT;
    outcome->failed += trial->status == STATUS_FAILED;
}

/* Said once, while there is time to do something about it. */
static void look_for_noise(struct runner *runner, bool disturbed)
{
    enum { FIRST = 12 }; /* attempts that the machine is judged by */
    runner->watched++;
    runner->noisy += disturbed;
    if (runner->watched != FIRST || 2 * runner->noisy < FIRST || runner->options->quiet)
        return;
    progress_clear(&runner->progress);
    fprintf(runner->options->out,
            "busy:    other programs disturbed %zu of the first %d attempts: few times will count. "
            "`descent\n         machine` says what to do; Ctrl-C stops, and the same command goes "
            "on later\n",
            runner->noisy, FIRST);
}

/* An attempt that will be followed by another does not count as a trial. */
static void count_attempt(struct group_training *training, size_t item, const struct trial *trial,
                          double seconds)
{
    struct runner *runner = training->runner;
    bool disturbed = is_watched(training) && training->evidence.disturbed[0] != '\0';
    if (is_watched(training))
        look_for_noise(runner, disturbed);
    training->again = disturbed && trial->status != STATUS_FAILED &&
                      training->attempt <= runner->workload->file->retries;
    runner->outcome->repeated += training->again;
    if (training->again) {
        progress_repeat(&runner->progress);
        return;
    }
    runner->outcome->disturbed += disturbed;
    count(runner->outcome, trial);
    progress_add(&runner->progress, workload_class(&runner->workload->expansion.items[item]),
                 seconds / (double)runner->passes, trial);
}

/* A trial below F* is rare, and to be told of. */
static bool check_optimum(struct runner *runner, size_t item, struct trial *trial)
{
    if (trial->trace.count == 0 || !(trial_last(trial)->objective < runner->optima[item]))
        return true;
    progress_clear(&runner->progress);
    return optima_check(&runner->recording, item, trial, runner->optima, runner->options->out,
                        runner->error);
}

/* A member that has come to a rung, or was interrupted on its way there. */
static bool record_waiting(struct group_training *training, size_t index, struct trial *trial)
{
    struct runner *runner = training->runner;
    struct store *store = runner->recording.store;
    const double start = clock_seconds();
    const struct turn turn = {.item = training->items[index], .repeat = training->turn.repeat};
    trial->shared = training->shared;
    trial->continued = training->continued[index];
    trial->status = STATUS_WAITING;
    trial_seal(trial);
    bool done = check_optimum(runner, turn.item, trial) && store_begin(store, runner->error);
    if (done) {
        done = recording_add(&runner->recording, turn, 1, training->trainer, trial,
                             (struct sight){0}, runner->error) &&
               checkpoints_keep(training, index, training->paused[index]) &&
               store_commit(store, runner->error);
        if (!done)
            store_rollback(store);
    }
    training->mark = clock_seconds();
    training->seconds += training->mark - start;
    return done;
}

/* The time since another trial of the group ended is this one's share of what the progress counts.
 */
bool group_record(struct group_training *training, size_t index, struct trial *trial)
{
    struct runner *runner = training->runner;
    double start = clock_seconds();
    const size_t item = training->items[index];
    const struct turn turn = {item, training->turn.final, training->turn.repeat, 0};
    const bool seen = is_watched(training);
    const struct sight sight = {seen ? &training->evidence : NULL,
                                seen && is_profiled(training) ? &training->counters : NULL};
    trial->shared = training->shared;
    trial->continued = training->continued[index];
    if (!check_optimum(runner, item, trial) ||
        !recording_verify(&runner->recording, turn, training->trainer, trial, runner->error) ||
        !recording_add(&runner->recording, turn, training->attempt, training->trainer, trial, sight,
                       runner->error))
        return false;
    double now = clock_seconds(), seconds = now - training->mark;
    training->mark = now;
    training->seconds += now - start;
    count_attempt(training, item, trial, seconds);
    return true;
}

/* To the store of this process. */
static bool deliver_here(struct group_training *training, size_t index, struct trial *trial)
{
    struct runner *runner = training->runner;
    runner_lock(runner);
    bool done =
        !runner->stopped && (trial->status == STATUS_PAUSED ? record_waiting(training, index, trial)
                                                            : group_record(training, index, trial));
    runner->stopped = !done;
    runner_unlock(runner);
    return done;
}

/* A member has ended: it is recorded at once, while others go on; one that was interrupted never
 * is. */
static bool finished(void *context, size_t index, struct trial *trial)
{
    struct group_training *training = context;
    if (is_watched(training))
        watch_end(&training->watch, &training->evidence);
    if (is_watched(training) && is_profiled(training))
        counters_end(threads_alone(training, configuration_of(training)), &training->counters);
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

static size_t source_of(const struct group_training *training)
{
    return training->runner->workload->expansion.items[training->items[0]].source;
}

/* NULL: no rate is `auto`. */
static const struct smoothness *smoothness_for(const struct group_training *training)
{
    const struct smoothness *smoothness = &training->runner->smoothness[source_of(training)];
    return smoothness->samples > 0.0 ? smoothness : NULL;
}

/* A few epochs that do not count: threads are started, pages touched, caches filled and the
 * processor's clock is up when those begin that are timed. */
static void warm_up(struct group_training *training, const struct configuration *configuration)
{
    const struct training_hooks hooks = {
        .interrupt = &interruption_requested,
        .smoothness = smoothness_for(training),
        .batched = is_batched(training),
        .threads = threads_of(training, configuration),
    };
    struct configuration few = *configuration;
    const struct configuration *configurations[] = {&few};
    struct trial trial;
    if (training->runner->workload->file->warmup == 0)
        return;
    if (few.epochs > training->runner->workload->file->warmup)
        few.epochs = training->runner->workload->file->warmup;
    rows_together_train(training->runner->workload, training->items, configurations, 1, &hooks,
                        &trial);
    trial_clear(&trial);
}

/* False when the warm-up was interrupted: the trial is not to begin. */
static bool prepare_alone(struct group_training *training,
                          const struct configuration *configuration)
{
    threads_release(); /* those of the trial before */
    warm_up(training, configuration);
    if (interruption_requested)
        return false;
    if (!is_watched(training))
        return true;
    if (is_profiled(training))
        counters_begin(threads_alone(training, configuration));
    watch_begin(&training->watch, threads_alone(training, configuration));
    return true;
}

static bool train(struct group_training *training)
{
    struct runner *runner = training->runner;
    const struct planned *items = runner->workload->expansion.items;
    const struct configuration *configurations[GROUP_MOST];
    struct trial trials[GROUP_MOST];
    for (size_t i = 0; i < training->count; i++) {
        configurations[i] = &items[training->items[i]].configuration;
        training->optima[i] = runner->optima[training->items[i]];
    }
    const struct training_keeper keeper = checkpoints_keeper(training);
    const struct training_hooks hooks = {
        .finished = finished,
        .context = training,
        .interrupt = &interruption_stop,
        .optima = training->optima,
        .smoothness = smoothness_for(training),
        .phases = is_profiled(training),
        .group = training->planned,
        .paused = training->turn.pause > 0 ? training->paused : NULL,
        .pause = training->turn.pause,
        .batched = is_batched(training),
        .threads = threads_of(training, configurations[0]),
        .resume =
            training->resume[0] != NULL ? (const struct snapshot *const *)training->resume : NULL,
        .keeper = checkpoints_are_kept(runner) ? &keeper : NULL,
    };
    training->mark = clock_seconds();
    if (training->alone && !prepare_alone(training, configurations[0]))
        return true;
    rows_together_train(runner->workload, training->items, configurations, training->count, &hooks,
                        trials);
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

/* A number that neither a recorded trial nor another group has. */
static bool number_group(struct group_training *training)
{
    struct runner *runner = training->runner;
    if (training->alone || training->count == 0)
        return true;
    if (!store_new_group(runner->recording.store, &training->shared, runner->error))
        return false;
    if (training->shared <= runner->last_group)
        training->shared = runner->last_group + 1;
    runner->last_group = training->shared;
    return true;
}

/* What the group takes while it is trained: on a host, its passes and its ranks take as much each.
 */
static double bytes_needed(const struct group_training *training, const size_t *items)
{
    const struct runner *runner = training->runner;
    return workload_item_bytes(runner->workload, items[0], training->planned) *
           (double)placement_for(training).side_by_side * ranks_per_host(runner->options->ranks);
}

/* Is there memory to train it? If not, that is counted, and its members stay to be run: more may be
 * free another time. The system is asked again only where the last answer was too little. */
static bool fits(const struct group_training *training, const size_t *items)
{
    struct runner *runner = training->runner;
    struct sweep_outcome *outcome = runner->outcome;
    struct error shortage = {0};
    double bytes = bytes_needed(training, items);
    if (bytes <= runner->memory)
        return true;
    runner->memory = (double)memory_available();
    if (memory_check(bytes, "training", &shortage))
        return true;
    char words[256];
    if (outcome->refused == 0)
        snprintf(outcome->refusal, sizeof outcome->refusal, "%s: %.200s",
                 configuration_describe(configuration_of(training), words, sizeof words),
                 shortage.message);
    outcome->refused += training->count;
    return false;
}

static void add_member(struct group_training *training, size_t item, struct snapshot *snapshot,
                       int64_t continued)
{
    const size_t index = training->count++;
    training->items[index] = item;
    training->resume[index] = snapshot;
    training->continued[index] = continued;
}

/* Takes a member that is not settled, if it stands where those before it do. */
static bool choose_member(struct group_training *training, struct turn turn)
{
    struct snapshot *snapshot = NULL;
    int64_t continued = 0;
    if ((checkpoints_are_kept(training->runner) || turn.pause > 0) &&
        !checkpoints_find(training, turn, &snapshot, &continued))
        return false;
    const struct snapshot *first = training->resume[0];
    if (training->count == 0 ||
        (snapshot != NULL ? snapshot->epoch : 0) == (first != NULL ? first->epoch : 0))
        add_member(training, turn.item, snapshot, continued);
    else
        snapshot_free(snapshot);
    return true;
}

/* Is nothing left to do, or nothing before the rung that it waits at? */
static bool is_done(const struct group_training *training, const struct trial_record *record)
{
    return recording_is_settled(training->runner->workload->file, record) ||
           (record->status == STATUS_WAITING && training->turn.pause > 0 &&
            record->epochs >= training->turn.pause);
}

/* Who of the group is not settled? */
static bool choose(struct group_training *training, const size_t *items)
{
    struct runner *runner = training->runner;
    struct turn turn = training->turn;
    for (size_t i = 0; i < training->planned; i++) {
        struct trial_record recorded;
        turn.item = items[i];
        if (!recording_find(&runner->recording, turn, &recorded, runner->error))
            return false;
        if (!is_done(training, &recorded) && !choose_member(training, turn))
            return false;
        if (training->planned == 1 && recorded.status != STATUS_WAITING &&
            recorded.status != STATUS_CUT)
            training->attempt = recorded.attempt + 1;
    }
    return true;
}

bool group_gather(struct group_training *training, struct runner *runner,
                  const struct trainer *trainer, const size_t *items, size_t planned,
                  struct turn turn)
{
    bool beside = turn.final == 0 && runner->beside;
    *training = (struct group_training){
        .runner = runner,
        .trainer = trainer,
        .turn = turn,
        .planned = planned,
        .attempt = 1,
        .alone = planned == 1 && !beside && !sweep_file_halves(runner->workload->file),
        .deliver = deliver_here,
    };
    if (!choose(training, items))
        return false;
    if (training->count > 0 && !fits(training, items))
        training->count = 0;
    if (training->count > 0 && turn.pause == 0) /* models of rungs go on all the time */
        checkpoints_tell(training);
    return number_group(training);
}

/* Another attempt begins at the start. */
static void forget_snapshots(struct group_training *training)
{
    for (size_t i = 0; i < GROUP_MOST; i++) {
        snapshot_free(training->resume[i]);
        training->resume[i] = NULL;
        training->continued[i] = 0;
    }
}

bool group_train(struct group_training *training)
{
    bool done = true;
    for (training->again = training->count > 0; done && training->again && !interruption_requested;
         training->attempt++) {
        training->again = false;
        done = train(training);
        forget_snapshots(training);
    }
    return done;
}

bool group_run(struct runner *runner, const size_t *items, size_t planned, struct turn turn)
{
    struct group_training training = {0};
    bool done = true;
    do {
        runner_lock(runner);
        done = !runner->stopped &&
               group_gather(&training, runner, &runner->trainers[0], items, planned, turn);
        runner->stopped = !done;
        runner_unlock(runner);
        done = done && group_train(&training);
        forget_snapshots(&training);
    } while (done && training.count > 0 && training.count < planned && !interruption_requested);
    return done;
}
