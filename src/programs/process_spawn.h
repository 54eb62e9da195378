/* SPDX-License-Identifier: MIT
 *
 * Starts a program in a process group of its own, with three open files and no others. Signals are
 * as they are for a program that a shell starts, whatever we do with ours.
 */
#ifndef DESCENT_PROGRAMS_PROCESS_SPAWN_H
#define DESCENT_PROGRAMS_PROCESS_SPAWN_H

#include <sys/types.h>

struct process_spawn {
    const char *const *arguments; /* the program, looked for in PATH, its arguments, and NULL */
    char *const *environment;     /* all of it, and NULL */
    const char *folder;           /* that it is started in; NULL or "": ours */
    int input, output, words;     /* its standard input, output and error; -1: nobody's */
};

/* 0, with its number in *id, or an error number. */
int process_spawn(const struct process_spawn *spawn, pid_t *id);

#endif
