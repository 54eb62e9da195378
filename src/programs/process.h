/* SPDX-License-Identifier: MIT
 *
 * A program that runs beside descent and answers lines with lines: its standard input and output
 * are pipes, and what it says on its standard error is passed on with its name before each line,
 * and its last line kept as its last words.
 *
 * It is a list of arguments, never a line for a shell. It leads a process group of its own, and
 * when it is ended the whole group is killed. Nothing that it does makes its caller wait longer,
 * read more or fail: it may end, hang, or write without end, and each of these is an answer like
 * any other.
 *
 * From an answer to the next question its group is stopped (SIGSTOP): threads that spin while they
 * wait would otherwise take processors from what is timed meanwhile.
 */
#ifndef DESCENT_PROGRAMS_PROCESS_H
#define DESCENT_PROGRAMS_PROCESS_H

#include "base/error.h"
#include "programs/process_watch.h"

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct process_command {
    const char *name;               /* that messages call it by */
    const char *const *arguments;   /* the program, looked for in PATH, its arguments, and NULL */
    const char *const *environment; /* "NAME=VALUE", or "NAME" for none, beside ours, and NULL;
                                     * NULL: ours */
    const char *folder;             /* that it is started in; NULL or "": ours */
    const cpu_set_t *processors;    /* that it runs on, and stays on; NULL: wherever we may, and as
                                     * process_grant() says */
    FILE *out;                      /* to pass its standard error on to; NULL: it is only kept */
};

/* Descriptors that a process has as its standard input, output and error. */
struct process_ends {
    int input, output, words;
};

/* Starts a command that is not spoken with: it has these files and no other of ours, leads a
 * process group, and its signals are as a shell leaves them. 0 or an error number; it is to be
 * waited for. */
int process_launch(const struct process_command *command, const struct process_ends *ends,
                   pid_t *id);

struct process;

/* It may run wherever this process may, also where this thread is bound to one processor. NULL,
 * with an error (ERROR_USAGE), when it cannot be started. The command must last as long as it. */
struct process *process_start(const struct process_command *command, struct error *error);

/* What came of a question. */
enum process_outcome {
    PROCESS_ANSWERED,
    PROCESS_ENDED,       /* before its line was whole */
    PROCESS_LATE,        /* the limit of time has passed */
    PROCESS_LONG,        /* the line is longer than may be */
    PROCESS_UNASKED,     /* it had written something before it was asked */
    PROCESS_MORE,        /* something follows its line */
    PROCESS_INTERRUPTED, /* descent was asked to stop (base/system/interruption.h) */
};

struct process_limits {
    double seconds; /* from now on */
    size_t bytes;   /* of a line */
};

struct process_answer {
    enum process_outcome outcome;
    const char *line; /* without its end; until the next question. NULL: there is none */
    size_t length;
    double seconds; /* from the last byte sent to the first byte of the answer */
};

/* Sends a line, which has no end yet, and waits for one. `use`: what it has used for it, or NULL;
 * then our own threads are released (base/parallel/threads.h), so that this is to be called outside
 * of parallel regions. After any other outcome than PROCESS_ANSWERED the process is of no more use,
 * and is to be stopped. */
struct process_answer process_ask(struct process *process, const char *question,
                                  struct process_limits limits, struct process_use *use);

/* Sends a line that has no answer, as far as it is read without a wait. */
void process_say(struct process *process, const char *line);

/* The last line that it said on its standard error; "": none. */
const char *process_last_words(const struct process *process);

/* From now on its threads may run where so many of ours would (measure/machine/binding.h); those
 * that it has bound itself stay where they are. */
void process_grant(struct process *process, int threads);

/* What it and the processes that it waited for have used. */
struct process_usage {
    double user_seconds, system_seconds;
    double peak_bytes; /* the largest resident size of one of them */
    double voluntary_switches, involuntary_switches;
    char end[64]; /* "ended with exit code 1", "was killed by signal 9 (Killed)" */
};

/* Closes its input, waits so long for its end, and ends it and all of its group. `usage` may be
 * NULL. */
void process_stop(struct process *process, double patience, struct process_usage *usage);

#endif
