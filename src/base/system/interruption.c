/* SPDX-License-Identifier: MIT
 *
 * The handler sets two flags, which are atomic without a lock, and with the last step puts back
 * the action that was there before, which sigaction() may do from a handler. Neither signal
 * interrupts the handler of the other. SA_RESTART keeps writes to the terminal and to the store
 * from failing half-way.
 */
#include "base/system/interruption.h"

#include <stddef.h>

atomic_int interruption_requested, interruption_stop;

static struct sigaction next_interrupt, next_terminate;

static void let_the_next_end(void)
{
    sigaction(SIGINT, &next_interrupt, NULL);
    sigaction(SIGTERM, &next_terminate, NULL);
}

/* What ended the process before, which may clear up first (output_guard.c). */
static struct sigaction ending(const struct sigaction *before)
{
    struct sigaction action = *before;
    if (action.sa_handler == SIG_IGN)
        action.sa_handler = SIG_DFL;
    return action;
}

static void request(int signal)
{
    if (signal == SIGTERM && interruption_requested == INTERRUPTION_NONE) {
        interruption_requested = INTERRUPTION_BEGIN_NOTHING;
        return;
    }
    interruption_requested = INTERRUPTION_STOP;
    interruption_stop = 1;
    let_the_next_end();
}

void interruption_raise(enum interruption_level level)
{
    if ((int)level > interruption_requested)
        interruption_requested = (int)level;
    if (level == INTERRUPTION_STOP)
        interruption_stop = 1;
}

void interruption_install(struct interruption *before)
{
    interruption_requested = INTERRUPTION_NONE;
    interruption_stop = 0;
    struct sigaction stop = {.sa_handler = request, .sa_flags = SA_RESTART};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&stop.sa_mask);
    sigaddset(&stop.sa_mask, SIGINT);
    sigaddset(&stop.sa_mask, SIGTERM);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, NULL, &before->interrupt);
    sigaction(SIGTERM, NULL, &before->terminate);
    next_interrupt = ending(&before->interrupt);
    next_terminate = ending(&before->terminate);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGPIPE, &ignore, &before->pipe);
}

void interruption_restore(const struct interruption *before, bool several)
{
    if (several && interruption_requested != INTERRUPTION_NONE)
        return;
    sigaction(SIGINT, &before->interrupt, NULL);
    sigaction(SIGTERM, &before->terminate, NULL);
    sigaction(SIGPIPE, &before->pipe, NULL);
}
