/* SPDX-License-Identifier: MIT
 *
 * A team is a group in training: those of its members that are not recorded yet. A member alone is
 * timed: it is warmed up, watched (measure/evidence.h), and run again when it was disturbed. Both
 * are kept, and the last counts. Members trained side by side share a time that is nobody's own, so
 * there is nothing to watch.
 */
#include "base/clock.h"
#include "base/interruption.h"
#include "base/threads.h"
#include "measure/counters.h"
#include "measure/evidence.h"
#include "solvers/solver.h"
#include "solvers/training.h"
#include "sweep/runner_parts.h"

struct team {
    struct runner *runner;
    struct turn turn; /* of its members, each with its own item */
    int64_t shared;   /* its number in the store; 0: a member alone */
    size_t planned;   /* members of the group */
    size_t count;     /* of them, in training */
    size_t items[GROUP_MOST];
    struct trial trials[GROUP_MOST];
    double optima[GROUP_MOST];
    double seconds;  /* that recording took */
    double mark;     /* on the clock: when the last of them ended, or all began */
    bool failed;     /* recording did, and the error is set */
    int64_t attempt; /* of a member alone, from 1 */
    bool again;      /* it was disturbed, and another attempt is allowed */
    struct watch watch;
    struct evidence evidence;
    struct counters counters;
};

static bool is_profiled(const struct team *team)
{
    return team->runner->workload->file->profile == &profile_on;
}

/* Threads of a trial alone. */
static int threads_of(const struct team *team)
{
    const struct configuration *configuration =
        &team->runner->workload->expansion.items[team->items[0]].configuration;
    bool threaded = (solver_of(configuration->solver)->uses & USES_THREADS) != 0;
    return threaded ? (int)configuration->threads : 1;
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
    bool disturbed = team->planned == 1 && team->evidence.disturbed[0] != '\0';
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
                 seconds, trial);
}

/* The time since another trial of the group ended is this one's share of what the progress counts.
 */
static bool record(struct team *team, size_t item, struct trial *trial)
{
    struct runner *runner = team->runner;
    double start = clock_seconds();
    const struct turn turn = {item, team->turn.final, team->turn.repeat};
    const bool alone = team->planned == 1;
    const struct sight sight = {alone ? &team->evidence : NULL,
                                alone && is_profiled(team) ? &team->counters : NULL};
    trial->shared = team->shared;
    if (!recording_verify(&runner->recording, turn, trial, runner->error) ||
        !recording_add(&runner->recording, turn, team->attempt, trial, sight, runner->error))
        return false;
    double now = clock_seconds(), seconds = now - team->mark;
    team->mark = now;
    team->seconds += now - start;
    count_attempt(team, item, trial, seconds);
    return true;
}

/* A member has ended: it is recorded at once, while others go on; one that was interrupted never
 * is. */
static bool finished(void *context, size_t index, struct trial *trial)
{
    struct team *team = context;
    if (team->planned == 1)
        watch_end(&team->watch, &team->evidence);
    if (team->planned == 1 && is_profiled(team))
        counters_end(threads_of(team), &team->counters);
    if (trial->status == STATUS_INTERRUPTED)
        return true;
    team->failed = !record(team, team->items[index], trial);
    return !team->failed;
}

/* The clocks of a group are those of the member that stayed longest, and what recording took. */
static void add_clocks(struct team *team)
{
    struct sweep_outcome *outcome = team->runner->outcome;
    const struct trial *last = &team->trials[0];
    for (size_t i = 1; i < team->count; i++)
        if (team->trials[i].epochs > last->epochs)
            last = &team->trials[i];
    outcome->train_seconds += last->train_seconds;
    outcome->evaluate_seconds += last->evaluate_seconds;
    outcome->record_seconds += last->record_seconds + team->seconds;
}

static const struct dataset *data_of(const struct team *team)
{
    const struct workload *workload = team->runner->workload;
    return workload->data[workload->expansion.items[team->items[0]].source];
}

/* A few epochs that nobody looks at: threads are started, pages touched, caches filled and the
 * processor's clock is up when those begin that are timed. */
static void warm_up(struct team *team, const struct configuration *configuration)
{
    const struct training_hooks hooks = {
        .interrupt = &interruption_requested,
        .smoothness = team->runner->smoothness.samples > 0.0 ? &team->runner->smoothness : NULL,
    };
    struct configuration few = *configuration;
    const struct configuration *configurations[] = {&few};
    struct trial trial;
    if (team->runner->workload->file->warmup == 0)
        return;
    if (few.epochs > team->runner->workload->file->warmup)
        few.epochs = team->runner->workload->file->warmup;
    training_run(data_of(team), configurations, 1, &hooks, &trial);
    trial_clear(&trial);
}

static void prepare_alone(struct team *team, const struct configuration *configuration)
{
    threads_release(); /* those of the trial before */
    warm_up(team, configuration);
    if (is_profiled(team))
        counters_begin(threads_of(team));
    watch_begin(&team->watch, threads_of(team));
}

static bool train(struct team *team)
{
    struct runner *runner = team->runner;
    const struct planned *items = runner->workload->expansion.items;
    const struct configuration *configurations[GROUP_MOST];
    for (size_t i = 0; i < team->count; i++) {
        configurations[i] = &items[team->items[i]].configuration;
        team->optima[i] = runner->optima[team->items[i]];
    }
    const struct training_hooks hooks = {
        .finished = finished,
        .context = team,
        .interrupt = &interruption_requested,
        .optima = team->optima,
        .smoothness = runner->smoothness.samples > 0.0 ? &runner->smoothness : NULL,
        .phases = is_profiled(team),
        .group = team->planned,
    };
    if (team->planned > 1 &&
        !store_new_group(runner->recording.store, &team->shared, runner->error))
        return false;
    team->mark = clock_seconds();
    if (team->planned == 1)
        prepare_alone(team, &items[team->items[0]].configuration);
    training_run(data_of(team), configurations, team->count, &hooks, team->trials);
    add_clocks(team);
    for (size_t i = 0; i < team->count; i++)
        trial_clear(&team->trials[i]);
    return !team->failed;
}

bool team_run(struct runner *runner, const size_t *items, size_t planned, struct turn turn)
{
    struct team team = {.runner = runner, .turn = turn, .planned = planned, .attempt = 1};
    for (size_t i = 0; i < planned; i++) {
        struct trial_record recorded;
        turn.item = items[i];
        if (!recording_find(&runner->recording, turn, &recorded, runner->error))
            return false;
        if (!recording_is_settled(runner->workload->file, &recorded))
            team.items[team.count++] = items[i];
        if (planned == 1)
            team.attempt = recorded.attempt + 1;
    }
    for (team.again = team.count > 0; team.again && !interruption_requested; team.attempt++) {
        team.again = false;
        if (!train(&team))
            return false;
    }
    return true;
}
