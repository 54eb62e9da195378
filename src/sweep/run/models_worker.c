/* SPDX-License-Identifier: MIT
 *
 * As on rank 0, one thread trains and the main thread speaks: a rank in the middle of a long trial
 * hears that it is to stop. While it trains, the main thread wakes only when a trial has ended, and
 * otherwise fifty times per second; while there is no job, it waits for one.
 *
 * The two meet at a desk: a job is put there by the one, and done by the other; trials are put
 * there by the other, and answered.
 */
#include "sweep/run/models_worker.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/interruption.h"
#include "measure/machine/binding.h"
#include "sweep/run/group_training.h"
#include "sweep/run/models_message.h"
#include "sweep/workload/starts.h"

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
    void *trial;              /* that waits for its answer, as a message; NULL: none */
    size_t size;
    struct job_answer answer;
};

/* --- The thread that trains ------------------------------------------------------------------ */

/* Puts a trial on the desk, and waits for the answer. */
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
    pthread_mutex_lock(&worker->desk);
    worker->trial = trial_message_write(trial, index, training->alone ? &training->evidence : NULL,
                                        &worker->size);
    pthread_cond_broadcast(&worker->changed);
    while (worker->trial != NULL)
        pthread_cond_wait(&worker->changed, &worker->desk);
    training->again = worker->answer.again;
    worker->runner.stopped = !worker->answer.go_on;
    pthread_mutex_unlock(&worker->desk);
    return !worker->runner.stopped;
}

static void train_job(struct worker *worker)
{
    const struct job *job = worker->job.bytes;
    struct runner *runner = &worker->runner;
    const size_t source = runner->workload->expansion.items[job->items[0]].source;
    struct group_training training = {
        .runner = runner,
        .turn = {.repeat = job->repeat},
        .alone = job->alone,
        .planned = job->planned,
        .count = job->count,
        .attempt = job->attempt,
        .deliver = deliver,
        .context = worker,
    };
    for (size_t i = 0; i < job->count; i++) {
        training.items[i] = job->items[i];
        runner->optima[job->items[i]] = job->optima[i];
    }
    runner->smoothness[source] = job->smoothness;
    training.led = starts_read(job, worker->job.size, sizeof *job, training.starts, job->count,
                               runner->workload->data[source]->features);
    group_train(&training);
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
    else if (message->kind == MESSAGE_ANSWER)
        memcpy(&worker->answer, message->bytes, sizeof worker->answer);
    else
        worker->over = true;
    memory_free(message->bytes);
    return message->kind == kind;
}

/* A trial is on the desk, and its thread waits. */
static void pass_on(struct worker *worker)
{
    struct ranks_message message;
    ranks_send(worker->ranks, 0, MESSAGE_TRIAL, worker->trial, worker->size);
    do
        ranks_receive(worker->ranks, &message);
    while (!hear(worker, &message, MESSAGE_ANSWER));
    pthread_mutex_lock(&worker->desk);
    memory_free(worker->trial);
    worker->trial = NULL;
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

/* Waits for a trial or the end of the job, but not long. False at the end of the job; *ended tells
 * whether a trial has. */
static bool watch_desk(struct worker *worker, bool *ended)
{
    const struct timespec until = soon();
    int waited = 0;
    pthread_mutex_lock(&worker->desk);
    while (worker->training && worker->trial == NULL && waited == 0)
        waited = pthread_cond_timedwait(&worker->changed, &worker->desk, &until);
    bool training = worker->training;
    *ended = worker->trial != NULL;
    pthread_mutex_unlock(&worker->desk);
    return training;
}

/* While the other thread trains. */
static void attend(struct worker *worker)
{
    struct ranks_message message;
    bool ended;
    while (watch_desk(worker, &ended)) {
        if (ended)
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
