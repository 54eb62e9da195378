/* SPDX-License-Identifier: MIT
 *
 * A member alone is timed: it is warmed up, watched (measure/machine/evidence.h), and run again
 * when it was disturbed. Both are kept, and the last counts. Members trained side by side share a
 * time that is not its own, and so does a member beside whose pass others run: there is nothing to
 * watch.
 *
 * A group that needs more memory than there is is not begun; that is counted, and told at the end.
 *
 * Asked to begin nothing new (base/system/interruption.h), a team goes on to its end, but for a
 * warm-up, which loses nothing, and for another attempt.
 *
 * Teams of passes side by side are on threads of their own, and take turns where they meet: at the
 * store, and at what the runner counts.
 */
#include "sweep/run/group_training.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "sweep/run/optima.h"
#include "sweep/workload/rows_together.h"

#include <stdio.h>

static bool is_profiled(const struct team *team)
{
    return team->runner->workload->file->profile == &profile_on;
}

/* For finals, the configuration's own. */
static struct placement placement_for(const struct team *team)
{
    return team->turn.final > 0 ? (struct placement){1, 0, 1} : team->runner->placement;
}

/* Finals are timed one after the other, with the kernels of one model. */
static bool is_batched(const struct team *team)
{
    return team->turn.final == 0 && sweep_file_is_batched(team->runner->workload->file);
}

static int threads_of(const struct team *team, const struct configuration *configuration)
{
    const struct placement placement = placement_for(team);
    return placement_threads(team->runner->workload->file, &placement, configuration);
}

static int threads_alone(const struct team *team, const struct configuration *configuration)
{
    const struct placement placement = placement_for(team);
    return placement_threads_alone(team->runner->workload->file, &placement, configuration);
}

/* The configuration of its first member. */
static const struct configuration *configuration_of(const struct team *team)
{
    return &team->runner->workload->expansion.items[team->items[0]].configuration;
}

static void count(struct sweep_outcome *outcome, const struct trial *trial)
{
    outcome->run++;
    outcome->diverged += trial->status == STATUS_DIVERGED;
    outcome->time_limit += trial->status == STATUS_TIME_LIMIT;
    outcome->failed += trial->status == STATUS_FAILED;
}

/* An attempt that will be followed by another does not count as a trial. */
static void count_attempt(struct team *team, size_t item, const struct trial *trial, double seconds)
{
    struct runner *runner = team->runner;
    bool disturbed = team->alone && team->evidence.disturbed[0] != '\0';
    team->again = disturbed && trial->status != STATUS_FAILED &&
                  team->attempt <= runner->workload->file->retries;
    runner->outcome->repeated += team->again;
    if (team->again) {
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

/* The time since another trial of the group ended is this one's share of what the progress counts.
 */
bool team_record(struct team *team, size_t index, struct trial *trial)
{
    struct runner *runner = team->runner;
    double start = clock_seconds();
    const size_t item = team->items[index];
    const struct turn turn = {item, team->turn.final, team->turn.repeat};
    const struct sight sight = {team->alone ? &team->evidence : NULL,
                                team->alone && is_profiled(team) ? &team->counters : NULL};
    trial->shared = team->shared;
    if (!check_optimum(runner, item, trial) ||
        !recording_verify(&runner->recording, turn, team->trainer, trial, runner->error) ||
        !recording_add(&runner->recording, turn, team->attempt, team->trainer, trial, sight,
                       runner->error))
        return false;
    double now = clock_seconds(), seconds = now - team->mark;
    team->mark = now;
    team->seconds += now - start;
    count_attempt(team, item, trial, seconds);
    return true;
}

/* To the store of this process. */
static bool deliver_here(struct team *team, size_t index, struct trial *trial)
{
    struct runner *runner = team->runner;
    runner_lock(runner);
    bool done = !runner->stopped && team_record(team, index, trial);
    runner->stopped = !done;
    runner_unlock(runner);
    return done;
}

/* A member has ended: it is recorded at once, while others go on; one that was interrupted never
 * is. */
static bool finished(void *context, size_t index, struct trial *trial)
{
    struct team *team = context;
    if (team->alone)
        watch_end(&team->watch, &team->evidence);
    if (team->alone && is_profiled(team))
        counters_end(threads_alone(team, configuration_of(team)), &team->counters);
    return trial->status == STATUS_INTERRUPTED || team->deliver(team, index, trial);
}

/* The clocks of a group are those of the member that stayed longest, and what recording took. */
static void add_clocks(const struct team *team, const struct trial *trials)
{
    struct sweep_outcome *outcome = team->runner->outcome;
    const struct trial *last = &trials[0];
    for (size_t i = 1; i < team->count; i++)
        if (trials[i].epochs > last->epochs)
            last = &trials[i];
    outcome->train_seconds += last->train_seconds;
    outcome->evaluate_seconds += last->evaluate_seconds;
    outcome->record_seconds += last->record_seconds + team->seconds;
}

static size_t source_of(const struct team *team)
{
    return team->runner->workload->expansion.items[team->items[0]].source;
}

/* NULL: no rate is `auto`. */
static const struct smoothness *smoothness_for(const struct team *team)
{
    const struct smoothness *smoothness = &team->runner->smoothness[source_of(team)];
    return smoothness->samples > 0.0 ? smoothness : NULL;
}

/* A few epochs that do not count: threads are started, pages touched, caches filled and the
 * processor's clock is up when those begin that are timed. */
static void warm_up(struct team *team, const struct configuration *configuration)
{
    const struct training_hooks hooks = {
        .interrupt = &interruption_requested,
        .smoothness = smoothness_for(team),
        .batched = is_batched(team),
        .threads = threads_of(team, configuration),
    };
    struct configuration few = *configuration;
    const struct configuration *configurations[] = {&few};
    struct trial trial;
    if (team->runner->workload->file->warmup == 0)
        return;
    if (few.epochs > team->runner->workload->file->warmup)
        few.epochs = team->runner->workload->file->warmup;
    rows_together_train(team->runner->workload, team->items, configurations, 1, &hooks, &trial);
    trial_clear(&trial);
}

/* False when the warm-up was interrupted: the trial is not to begin. */
static bool prepare_alone(struct team *team, const struct configuration *configuration)
{
    threads_release(); /* those of the trial before */
    warm_up(team, configuration);
    if (interruption_requested)
        return false;
    if (is_profiled(team))
        counters_begin(threads_alone(team, configuration));
    watch_begin(&team->watch, threads_alone(team, configuration));
    return true;
}

static bool train(struct team *team)
{
    struct runner *runner = team->runner;
    const struct planned *items = runner->workload->expansion.items;
    const struct configuration *configurations[GROUP_MOST];
    struct trial trials[GROUP_MOST];
    for (size_t i = 0; i < team->count; i++) {
        configurations[i] = &items[team->items[i]].configuration;
        team->optima[i] = runner->optima[team->items[i]];
    }
    const struct training_hooks hooks = {
        .finished = finished,
        .context = team,
        .interrupt = &interruption_stop,
        .optima = team->optima,
        .smoothness = smoothness_for(team),
        .phases = is_profiled(team),
        .group = team->planned,
        .batched = is_batched(team),
        .threads = threads_of(team, configurations[0]),
    };
    team->mark = clock_seconds();
    if (team->alone && !prepare_alone(team, configurations[0]))
        return true;
    rows_together_train(runner->workload, team->items, configurations, team->count, &hooks, trials);
    runner_lock(runner);
    add_clocks(team, trials);
    bool done = !runner->stopped;
    runner_unlock(runner);
    for (size_t i = 0; i < team->count; i++)
        trial_clear(&trials[i]);
    return done;
}

/* A number that neither a recorded trial nor another team has. */
static bool number_group(struct team *team)
{
    struct runner *runner = team->runner;
    if (team->alone || team->count == 0)
        return true;
    if (!store_new_group(runner->recording.store, &team->shared, runner->error))
        return false;
    if (team->shared <= runner->last_group)
        team->shared = runner->last_group + 1;
    runner->last_group = team->shared;
    return true;
}

/* What the group takes while it is trained: on a host, its passes and its ranks take as much each.
 */
static double bytes_needed(const struct team *team, const size_t *items)
{
    const struct runner *runner = team->runner;
    return workload_item_bytes(runner->workload, items[0], team->planned) *
           (double)placement_for(team).side_by_side * ranks_per_host(runner->options->ranks);
}

/* Is there memory to train it? If not, that is counted, and its members stay to be run: more may be
 * free another time. The system is asked again only where the last answer was too little. */
static bool fits(const struct team *team, const size_t *items)
{
    struct runner *runner = team->runner;
    struct sweep_outcome *outcome = runner->outcome;
    struct error shortage = {0};
    double bytes = bytes_needed(team, items);
    if (bytes <= runner->memory)
        return true;
    runner->memory = (double)memory_available();
    if (memory_check(bytes, "training", &shortage))
        return true;
    char words[256];
    if (outcome->refused == 0)
        snprintf(outcome->refusal, sizeof outcome->refusal, "%s: %.200s",
                 configuration_describe(configuration_of(team), words, sizeof words),
                 shortage.message);
    outcome->refused += team->count;
    return false;
}

/* Who of the group is not settled? */
static bool choose(struct team *team, const size_t *items)
{
    struct runner *runner = team->runner;
    struct turn turn = team->turn;
    for (size_t i = 0; i < team->planned; i++) {
        struct trial_record recorded;
        turn.item = items[i];
        if (!recording_find(&runner->recording, turn, &recorded, runner->error))
            return false;
        if (!recording_is_settled(runner->workload->file, &recorded))
            team->items[team->count++] = items[i];
        if (team->planned == 1)
            team->attempt = recorded.attempt + 1;
    }
    return true;
}

bool team_gather(struct team *team, struct runner *runner, const struct trainer *trainer,
                 const size_t *items, size_t planned, struct turn turn)
{
    bool beside = turn.final == 0 && runner->beside;
    *team = (struct team){
        .runner = runner,
        .trainer = trainer,
        .turn = turn,
        .planned = planned,
        .attempt = 1,
        .alone = planned == 1 && !beside,
        .deliver = deliver_here,
    };
    if (!choose(team, items))
        return false;
    if (team->count > 0 && !fits(team, items))
        team->count = 0;
    return number_group(team);
}

bool team_train(struct team *team)
{
    bool done = true;
    for (team->again = team->count > 0; done && team->again && !interruption_requested;
         team->attempt++) {
        team->again = false;
        done = train(team);
    }
    return done;
}

bool team_run(struct runner *runner, const size_t *items, size_t planned, struct turn turn)
{
    struct team team;
    runner_lock(runner);
    bool done =
        !runner->stopped && team_gather(&team, runner, &runner->trainers[0], items, planned, turn);
    runner->stopped = !done;
    runner_unlock(runner);
    return done && team_train(&team);
}
