/* SPDX-License-Identifier: MIT
 *
 * A program that runs as a child: it reads one file and writes another, and what it says is told
 * where it fails. No shell is between the programs, so that no name is ever interpreted.
 */
#ifndef DESCENT_BASE_SYSTEM_CHILD_H
#define DESCENT_BASE_SYSTEM_CHILD_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

struct child {
    const char *const *arguments; /* its name, looked for in PATH, its arguments, and NULL */
    const char *job;              /* "draw the picture" */
    const char *product;          /* "picture" */
    const char *missing; /* said where it is not installed: who does what, and the package */
};

/* Runs it on `input` from its start. What it writes comes to `output` through a pipe, so that a
 * disk that is full is seen here, and is of a file to be called `name`; NULL: it need write
 * nothing. */
bool child_run(const struct child *child, FILE *input, FILE *output, const char *name,
               struct error *error);

/* The same for a program that must find its way back in what it writes: it is given the file
 * `output` itself, as /dev/fd/1, which is to be empty and not to be seen by anyone else yet. */
bool child_run_seeking(const struct child *child, FILE *input, FILE *output, struct error *error);

/* Does it start and succeed with nothing to read? */
bool child_can_run(const struct child *child, struct error *error);

/* How a process ended, from the status of wait(): "was killed by signal 9 (Killed)", "ended with
 * exit code 3". */
void child_describe_end(int status, char *text, size_t size);

/* Copies all of `from` (a descriptor) to a file. What comes is read to its end, also when it can no
 * longer be written: who writes it must not wait for ever. Returns how many bytes came, or -1, with
 * errno, if they could not all be written. */
long long child_copy(int from, FILE *to);

#endif
