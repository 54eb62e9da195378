/* SPDX-License-Identifier: MIT
 *
 * What a process that lives uses while it trains: memory, processors, threads. It is looked at from
 * outside, before and after, together with the processes that it has started: a program need not
 * know that it is watched, and nothing of it runs on a clock.
 *
 * The system counts exactly what threads have used when it takes them from their processors, so
 * that a process is to be looked at while it waits or is stopped (process.h). What it waits for
 * while we stop it and read on is not of the trial: that is looked at as soon as it has answered.
 */
#ifndef DESCENT_PROGRAMS_PROCESS_WATCH_H
#define DESCENT_PROGRAMS_PROCESS_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

/* NaN and -1: the system does not tell. */
struct process_use {
    double peak_bytes;  /* resident, of all of its processes, each at its largest */
    bool peak_of_trial; /* from begin to end; else from its start, where that is not allowed */
    double processor_seconds; /* of all threads */
    double waiting_seconds;   /* that threads were ready and did not run */
    double voluntary_switches, involuntary_switches;
    int threads; /* that ran at least a hundredth of what the busiest did, and live still */
};

extern const struct process_use process_use_unknown;

struct process_watch;

struct process_watch *process_watch_create(pid_t id);
void process_watch_free(struct process_watch *watch); /* NULL is allowed */

/* `finished`: it has done in between what it was to do. Waiting and switches are counted until it
 * has answered. */
void process_watch_begin(struct process_watch *watch);
void process_watch_answered(struct process_watch *watch); /* may be left out */
struct process_use process_watch_end(struct process_watch *watch, bool finished);

/* Bytes: the largest peak of all that was looked at, also from before it was set back. To set it
 * back takes it from what wait4() tells in the end (ru_maxrss), too. */
double process_watch_peak(const struct process_watch *watch);

#endif
