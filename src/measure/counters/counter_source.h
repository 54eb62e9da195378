/* SPDX-License-Identifier: MIT
 *
 * Where counts come from: a row of functions, of which one is built in (counter_source_papi.c, or
 * counter_source_none.c where PAPI is not installed) and tests have others.
 *
 * The life of a set of events is that of PAPI's: each thread opens one of its own, adds events,
 * starts, stops and closes it. Every function but close() returns 0, or an error that explain() can
 * put in words.
 */
#ifndef DESCENT_MEASURE_MACHINE_COUNTER_SOURCE_H
#define DESCENT_MEASURE_MACHINE_COUNTER_SOURCE_H

#include "measure/counters/counter_values.h"

#include <stdbool.h>

enum { COUNTER_WISHES = 2 };

struct counter_source {
    void (*version)(char text[static COUNTER_VERSION]); /* of the library */

    /* For each value the events that count it: the first that can be added is taken. NULL: none. */
    const char *events[COUNTER_VALUE_COUNT][COUNTER_WISHES];

    /* Asked once, one after the other, and outside of regions. The first must leave no trace in
     * the process: where it says no, the second is not called, nor is anything below. */
    bool (*permitted)(char reason[static COUNTER_REASON]);
    bool (*initialise)(char reason[static COUNTER_REASON]);

    /* Called on the thread that counts. */
    int (*open)(int *set);
    int (*add)(int set, const char *event);
    int (*remove)(int set, const char *event);
    int (*start)(int set);
    int (*stop)(int set, long long *counts); /* in the order in which events were added */
    void (*close)(int set);                  /* of what is stopped */

    const char *(*explain)(int error);
};

extern const struct counter_source counter_source_built_in;

/* Replaces the source; NULL restores the one that is built in. To be called while none counts. */
void counter_source_replace(const struct counter_source *source);

#endif
