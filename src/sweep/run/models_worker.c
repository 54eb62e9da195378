/* SPDX-License-Identifier: MIT
 *
 * As on rank 0, one thread trains and the main thread speaks: a rank in the middle of a long trial
 * hears that it is to stop. While it trains, the main thread wakes only when a trial has ended, and
 * otherwise fifty times per second; while there is no job, it waits for one.
 *
 * The two meet at a desk: a job is put there by the one, and done by the other; trials and
 * checkpoints are put there by the other, and answered.
 */
#include "sweep/run/models_worker.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/interruption.h"
#include "measure/machine/binding.h"
#include "sweep/run/group_checkpoints.h"
#include "sweep/run/group_training.h"
#include "sweep/run/models_message.h"
#include "sweep/workload/starts.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NAP = 20 }; /* milliseconds */

struct worker {
    const struct ranks *ranks;
    struct runner runner; /* without a recording */
    struct sweep_outcome outcome;
    bool over; /* of the sweep */

    pthread_mutex_t desk;
    pthread_cond_t changed;   /* something of what follows: */
    bool training, leaving;   /* there is a job; there will be none */
    struct ranks_message job; /* struct job, and starts */
    void *said;               /* a message that waits for its answer; NULL: none */
    enum job_message kind;    /* of it */
    size_t size;
    void *paused; /* a message that goes before it, and has no answer; NULL: none */
    size_t paused_size;
    struct job_answer answer;

    struct snapshot *resume[GROUP_MOST]; /* that members of the next job go on from... */
    size_t resumed;                      /* ...so many, all of them or none */
    struct kept kept;                    /* checkpoints, while they are made... */
    struct memory_stream stream;         /* ...and the message that they become */
};

/* --- The thread that trains ------------------------------------------------------------------ */

/* Puts a message on the desk, and waits for the answer. False: train no more. */
static bool say(struct worker *worker, enum job_message kind, void *bytes, size_t size)
{
    pthread_mutex_lock(&worker->desk);
    worker->said = bytes;
    worker->kind = kind;
    worker->size = size;
    pthread_cond_broadcast(&worker->changed);
    while (worker->said != NULL)
        pthread_cond_wait(&worker->changed, &worker->desk);
    worker->runner.stopped = !worker->answer.go_on;
    pthread_mutex_unlock(&worker->desk);
    return !worker->runner.stopped;
}

/* Goes before the trial that is put there next. */
static void put_paused(struct worker *worker, const struct snapshot *snapshot, size_t index)
{
    pthread_mutex_lock(&worker->desk);
    worker->paused = paused_message_write(snapshot, index, &worker->paused_size);
    pthread_mutex_unlock(&worker->desk);
}

static bool deliver(struct group_training *training, size_t index, struct trial *trial)
{
    struct worker *worker = training->context;
    struct error *error = worker->runner.error;
    if (trial_message_bytes(trial) > MESSAGE_MOST) {
        error_failed(error,
                     "a trace of %zu points is more than one message can hold; record fewer "
                     "(record: geometric)",
                     trial->trace.count);
        worker->runner.stopped = true;
        return false;
    }
    size_t size;
    if (trial->status == STATUS_PAUSED)
        put_paused(worker, training->paused[index], index);
    void *bytes =
        trial_message_write(trial, index, training->alone ? &training->evidence : NULL, &size);
    const bool goes_on = say(worker, MESSAGE_TRIAL, bytes, size);
    training->again = worker->answer.again;
    return goes_on;
}

/* Rank 0 tells why there are no checkpoints. */
static bool say_hindrance(struct worker *worker, const char *hindrance)
{
    struct kept *none = memory_allocate(1, sizeof *none);
    snprintf(none->hindrance, sizeof none->hindrance, "%s", hindrance);
    return say(worker, MESSAGE_KEPT, none, sizeof *none);
}

static bool begin_kept(void *context)
{
    const struct group_training *training = context;
    struct worker *worker = training->context;
    const char *hindrance = checkpoints_hindrance(training);
    if (hindrance != NULL) {
        say_hindrance(worker, hindrance);
        return false;
    }
    worker->kept = (struct kept){0};
    FILE *out = memory_stream_open(&worker->stream);
    fwrite(&worker->kept, 1, sizeof worker->kept, out); /* room for what is known at the end */
    return true;
}

static void add_kept(void *context, size_t index, const struct snapshot *snapshot)
{
    const struct group_training *training = context;
    struct worker *worker = training->context;
    size_t size;
    char *bytes = checkpoints_bytes(training, index, snapshot, &size);
    fwrite(bytes, 1, size, worker->stream.out);
    worker->kept.parts[worker->kept.count].index = index;
    worker->kept.parts[worker->kept.count].size = size;
    worker->kept.parts[worker->kept.count].epoch = snapshot->epoch;
    worker->kept.count++;
    memory_free(bytes);
}

static bool end_kept(void *context)
{
    const struct group_training *training = context;
    struct worker *worker = training->context;
    char *bytes = memory_stream_close(&worker->stream);
    if ((double)worker->stream.length > MESSAGE_MOST) {
        memory_free(bytes);
        return say_hindrance(worker, "those of a group would be more than a message can hold");
    }
    memcpy(bytes, &worker->kept, sizeof worker->kept);
    return say(worker, MESSAGE_KEPT, bytes, worker->stream.length);
}

static struct training_keeper keeper_of(struct group_training *training)
{
    struct training_keeper keeper = checkpoints_keeper(training);
    keeper.begin = begin_kept;
    keeper.keep = add_kept;
    keeper.end = end_kept;
    return keeper;
}

static void train_job(struct worker *worker)
{
    const struct job *job = worker->job.bytes;
    struct runner *runner = &worker->runner;
    const size_t source = runner->workload->expansion.items[job->items[0]].source;
    struct group_training training = {
        .runner = runner,
        .turn = {.repeat = job->repeat, .pause = job->pause},
        .alone = job->alone,
        .planned = job->planned,
        .count = job->count,
        .attempt = job->attempt,
        .deliver = deliver,
        .keeper = keeper_of,
        .context = worker,
    };
    for (size_t i = 0; i < job->count; i++) {
        training.resume[i] = worker->resume[i];
        worker->resume[i] = NULL;
        training.items[i] = job->items[i];
        runner->optima[job->items[i]] = job->optima[i];
    }
    runner->smoothness[source] = job->smoothness;
    training.led = starts_read(job, worker->job.size, sizeof *job, training.starts, job->count,
                               runner->workload->data[source]->features);
    worker->resumed = 0;
    group_train(&training);
    group_forget_snapshots(&training);
}

/* Waits for a job; false: there will be none. */
static bool wait_for_job(struct worker *worker)
{
    pthread_mutex_lock(&worker->desk);
    while (!worker->training && !worker->leaving)
        pthread_cond_wait(&worker->changed, &worker->desk);
    bool training = worker->training;
    pthread_mutex_unlock(&worker->desk);
    return training;
}

static void *train_jobs(void *argument)
{
    struct worker *worker = argument;
    threads_initialise();
    bool bound = worker->runner.workload->file->binding == &binding_cores && binding_begin();
    while (wait_for_job(worker)) {
        train_job(worker);
        memory_free(worker->job.bytes);
        pthread_mutex_lock(&worker->desk);
        worker->training = false;
        pthread_cond_broadcast(&worker->changed);
        pthread_mutex_unlock(&worker->desk);
    }
    if (bound)
        binding_end();
    return NULL;
}

/* --- The main thread ------------------------------------------------------------------------- */

static void stop(const struct ranks_message *message)
{
    int level;
    memcpy(&level, message->bytes, sizeof level);
    interruption_raise((enum interruption_level)level);
}

/* Those of a job come before it. */
static void add_snapshot(struct worker *worker, const struct ranks_message *message)
{
    assert(worker->resumed < GROUP_MOST);
    worker->resume[worker->resumed++] = snapshot_message_read(message->bytes, message->size);
}

/* The message is the job's, until it is done. */
static void begin_job(struct worker *worker, struct ranks_message *message)
{
    pthread_mutex_lock(&worker->desk);
    worker->job = *message;
    message->bytes = NULL;
    worker->training = true;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->desk);
}

/* What rank 0 has said; true when it was a message of that kind. */
static bool hear(struct worker *worker, struct ranks_message *message, int kind)
{
    if (message->kind == MESSAGE_STOP)
        stop(message);
    else if (message->kind == MESSAGE_JOB)
        begin_job(worker, message);
    else if (message->kind == MESSAGE_SNAPSHOT)
        add_snapshot(worker, message);
    else if (message->kind == MESSAGE_ANSWER)
        memcpy(&worker->answer, message->bytes, sizeof worker->answer);
    else
        worker->over = true;
    memory_free(message->bytes);
    return message->kind == kind;
}

/* A message is on the desk, and its thread waits. */
static void pass_on(struct worker *worker)
{
    struct ranks_message message;
    if (worker->paused != NULL)
        ranks_send(worker->ranks, 0, MESSAGE_PAUSED, worker->paused, worker->paused_size);
    ranks_send(worker->ranks, 0, (int)worker->kind, worker->said, worker->size);
    do
        ranks_receive(worker->ranks, &message);
    while (!hear(worker, &message, MESSAGE_ANSWER));
    pthread_mutex_lock(&worker->desk);
    memory_free(worker->said);
    memory_free(worker->paused);
    worker->said = worker->paused = NULL;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->desk);
}

static struct timespec soon(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += NAP * 1000000;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

/* Waits for a message or the end of the job, but not long. False at the end of the job; *speaks
 * tells whether there is a message. */
static bool watch_desk(struct worker *worker, bool *speaks)
{
    const struct timespec until = soon();
    int waited = 0;
    pthread_mutex_lock(&worker->desk);
    while (worker->training && worker->said == NULL && waited == 0)
        waited = pthread_cond_timedwait(&worker->changed, &worker->desk, &until);
    bool training = worker->training;
    *speaks = worker->said != NULL;
    pthread_mutex_unlock(&worker->desk);
    return training;
}

/* While the other thread trains. */
static void attend(struct worker *worker)
{
    struct ranks_message message;
    bool speaks;
    while (watch_desk(worker, &speaks)) {
        if (speaks)
            pass_on(worker);
        else if (ranks_try_receive(worker->ranks, &message))
            hear(worker, &message, MESSAGE_STOP);
    }
}

/* Says that it is ready, or why it never will be. */
static void ask(struct worker *worker)
{
    struct sweep_outcome *outcome = &worker->outcome;
    const struct error *error = worker->runner.error;
    const struct job_clocks clocks = {outcome->train_seconds, outcome->evaluate_seconds,
                                      outcome->record_seconds, interruption_requested};
    if (error->kind != ERROR_NONE)
        ranks_send(worker->ranks, 0, MESSAGE_FAULT, error, sizeof *error);
    else
        ranks_send(worker->ranks, 0, MESSAGE_READY, &clocks, sizeof clocks);
    *outcome = (struct sweep_outcome){0};
}

static void work(struct worker *worker)
{
    struct ranks_message message;
    ask(worker);
    while (!worker->over) {
        ranks_receive(worker->ranks, &message);
        if (!hear(worker, &message, MESSAGE_JOB))
            continue;
        attend(worker);
        ask(worker);
    }
}

static void leave(struct worker *worker, pthread_t thread)
{
    pthread_mutex_lock(&worker->desk);
    worker->leaving = true;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->desk);
    pthread_join(thread, NULL);
}

void working_run(const struct ranks *ranks, const struct workload *workload, struct error *error)
{
    struct worker worker = {
        .ranks = ranks,
        .runner = {.workload = workload,
                   .placement = placement_of(workload->file),
                   .lock = PTHREAD_MUTEX_INITIALIZER,
                   .outcome = &worker.outcome,
                   .error = error},
        .desk = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
    };
    struct runner *runner = &worker.runner;
    pthread_t thread;
    runner->optima = memory_allocate(workload->expansion.count, sizeof *runner->optima);
    runner->smoothness = memory_allocate(workload->file->source_count, sizeof *runner->smoothness);
    threads_release(); /* they would spin beside those of the new thread */
    bool trains = pthread_create(&thread, NULL, train_jobs, &worker) == 0;
    if (!trains)
        error_failed(
            error,
            "the system refuses another thread to rank %d on host %s; raise the limit (ulimit -u)",
            ranks_index(ranks), ranks_host(ranks));
    work(&worker);
    if (trains)
        leave(&worker, thread);
    memory_free(runner->optima);
    memory_free(runner->smoothness);
}
