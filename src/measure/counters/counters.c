/* SPDX-License-Identifier: MIT
 *
 * Each thread of the team finds out by itself which events can be counted together: a processor has
 * few counters, and some are taken (by a watchdog, by another program). An event is kept if the set
 * starts with it; otherwise the next wish is tried, and at last the value is NaN, without loss for
 * the others. Only when all threads have found out do they start, or the first would be counted
 * while it spins and waits for the last.
 *
 * OpenMP may have ended a thread between begin and end, and put another in its place, which has
 * counted nothing. So a thread remembers what it began; what is never ended is missing, and a sum
 * with something missing is none.
 */
#include "measure/counters/counters.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "measure/counters/counter_source.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const counter_value_names[COUNTER_VALUE_COUNT] = {
#define NAME(name_) #name_,
    COUNTER_VALUES(NAME)
#undef NAME
};

static double *value_at(struct counters *counters, size_t i)
{
    double *const values[] = {
#define ADDRESS(name_) &counters->name_,
        COUNTER_VALUES(ADDRESS)
#undef ADDRESS
    };
    return values[i];
}

double counter_value(const struct counters *counters, size_t i)
{
    struct counters copy = *counters;
    return *value_at(&copy, i);
}

/* --- The source ---------------------------------------------------------------------------- */

static struct {
    const struct counter_source *row; /* NULL: the one that is built in */
    bool asked, ready;
    char reason[COUNTER_REASON];
} source;

static const struct counter_source *source_row(void)
{
    return source.row != NULL ? source.row : &counter_source_built_in;
}

void counter_source_replace(const struct counter_source *row)
{
    source.row = row;
    source.asked = source.ready = false;
}

bool counters_available(char reason[static COUNTER_REASON])
{
    const struct counter_source *row = source_row();
    char why[COUNTER_REASON] = "";
    if (!source.asked) {
        source.ready = row->permitted(why) && row->initialise(why);
        snprintf(source.reason, COUNTER_REASON, "%s%.*s",
                 source.ready ? "" : "unavailable: ", COUNTER_REASON - 16, why);
    }
    source.asked = true;
    memcpy(reason, source.reason, COUNTER_REASON);
    return source.ready;
}

void counters_library_version(char text[static COUNTER_VERSION])
{
    source_row()->version(text);
}

/* --- One thread ---------------------------------------------------------------------------- */

struct thread_counters {
    bool begun, open, running;
    int set, count;                          /* of events in it */
    int places[COUNTER_VALUE_COUNT];         /* of each value in the set; -1: it is not */
    const char *events[COUNTER_VALUE_COUNT]; /* that count it */
    long long counts[COUNTER_VALUE_COUNT];   /* (count), in the order of the set */
    const char *failed;                      /* what was last refused; NULL: nothing */
    int error;
};

static void note_failure(struct thread_counters *thread, const char *what, int error)
{
    thread->failed = what;
    thread->error = error;
}

/* Adds an event if the set still starts with it. */
static bool add_event(struct thread_counters *thread, const char *event)
{
    const struct counter_source *row = source_row();
    long long counts[COUNTER_VALUE_COUNT];
    int error = row->add(thread->set, event);
    if (error == 0) {
        error = row->start(thread->set);
        if (error == 0) {
            row->stop(thread->set, counts);
            return true;
        }
        row->remove(thread->set, event);
    }
    note_failure(thread, event, error);
    return false;
}

static void add_events(struct thread_counters *thread)
{
    const struct counter_source *row = source_row();
    for (size_t i = 0; i < COUNTER_VALUE_COUNT; i++) {
        thread->places[i] = -1;
        for (size_t wish = 0; wish < COUNTER_WISHES && thread->places[i] < 0; wish++) {
            const char *event = row->events[i][wish];
            if (event != NULL && thread->open && add_event(thread, event)) {
                thread->places[i] = thread->count++;
                thread->events[i] = event;
            }
        }
    }
}

static void open_events(struct thread_counters *thread)
{
    int error = source_row()->open(&thread->set);
    thread->begun = true;
    thread->open = error == 0;
    if (error != 0)
        note_failure(thread, "a set of events", error);
    add_events(thread);
}

static void start(struct thread_counters *thread)
{
    if (thread->count == 0)
        return;
    int error = source_row()->start(thread->set);
    thread->running = error == 0;
    if (error != 0)
        note_failure(thread, "the start", error);
}

static void stop(struct thread_counters *thread)
{
    int error = thread->running ? source_row()->stop(thread->set, thread->counts) : 0;
    if (error != 0) {
        thread->running = false;
        note_failure(thread, "the stop", error);
    }
    if (thread->open)
        source_row()->close(thread->set);
    thread->open = false;
}

/* --- The team ------------------------------------------------------------------------------ */

static struct {
    int threads;                  /* 0: nothing is begun */
    int number;                   /* of counters_begin(), so that threads know what they began */
    struct thread_counters *each; /* (threads) */
} team;

static _Thread_local struct {
    int number; /* of the team's that it began; 0: none */
    int thread;
} self;

static void begin_thread(void)
{
    struct thread_counters *thread = &team.each[threads_current()];
    threads_enter();
    self.number = team.number;
    self.thread = threads_current();
    open_events(thread);
#pragma omp barrier
    start(thread);
}

void counters_begin(int threads)
{
    char reason[COUNTER_REASON];
    if (team.threads > 0) {
        struct counters dropped;
        counters_end(team.threads, &dropped);
    }
    if (!counters_available(reason))
        return;
    team.threads = threads;
    team.number++;
    team.each = memory_allocate((size_t)threads, sizeof *team.each);
#pragma omp parallel num_threads(threads)
    begin_thread();
}

static void end_thread(void)
{
    threads_enter();
    if (self.number == team.number)
        stop(&team.each[self.thread]);
    self.number = 0;
}

/* The sum over those that began; NaN, where one of them has none or something else. */
static double sum(size_t value, const char **event)
{
    double total = 0.0;
    *event = team.each[0].events[value];
    for (int i = 0; i < team.threads && team.each[i].begun; i++) {
        const struct thread_counters *thread = &team.each[i];
        if (!thread->running || thread->places[value] < 0 ||
            strcmp(thread->events[value], *event) != 0) {
            *event = NULL;
            return NAN;
        }
        total += (double)thread->counts[thread->places[value]];
    }
    return total;
}

/* Why there is no value at all. */
static void explain(struct counters *counters)
{
    for (int i = 0; i < team.threads; i++) {
        const struct thread_counters *thread = &team.each[i];
        if (thread->open) {
            snprintf(counters->reason, COUNTER_REASON,
                     "unavailable: thread %d of %d has ended before its counters did", i,
                     team.threads);
            return;
        }
        if (thread->failed != NULL) {
            snprintf(counters->reason, COUNTER_REASON, "unavailable: %.80s is refused: %.100s",
                     thread->failed, source_row()->explain(thread->error));
            return;
        }
    }
    snprintf(counters->reason, COUNTER_REASON, "unavailable: no event counts on all threads");
}

/* A set that is still open has lost its thread, and cannot be stopped. */
static bool all_ended(void)
{
    for (int i = 0; i < team.threads; i++)
        if (team.each[i].open)
            return false;
    return true;
}

static void add_up(struct counters *counters)
{
    for (size_t i = 0; all_ended() && i < COUNTER_VALUE_COUNT; i++) {
        *value_at(counters, i) = sum(i, &counters->events[i]);
        counters->available = counters->available || counters->events[i] != NULL;
    }
    if (!counters->available)
        explain(counters);
}

static struct counters nothing(void)
{
    struct counters counters = {.available = false};
    for (size_t i = 0; i < COUNTER_VALUE_COUNT; i++)
        *value_at(&counters, i) = NAN;
    return counters;
}

void counters_end(int threads, struct counters *counters)
{
    *counters = nothing();
    if (!counters_available(counters->reason))
        return;
    if (team.threads == 0) {
        snprintf(counters->reason, COUNTER_REASON, "unavailable: counting was not started");
        return;
    }
    int begun = team.threads;
#pragma omp parallel num_threads(begun)
    end_thread();
    if (threads == begun)
        add_up(counters);
    else
        snprintf(counters->reason, COUNTER_REASON,
                 "unavailable: counting was started with %d threads and ended with %d", begun,
                 threads);
    memory_free(team.each);
    team.each = NULL;
    team.threads = 0;
}
