/* SPDX-License-Identifier: MIT
 *
 * A talk with a program of a sweep file: it is started in the folder of the file, and says who it
 * is. What follows is the caller's, by the protocol (programs/protocol.h).
 */
#ifndef DESCENT_SWEEP_PROGRAMS_TALK_H
#define DESCENT_SWEEP_PROGRAMS_TALK_H

#include "programs/protocol.h"
#include "sweep/file/sweep_file.h"

enum { TALK_REASON = 1024 };

/* Seconds for an answer that is no training. */
enum { TALK_PATIENCE = 600 };

/* Stays where it is while it goes on. */
struct talk {
    const struct program *program;
    struct process_command command;
    struct process *process; /* NULL: there is none */
    struct hello hello;      /* likewise empty */
};

/* Starts the program and says hello. False, with why in `reason`, where it does not answer as it
 * should; then it is over. Its standard error is passed on to `out`; NULL: to nobody. */
bool talk_begin(struct talk *talk, const struct sweep_file *file, const struct program *program,
                FILE *out, char reason[static TALK_REASON]);

/* It has failed at that stage ("train"): ends it with its process group, and composes why, how it
 * ended and what it said last. Returns false. */
bool talk_fail(struct talk *talk, const char *stage, const char *why,
               char reason[static TALK_REASON]);

/* Ends it, if there is one: it is told, and has a second. */
void talk_end(struct talk *talk);

/* "scikit-learn 1.2.1". To be freed with memory_free(). */
char *talk_version(const struct hello *hello);

#endif
