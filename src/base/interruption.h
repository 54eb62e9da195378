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
#ifndef DESCENT_BASE_INTERRUPTION_H
#define DESCENT_BASE_INTERRUPTION_H

#include <signal.h>
#include <stdatomic.h>

struct interruption {
    struct sigaction interrupt, terminate, pipe; /* what was there before */
};

void interruption_install(struct interruption *before);
void interruption_restore(const struct interruption *before);

enum interruption_level {
    INTERRUPTION_NONE,
    INTERRUPTION_BEGIN_NOTHING, /* what was begun goes on to its end */
    INTERRUPTION_STOP,          /* nor does that */
};

/* An interruption_level, so that nonzero means: begin nothing new. Zero again after the next
 * interruption_install(). Any thread may look. */
extern atomic_int interruption_requested;

/* Nonzero from INTERRUPTION_STOP on: for what ends only when it must (training_hooks.interrupt). */
extern atomic_int interruption_stop;

#endif
