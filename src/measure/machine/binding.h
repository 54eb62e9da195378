/* SPDX-License-Identifier: MIT
 *
 * Binding: each thread of a team on a processor of its own, so that the scheduler moves none while
 * a trial is timed. Thread i gets the i-th place: one hardware thread of each core first, in the
 * order of the machine, and the cores' other hardware threads after that; only places that this
 * process may run on (taskset, control groups). Threads beyond the last place stay free.
 *
 * hwloc binds, and hwloc reads back what came of it.
 */
#ifndef DESCENT_MEASURE_MACHINE_BINDING_H
#define DESCENT_MEASURE_MACHINE_BINDING_H

#include <sched.h>
#include <stdbool.h>

/* Binds the threads of this and later parallel regions (those that call threads_enter()), and this
 * thread. False, and nothing is bound, where the system does not allow it. */
bool binding_begin(void);

/* Lets this thread and those of its team go where they might before. */
void binding_end(void);

/* How many places there are; 0 while nothing is bound. */
int binding_places(void);

/* Where a team of so many threads may run, for another process: the places of the first so many,
 * and wherever this process may run while nothing is bound, or there are fewer places. */
void binding_grant(int threads, cpu_set_t *granted);

/* The processor (the system's number) that this thread is bound to, as hwloc reads it back; -1:
 * none, it is free to move. */
int binding_processor(void);

#endif
