/* SPDX-License-Identifier: MIT
 *
 * Interruption: how the work in hand is asked to stop, step by step.
 *
 *     SIGTERM, which batch systems send first       begin nothing new
 *     SIGINT (Ctrl-C), or a second SIGTERM          stop at the next epoch's end
 *     either of them after that                     the process ends, as it always does
 *
 * A closed pipe (SIGPIPE), which ends other commands without a word, must not end work that records
 * its results elsewhere: while this is installed, it only fails the write.
 */
#ifndef DESCENT_BASE_SYSTEM_INTERRUPTION_H
#define DESCENT_BASE_SYSTEM_INTERRUPTION_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

struct interruption {
    struct sigaction interrupt, terminate, pipe; /* what was there before */
};

void interruption_install(struct interruption *before);

/* Puts back what was there, once the work is done. `several`: as one of the processes of a job.
 * Where that was asked to end, nothing is put back: the processes are asked one after the other,
 * and what reaches one late must not end the job as a failure. */
void interruption_restore(const struct interruption *before, bool several);

enum interruption_level {
    INTERRUPTION_NONE,
    INTERRUPTION_BEGIN_NOTHING, /* what was begun goes on to its end */
    INTERRUPTION_STOP,          /* nor does that */
};

/* An interruption_level, so that nonzero means: begin nothing new. Zero again after the next
 * interruption_install(). Any thread may look. */
extern atomic_int interruption_requested;

/* Asks for it as a signal would: what another process of a job was asked for. */
void interruption_raise(enum interruption_level level);

/* Nonzero from INTERRUPTION_STOP on: for what ends only when it must (training_hooks.interrupt). */
extern atomic_int interruption_stop;

#endif
