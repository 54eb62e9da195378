/* SPDX-License-Identifier: MIT
 *
 * A source of counts that is made up, and refuses what a test wants it to.
 */
#ifndef DESCENT_TESTS_COUNTER_FIXTURE_H
#define DESCENT_TESTS_COUNTER_FIXTURE_H

#include "base/parallel/threads.h"
#include "measure/counters/counter_source.h"
#include "testing.h"

#include <math.h>
#include <string.h>

enum { SETS = 64 };

static struct fake_set {
    const char *events[COUNTER_VALUE_COUNT];
    int count, thread;
    bool open, running;
} sets[SETS];
static _Atomic int set_count;

/* What it refuses; NULL or -1: nothing. */
static struct {
    const char *add, *start;
    int thread; /* on which, -1: on all */
    bool open, stop, permission, initialise;
    int initialised, permitted; /* how often it was asked */
} fake;

static inline bool here(int thread)
{
    return fake.thread < 0 || fake.thread == thread;
}

static inline void fake_version(char text[static COUNTER_VERSION])
{
    strcpy(text, "1.2.3");
}

static inline bool fake_permitted(char reason[static COUNTER_REASON])
{
    fake.permitted++;
    strcpy(reason, fake.permission ? "counting is forbidden" : "");
    return !fake.permission;
}

static inline bool fake_initialise(char reason[static COUNTER_REASON])
{
    fake.initialised++;
    strcpy(reason, fake.initialise ? "it does not start" : "");
    return !fake.initialise;
}

static inline int fake_open(int *set)
{
    if (fake.open && here(threads_current()))
        return -3;
    *set = set_count++;
    sets[*set] = (struct fake_set){.open = true, .thread = threads_current()};
    return 0;
}

static inline int fake_add(int set, const char *event)
{
    struct fake_set *own = &sets[set];
    if (fake.add != NULL && strcmp(event, fake.add) == 0 && here(own->thread))
        return -1;
    own->events[own->count++] = event;
    return 0;
}

static inline int fake_remove(int set, const char *event)
{
    struct fake_set *own = &sets[set];
    return own->count > 0 && strcmp(own->events[--own->count], event) == 0 ? 0 : -1;
}

static inline int fake_start(int set)
{
    struct fake_set *own = &sets[set];
    for (int i = 0; i < own->count; i++)
        if (fake.start != NULL && strcmp(own->events[i], fake.start) == 0 && here(own->thread))
            return -2;
    own->running = true;
    return 0;
}

/* Event "a" counts 1 on thread 0, 2 on thread 1; "b" 10 and 20; and so on. */
static inline int fake_stop(int set, long long *counts)
{
    struct fake_set *own = &sets[set];
    if (!own->running || (fake.stop && here(own->thread)))
        return -4;
    for (int i = 0; i < own->count; i++)
        counts[i] = (long long)pow(10.0, own->events[i][0] - 'a') * (own->thread + 1);
    own->running = false;
    return 0;
}

static inline void fake_close(int set)
{
    sets[set].open = false;
}

static inline const char *fake_explain(int error)
{
    return error == -1 ? "no such event" : error == -2 ? "no counter is free" : "it is broken";
}

static const struct counter_source fake_source = {
    .version = fake_version,
    .events = {{"a", "A"}, {"b", NULL}, {"c", "e"}, {"d", NULL}},
    .permitted = fake_permitted,
    .initialise = fake_initialise,
    .open = fake_open,
    .add = fake_add,
    .remove = fake_remove,
    .start = fake_start,
    .stop = fake_stop,
    .close = fake_close,
    .explain = fake_explain,
};

static inline int use_fake(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.thread = -1;
    set_count = 0;
    counter_source_replace(&fake_source);
    return 0;
}

/* Nothing may be left open, whatever was refused. */
static inline int restore_source(void **state)
{
    (void)state;
    counter_source_replace(NULL);
    int left = 0;
    for (int i = 0; i < set_count; i++)
        left += sets[i].open;
    set_count = 0;
    return left;
}

#endif
