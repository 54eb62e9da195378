/* SPDX-License-Identifier: MIT
 *
 * The shell is given the group's number as a word, and a script that is the same for all.
 */
#include "programs/process_guard.h"

#include "programs/process_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nobody writes to the pipe: reading ends with it. */
static const char script[] = "read -r line; kill -s KILL -- \"-$1\"";

/* A group of its own: what a terminal sends to ours does not end it. */
static int spawn(int end, const char *group, pid_t *id)
{
    const char *const arguments[] = {"/bin/sh", "-c", script, "sh", group, NULL};
    const struct process_spawn spawn = {
        .arguments = arguments, .environment = environ, .input = end, .output = -1, .words = -1};
    return process_spawn(&spawn, id);
}

int process_guard_begin(pid_t group, struct process_guard *guard)
{
    char number[32];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    snprintf(number, sizeof number, "%ld", (long)group);
    const int fault = spawn(ends[0], number, &guard->id);
    close(ends[0]);
    if (fault != 0)
        close(ends[1]);
    guard->end = ends[1];
    return fault;
}

void process_guard_end(struct process_guard *guard)
{
    kill(guard->id, SIGKILL);
    while (waitpid(guard->id, NULL, 0) < 0 && errno == EINTR)
        ;
    close(guard->end);
}
