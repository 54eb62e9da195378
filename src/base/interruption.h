/* SPDX-License-Identifier: MIT
 *
 * Interruption: Ctrl-C (SIGINT) and SIGTERM ask the work in hand to stop at the next sensible
 * point; asked a second time, they end the process as they always do.
 */
#ifndef DESCENT_BASE_INTERRUPTION_H
#define DESCENT_BASE_INTERRUPTION_H

#include <signal.h>

struct interruption {
    struct sigaction interrupt, terminate; /* what was there before */
};

void interruption_install(struct interruption *before);
void interruption_restore(const struct interruption *before);

/* Nonzero once asked; zero again after the next interruption_install(). */
extern volatile sig_atomic_t interruption_requested;

#endif
