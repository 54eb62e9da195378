/* SPDX-License-Identifier: MIT
 *
 * The shell is given the group's number as a word, and a script that is the same for all.
 */
#include "programs/process_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nobody writes to the pipe: reading ends with it. */
static const char script[] = "read -r line; kill -s KILL -- \"-$1\"";

/* A group of its own: what a terminal sends to ours does not end it. */
static int spawn(int end, const char *group, pid_t *id)
{
    const char *const arguments[] = {"sh", "-c", script, "sh", group, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    int fault = posix_spawnattr_setpgroup(&attributes, 0);
    if (fault == 0)
        fault = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    if (fault == 0)
        fault = posix_spawn(id, "/bin/sh", &actions, &attributes,
                            (char *const *)(const void *)arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return fault;
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
