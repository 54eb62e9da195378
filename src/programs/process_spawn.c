/* SPDX-License-Identifier: MIT
 *
 * By posix_spawn(), which does not copy our memory first as fork() does.
 */
#include "programs/process_spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <unistd.h>

static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int fault = posix_spawnattr_setsigmask(attributes, &none);
    if (fault == 0)
        fault = posix_spawnattr_setsigdefault(attributes, &all);
    if (fault == 0)
        fault = posix_spawnattr_setpgroup(attributes, 0);
    if (fault == 0)
        fault = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    return fault;
}

static int give(posix_spawn_file_actions_t *actions, int ours, int its)
{
    if (ours >= 0)
        return posix_spawn_file_actions_adddup2(actions, ours, its);
    return posix_spawn_file_actions_addopen(actions, its, "/dev/null", O_RDWR, 0);
}

static int set_files(posix_spawn_file_actions_t *actions, const struct process_spawn *spawn)
{
    int fault = give(actions, spawn->input, STDIN_FILENO);
    if (fault == 0)
        fault = give(actions, spawn->output, STDOUT_FILENO);
    if (fault == 0)
        fault = give(actions, spawn->words, STDERR_FILENO);
    if (fault == 0)
        fault = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    if (fault == 0 && spawn->folder != NULL && spawn->folder[0] != '\0')
        fault = posix_spawn_file_actions_addchdir_np(actions, spawn->folder);
    return fault;
}

int process_spawn(const struct process_spawn *spawn, pid_t *id)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int fault = set_attributes(&attributes);
    if (fault == 0)
        fault = set_files(&actions, spawn);
    if (fault == 0)
        fault = posix_spawnp(id, spawn->arguments[0], &actions, &attributes,
                             (char *const *)(const void *)spawn->arguments, spawn->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return fault;
}
