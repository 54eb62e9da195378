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
    struct process_command command;
    struct process *process; /* NULL: there is none */
    struct hello hello;      /* likewise empty */
    bool left;               /* it was told to end */
};

/* How a program of a sweep file is started. */
struct process_command talk_command(const struct sweep_file *file, const struct program *program,
                                    FILE *out);

/* Starts a program, and says nothing yet: several get ready at the same time. False, with why in
 * `reason`, where it cannot be started; then there is no process. */
bool talk_start(struct talk *talk, struct process_command command, char reason[static TALK_REASON]);

/* Says hello to one that is started. False, with why, where it does not answer as it should; then
 * it is over. */
bool talk_greet(struct talk *talk, char reason[static TALK_REASON]);

/* Both, one after the other. */
bool talk_begin(struct talk *talk, struct process_command command, char reason[static TALK_REASON]);

/* It has failed at that stage ("train"): ends it with its process group, and composes why, how it
 * ended and what it said last. Returns false. */
bool talk_fail(struct talk *talk, const char *stage, const char *why,
               char reason[static TALK_REASON]);

/* Tells it to end, if there is one, and does not wait: several end at the same time. */
void talk_take_leave(struct talk *talk);

/* Ends it, if there is one: it is told, if it was not yet, and has a second. */
void talk_end(struct talk *talk);

/* "scikit-learn 1.2.1". To be freed with memory_free(). */
char *talk_version(const struct hello *hello);

#endif
