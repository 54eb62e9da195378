/* SPDX-License-Identifier: MIT
 *
 * MPI is for the main thread alone (MPI_THREAD_FUNNELED), and a rank that asks must not wait until
 * a trial of rank 0 has ended: so the main thread serves, and a thread beside it trains. Between
 * two messages it sleeps, each time for a thirtieth or so of the time since the last: a rank waits
 * little beside what its trials take, and the trial beside it is not disturbed by many looks.
 *
 * What the two share is the runner's, and its lock: the queue, the store, the counts.
 */
#include "sweep/run/models_server.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "measure/machine/binding.h"
#include "sweep/run/group_checkpoints.h"
#include "sweep/run/group_training.h"
#include "sweep/run/halving_queue.h"
#include "sweep/run/models_message.h"
#include "sweep/workload/queue.h"
#include "sweep/workload/starts.h"

#include <assert.h>
#include <inttypes.h>
#include <time.h>

enum { NAP_LEAST = 20, NAP_MOST = 20000, NAP_HERE = 500 }; /* microseconds */

struct server {
    const struct ranks *ranks;
    const struct rank_machines *machines;
    struct runner *runner; /* while it serves */
    struct queue queue;
    struct group_training *trainings; /* (ranks) what each other rank trains */
    struct walk {
        size_t next, end; /* members of its group that are still to be trained */
        int64_t round;
        bool again; /* members from `next` on were gathered before: some stood at another epoch */
    } * walks;      /* (ranks) how far each rank is on the paths of its group */
    struct rung_queue rungs;   /* in place of `queue`, where configurations are cut */
    struct rung_group *groups; /* (ranks) what each of them has of it */
    bool *idle;                /* (ranks) which of them wait for what others train */
    bool *home;                /* (ranks) which of them have nothing to do, and will not */
    int away;                  /* how many have */
    int told;                  /* interruption that the others know of */
};

bool serving_check(const struct sweep_file *file, struct error *error)
{
    const char *path = file->path;
    if (file->execution == &execution_placed)
        return error_usage(error,
                           "%s: execution: placed is for one process, and models are distributed; "
                           "give batched or solo (--execution batched)",
                           path);
    if (placement_of(file).side_by_side > 1)
        return error_usage(error,
                           "%s: %" PRId64 " passes side by side are for one process, and models "
                           "are distributed; leave side_by_side out, and start as many processes",
                           path, placement_of(file).side_by_side);
    if (file->profile == &profile_on)
        return error_usage(error,
                           "%s: profile: on looks at one process, and models are distributed; "
                           "leave out one of the two",
                           path);
    return true;
}

struct server *serving_open(const struct ranks *ranks, const struct rank_machines *machines)
{
    const size_t count = (size_t)ranks_count(ranks);
    struct server *server = memory_allocate(1, sizeof *server);
    server->ranks = ranks;
    server->machines = machines;
    server->trainings = memory_allocate(count, sizeof *server->trainings);
    server->walks = memory_allocate(count, sizeof *server->walks);
    server->groups = memory_allocate(count, sizeof *server->groups);
    server->idle = memory_allocate(count, sizeof *server->idle);
    server->home = memory_allocate(count, sizeof *server->home);
    server->away = (int)count - 1;
    return server;
}

/* A rank's host, and where that is in the store. */
bool serving_register(struct runner *runner)
{
    const struct rank_machines *machines = runner->server->machines;
    for (int r = 0; r < runner->trainer_count; r++) {
        struct trainer *trainer = &runner->trainers[r];
        *trainer = (struct trainer){0, r, machines->hosts[r].name};
        if (!store_add_machine(runner->recording.store, machines->texts[r], &trainer->machine,
                               runner->error))
            return false;
    }
    return true;
}

/* --- The queue ------------------------------------------------------------------------------- */

static bool is_over(const struct runner *runner)
{
    return runner->stopped || interruption_requested != 0;
}

/* The next members for a rank: the next step of the paths that it is on, or else of the first step
 * of another group. False when there are none. */
static bool walk_on(struct server *server, struct walk *walk)
{
    const struct groups *groups = &server->runner->workload->groups;
    size_t group;
    if (walk->next < walk->end)
        return true;
    if (!queue_take_any(&server->queue, &group))
        return false;
    if (server->queue.next == 1 && server->queue.round == 1)
        progress_best_reset(&server->runner->progress); /* of the data set before */
    *walk = (struct walk){
        .next = groups->starts[group],
        .end = groups->starts[group + 1],
        .round = server->queue.round,
    };
    return true;
}

/* Of a rung: members of a group that stand at the same epoch, then the others of it, then another
 * group; what a trainer had before has come back. */
static bool take_of_rungs(struct server *server, const struct trainer *trainer,
                          struct group_training *training, bool *later)
{
    struct runner *runner = server->runner;
    struct walk *walk = &server->walks[trainer->rank];
    struct rung_group *group = &server->groups[trainer->rank];
    while (training->count == 0 && !is_over(runner)) {
        if (!walk->again) {
            rung_queue_return(&server->rungs, group);
            const enum rung_answer answer = rung_queue_take(&server->rungs, group);
            *later = answer == RUNG_LATER;
            if (answer != RUNG_GROUP)
                return false;
        }
        group_clear(training);
        runner->stopped =
            !group_gather(training, runner, trainer, group->items, group->count,
                          (struct turn){.repeat = 1, .pause = group->pause}, !walk->again);
        walk->again = training->count > 0 && training->count < training->planned;
    }
    return training->count > 0 && !runner->stopped;
}

/* The next members with something left to do, for a trainer; under the lock. `*later`: there are
 * none now, but there may be when others have come back. */
static bool take(struct server *server, const struct trainer *trainer,
                 struct group_training *training, bool *later)
{
    struct runner *runner = server->runner;
    const struct groups *groups = &runner->workload->groups;
    struct walk *walk = &server->walks[trainer->rank];
    training->count = 0;
    *later = false;
    if (sweep_file_halves(runner->workload->file))
        return take_of_rungs(server, trainer, training, later);
    while (training->count == 0 && !is_over(runner) && walk_on(server, walk)) {
        const size_t end = groups_step(groups, &runner->workload->expansion, walk->next, walk->end);
        group_clear(training);
        runner->stopped =
            !group_gather(training, runner, trainer, groups->members + walk->next, end - walk->next,
                          (struct turn){.repeat = walk->round}, !walk->again);
        walk->again = training->count > 0 && training->count < training->planned;
        walk->next = walk->again ? walk->next : end;
    }
    return training->count > 0 && !runner->stopped;
}

static bool take_here(struct server *server, struct group_training *training)
{
    const struct timespec nap = {.tv_nsec = NAP_HERE * 1000};
    bool taken, later;
    do {
        runner_lock(server->runner);
        taken = take(server, &server->runner->trainers[0], training, &later);
        runner_unlock(server->runner);
        if (later)
            nanosleep(&nap, NULL);
    } while (later);
    return taken;
}

/* The thread that trains on rank 0. */
static void *train_here(void *argument)
{
    struct server *server = argument;
    struct group_training training = {0};
    threads_initialise();
    bool bound = server->runner->workload->file->binding == &binding_cores && binding_begin();
    while (take_here(server, &training)) {
        group_train(&training);
        group_clear(&training);
    }
    group_clear(&training);
    if (bound)
        binding_end();
    return NULL;
}

/* --- What other ranks say -------------------------------------------------------------------- */

static void come_home(struct server *server, int rank)
{
    server->away -= !server->home[rank];
    server->home[rank] = true;
}

static void send_snapshots(const struct server *server, int rank,
                           const struct group_training *training)
{
    for (size_t i = 0; i < training->count && training->resume[i] != NULL; i++) {
        size_t size;
        void *bytes = snapshot_message_write(training->resume[i], &size);
        ranks_send(server->ranks, rank, MESSAGE_SNAPSHOT, bytes, size);
        memory_free(bytes);
    }
}

static void send_job(struct server *server, int rank)
{
    struct group_training *training = &server->trainings[rank];
    const struct runner *runner = server->runner;
    const size_t source = runner->workload->expansion.items[training->items[0]].source;
    struct job job = {
        .repeat = training->turn.repeat,
        .pause = training->turn.pause,
        .attempt = training->attempt,
        .alone = training->alone,
        .planned = training->planned,
        .count = training->count,
        .smoothness = runner->smoothness[source],
    };
    for (size_t i = 0; i < training->count; i++) {
        job.items[i] = training->items[i];
        job.optima[i] = runner->optima[training->items[i]];
    }
    size_t size;
    void *bytes = starts_write(&job, sizeof job, training->led ? training->starts : NULL,
                               training->count, runner->workload->data[source]->features, &size);
    send_snapshots(server, rank, training);
    training->mark = clock_seconds();
    ranks_send(server->ranks, rank, MESSAGE_JOB, bytes, size);
    memory_free(bytes);
}

/* Gives a rank what there is to do. */
static void occupy(struct server *server, int rank)
{
    struct runner *runner = server->runner;
    bool later;
    runner_lock(runner);
    const bool taken = take(server, &runner->trainers[rank], &server->trainings[rank], &later);
    runner_unlock(runner);
    server->idle[rank] = later;
    if (taken)
        send_job(server, rank);
    else if (!later)
        come_home(server, rank);
}

/* Others have come back, or it is over. */
static void occupy_idle(struct server *server)
{
    for (int rank = 1; rank < ranks_count(server->ranks); rank++)
        if (server->idle[rank])
            occupy(server, rank);
}

static void hear_ready(struct server *server, int rank, const struct job_clocks *clocks)
{
    struct runner *runner = server->runner;
    struct sweep_outcome *outcome = runner->outcome;
    interruption_raise(
        (enum interruption_level)clocks->interruption); /* asked of one, it is asked of all */
    runner_lock(runner);
    outcome->train_seconds += clocks->train;
    outcome->evaluate_seconds += clocks->evaluate;
    outcome->record_seconds += clocks->record + server->trainings[rank].seconds;
    group_clear(&server->trainings[rank]);
    runner_unlock(runner);
    occupy(server, rank);
}

/* A trial is durable when its rank goes on. */
static void hear_trial(struct server *server, int rank, const struct ranks_message *message)
{
    struct runner *runner = server->runner;
    struct group_training *training = &server->trainings[rank];
    struct job_answer answer = {false, false};
    struct trial trial;
    size_t index;
    trial_message_read(message->bytes, message->size, &trial, &index, &training->evidence);
    runner_lock(runner);
    if (!runner->stopped) {
        answer.go_on = group_record(training, index, &trial);
        runner->stopped = !answer.go_on;
        answer.again = answer.go_on && training->again;
        training->attempt += answer.again;
    }
    runner_unlock(runner);
    ranks_send(server->ranks, rank, MESSAGE_ANSWER, &answer, sizeof answer);
    snapshot_free(training->paused[index]);
    training->paused[index] = NULL;
    trial_clear(&trial);
}

/* The trial that it is of follows. */
static void hear_paused(struct server *server, int rank, const struct ranks_message *message)
{
    size_t index;
    struct snapshot *snapshot = paused_message_read(message->bytes, message->size, &index);
    server->trainings[rank].paused[index] = snapshot;
}

/* All of them, or none. */
static bool put_kept(const struct group_training *training, const struct kept *kept)
{
    struct runner *runner = training->runner;
    const char *bytes = (const char *)(kept + 1);
    bool done = store_begin(runner->recording.store, runner->error);
    for (size_t i = 0; i < kept->count && done; bytes += kept->parts[i++].size)
        done = checkpoints_put(training, kept->parts[i].index, kept->parts[i].epoch, bytes,
                               kept->parts[i].size);
    done = done && store_commit(runner->recording.store, runner->error);
    if (!done)
        store_rollback(runner->recording.store);
    return done;
}

static void hear_kept(struct server *server, int rank, const struct kept *kept)
{
    struct runner *runner = server->runner;
    const struct group_training *training = &server->trainings[rank];
    struct job_answer answer = {false, false};
    runner_lock(runner);
    if (kept->count == 0)
        checkpoints_tell_none(training, kept->hindrance);
    else if (!runner->stopped)
        runner->stopped = !put_kept(training, kept);
    answer.go_on = !runner->stopped;
    runner_unlock(runner);
    ranks_send(server->ranks, rank, MESSAGE_ANSWER, &answer, sizeof answer);
}

/* A fault of one rank stops all. */
static void hear_fault(struct server *server, int rank, const struct error *error)
{
    struct runner *runner = server->runner;
    runner_lock(runner);
    if (!runner->stopped)
        *runner->error = *error;
    runner->stopped = true;
    runner_unlock(runner);
    come_home(server, rank);
}

static void hear(struct server *server, struct ranks_message *message)
{
    if (message->kind == MESSAGE_READY)
        hear_ready(server, message->from, message->bytes);
    else if (message->kind == MESSAGE_TRIAL)
        hear_trial(server, message->from, message);
    else if (message->kind == MESSAGE_PAUSED)
        hear_paused(server, message->from, message);
    else if (message->kind == MESSAGE_KEPT)
        hear_kept(server, message->from, message->bytes);
    else if (message->kind == MESSAGE_FAULT)
        hear_fault(server, message->from, message->bytes);
    memory_free(message->bytes);
}

/* An error here ends the trials in flight as Ctrl-C does. */
static void tell_end(struct server *server)
{
    struct runner *runner = server->runner;
    runner_lock(runner);
    if (runner->stopped)
        interruption_raise(INTERRUPTION_STOP);
    runner_unlock(runner);
    const int level = interruption_requested;
    if (level == server->told)
        return;
    server->told = level;
    for (int r = 1; r < ranks_count(server->ranks); r++)
        if (!server->home[r])
            ranks_send(server->ranks, r, MESSAGE_STOP, &level, sizeof level);
}

static void serve(struct server *server)
{
    struct timespec nap = {.tv_nsec = NAP_LEAST * 1000};
    struct ranks_message message;
    while (server->away > 0) {
        tell_end(server);
        occupy_idle(server);
        if (ranks_try_receive(server->ranks, &message)) {
            hear(server, &message);
            nap.tv_nsec = NAP_LEAST * 1000;
            continue;
        }
        nanosleep(&nap, NULL);
        if (nap.tv_nsec < NAP_MOST * 1000)
            nap.tv_nsec += nap.tv_nsec / 32;
    }
}

/* Others are idle meanwhile, as they would be later. */
static bool prepare_sources(struct runner *runner)
{
    bool done = true;
    for (size_t i = 0; i < runner->workload->file->source_count && done; i++)
        done = interruption_requested != 0 || runner_prepare_source(runner, i, false);
    return done;
}

/* Where the system has no thread to give, rank 0 trains nothing, and the others do it all. */
bool serving_run(struct runner *runner)
{
    struct server *server = runner->server;
    pthread_t thread;
    if (!prepare_sources(runner))
        return false;
    server->runner = runner;
    queue_open(&server->queue, runner->workload, runner->options->shard);
    rung_queue_open(&server->rungs, runner);
    threads_release(); /* they would spin beside those of the new thread */
    bool trains = pthread_create(&thread, NULL, train_here, server) == 0;
    serve(server);
    if (trains)
        pthread_join(thread, NULL);
    queue_close(&server->queue);
    rung_queue_close(&server->rungs);
    for (int rank = 1; rank < ranks_count(server->ranks); rank++)
        group_clear(&server->trainings[rank]);
    return !runner->stopped;
}

/* Who was not served has said that it is ready, and is waiting. */
void serving_close(struct server *server)
{
    struct ranks_message message;
    if (server == NULL)
        return;
    while (server->away > 0) {
        ranks_receive(server->ranks, &message);
        come_home(server, message.from);
        memory_free(message.bytes);
    }
    for (int r = 1; r < ranks_count(server->ranks); r++)
        ranks_send(server->ranks, r, MESSAGE_END, "", 0);
    memory_free(server->trainings);
    memory_free(server->walks);
    memory_free(server->groups);
    memory_free(server->idle);
    memory_free(server->home);
    memory_free(server);
}
