/* SPDX-License-Identifier: MIT
 *
 * Interruption: Ctrl-C (SIGINT) and SIGTERM ask the work in hand to stop at the next sensible
 * point; asked a second time, they end the process as they always do. A closed pipe (SIGPIPE),
 * which ends other commands without a word, must not end work that records its results elsewhere:
 * while this is installed, it only fails the write.
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

/* Nonzero once asked; zero again after the next interruption_install(). Any thread may look. */
extern atomic_int interruption_requested;

#endif
