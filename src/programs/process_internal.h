/* SPDX-License-Identifier: MIT
 *
 * What a process is to those who start and end it (process.c) and to those who talk to it
 * (process_exchange.c).
 */
#ifndef DESCENT_PROGRAMS_PROCESS_INTERNAL_H
#define DESCENT_PROGRAMS_PROCESS_INTERNAL_H

#include "programs/process.h"
#include "programs/process_guard.h"

#include <sched.h>
#include <sys/types.h>

enum { PROCESS_BLOCK = 1 << 16, PROCESS_WORDS = 256 };

struct process {
    const struct process_command *command;
    pid_t id;
    int input, output, words; /* our ends; -1: closed */
    char *text;               /* (length) of what has come */
    size_t length, capacity;
    size_t taken;             /* of it, by the last answer */
    char last[PROCESS_WORDS]; /* whole line of its standard error, ... */
    char next[PROCESS_WORDS]; /* ...and the one that is not whole yet */
    size_t next_length;
    bool paused;
    cpu_set_t granted; /* where its threads may run, but for those that it has bound itself */
    struct process_guard guard; /* who ends it where we are killed outright */
    struct process_watch *watch;
};

/* Stops all of its group, and lets it go on: between two questions, none of its threads is to run
 * beside trials of others. */
void process_pause(struct process *process);
void process_resume(struct process *process);

/* Passes on what it has said on its standard error. */
void process_hear(struct process *process);

/* Closes one of our ends. */
void process_close(int *end);

#endif
