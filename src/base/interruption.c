/* SPDX-License-Identifier: MIT
 *
 * The handler only sets a flag, which is atomic without a lock. SA_RESETHAND puts the default
 * action back for the second signal; SA_RESTART keeps writes to the terminal and to the store from
 * failing half-way.
 */
#include "base/interruption.h"

atomic_int interruption_requested;

static void request(int signal)
{
    (void)signal;
    interruption_requested = 1;
}

void interruption_install(struct interruption *before)
{
    interruption_requested = 0;
    struct sigaction stop = {.sa_handler = request, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&stop.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &stop, &before->interrupt);
    sigaction(SIGTERM, &stop, &before->terminate);
    sigaction(SIGPIPE, &ignore, &before->pipe);
}

void interruption_restore(const struct interruption *before)
{
    sigaction(SIGINT, &before->interrupt, NULL);
    sigaction(SIGTERM, &before->terminate, NULL);
    sigaction(SIGPIPE, &before->pipe, NULL);
}
