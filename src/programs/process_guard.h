/* SPDX-License-Identifier: MIT
 *
 * A program must not outlive us, however we end: between two questions it is stopped, and would
 * stay so for ever if we were killed outright. So a shell waits beside it for the end of a pipe of
 * which we have the other end, and then kills the program's group. A signal at our death
 * (PR_SET_PDEATHSIG) would not do: it comes when the thread ends that started the program.
 */
#ifndef DESCENT_PROGRAMS_PROCESS_GUARD_H
#define DESCENT_PROGRAMS_PROCESS_GUARD_H

#include <sys/types.h>

struct process_guard {
    pid_t id;
    int end; /* of the pipe: open as long as we are there */
};

/* Begins to guard a group of processes; 0 or an error number. */
int process_guard_begin(pid_t group, struct process_guard *guard);

/* To be called while the group's number cannot be another's: before its leader is waited for. */
void process_guard_end(struct process_guard *guard);

#endif
