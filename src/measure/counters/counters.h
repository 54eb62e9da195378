/* SPDX-License-Identifier: MIT
 *
 * Hardware counters: cycles, instructions, cache misses and floating point operations of all
 * threads of a team, from counters_begin() to counters_end(), in user mode.
 *
 *     counters_begin(threads);
 *     ... regions of so many threads ...
 *     counters_end(threads, &counters);
 *
 * Each thread has counters of its own, and the sums are told. A thread that waits for others by
 * spinning (OMP_WAIT_POLICY) runs, and what it executes is counted, too.
 *
 * Where the processor, the kernel or this build does not allow counting, both functions do
 * nothing but say why. Nothing here fails.
 */
#ifndef DESCENT_MEASURE_MACHINE_COUNTERS_H
#define DESCENT_MEASURE_MACHINE_COUNTERS_H

#include "measure/counters/counter_values.h"

#include <stdbool.h>
#include <stddef.h>

struct counters {
    bool available;              /* one of the values at least is a number */
    char reason[COUNTER_REASON]; /* "unavailable: why, and what to do"; "" where available */
    /* Sums over threads; NaN: this one is not to be had. */
#define FIELD(name_) double name_;
    COUNTER_VALUES(FIELD)
#undef FIELD
    /* What was counted for each value, in the words of PAPI: "PAPI_TOT_CYC"; NULL: nothing. */
    const char *events[COUNTER_VALUE_COUNT];
};

/* The i-th of the values. */
double counter_value(const struct counters *counters, size_t i);

/* Starts counting on each thread of a team of that size; its threads must last (no
 * threads_release(), no smaller team) until the end. What was begun and not ended is dropped. */
void counters_begin(int threads);

/* Stops, with the same number of threads. Every value is NaN where one of the threads has ended
 * meanwhile, and where nothing was begun; the reason says so. */
void counters_end(int threads, struct counters *counters);

/* Whether there is any use in asking; else `reason` says why not. */
bool counters_available(char reason[static COUNTER_REASON]);

/* The version of PAPI that the program was built with, or "not built in". */
void counters_library_version(char text[static COUNTER_VERSION]);

#endif
