/* SPDX-License-Identifier: MIT
 *
 * Counts from PAPI. The kernel is asked first (counter_access.h), because PAPI_library_init() reads
 * half of /sys, and because PAPI says only that an event does not exist where the kernel knows
 * why.
 *
 * Presets are wished for before the generic events of Linux (perf::), which exist also where PAPI
 * does not know the processor yet. PAPI_DP_OPS weighs vectors by their length; where a processor
 * has no such event, PAPI_FP_OPS is what it can count.
 *
 * A thread that has closed its set is unregistered: PAPI would keep what it knows of it when OpenMP
 * ends the thread.
 *
 * Reference: papi.h; https://github.com/icl-utk-edu/papi/wiki/PAPI-Presets
 */
#include "measure/counters/counter_access.h"
#include "measure/counters/counter_source.h"

#include <papi.h>
#include <pthread.h>
#include <stdio.h>

static void tell_version(char text[static COUNTER_VERSION])
{
    snprintf(text, COUNTER_VERSION, "%d.%d.%d", PAPI_VERSION_MAJOR(PAPI_VERSION),
             PAPI_VERSION_MINOR(PAPI_VERSION), PAPI_VERSION_REVISION(PAPI_VERSION));
}

static bool permitted(char reason[static COUNTER_REASON])
{
    return counter_access("", reason);
}

static unsigned long this_thread(void)
{
    return (unsigned long)pthread_self();
}

static bool initialise(char reason[static COUNTER_REASON])
{
    int version = PAPI_library_init(PAPI_VER_CURRENT);
    int error = version == PAPI_VER_CURRENT ? PAPI_thread_init(this_thread) : version;
    if (version > 0 && version != PAPI_VER_CURRENT)
        snprintf(reason, COUNTER_REASON,
                 "PAPI here is %d.%d, and descent was built with %d.%d: build it again",
                 PAPI_VERSION_MAJOR(version), PAPI_VERSION_MINOR(version),
                 PAPI_VERSION_MAJOR(PAPI_VERSION), PAPI_VERSION_MINOR(PAPI_VERSION));
    else if (error != PAPI_OK)
        snprintf(reason, COUNTER_REASON,
                 "PAPI could not be initialised: %s; papi_component_avail may say more",
                 PAPI_strerror(error));
    return version == PAPI_VER_CURRENT && error == PAPI_OK;
}

static int open_set(int *set)
{
    *set = PAPI_NULL;
    return PAPI_create_eventset(set);
}

static int add(int set, const char *event)
{
    return PAPI_add_named_event(set, event);
}

static int remove_event(int set, const char *event)
{
    return PAPI_remove_named_event(set, event);
}

static void close_set(int set)
{
    PAPI_cleanup_eventset(set);
    PAPI_destroy_eventset(&set);
    PAPI_unregister_thread();
}

static const char *explain(int error)
{
    return PAPI_strerror(error);
}

const struct counter_source counter_source_built_in = {
    .version = tell_version,
    .events = {{"PAPI_TOT_CYC", "perf::CYCLES"},
               {"PAPI_TOT_INS", "perf::INSTRUCTIONS"},
               {"PAPI_L3_TCM", "perf::CACHE-MISSES"},
               {"PAPI_DP_OPS", "PAPI_FP_OPS"}},
    .permitted = permitted,
    .initialise = initialise,
    .open = open_set,
    .add = add,
    .remove = remove_event,
    .start = PAPI_start,
    .stop = PAPI_stop,
    .close = close_set,
    .explain = explain,
};
