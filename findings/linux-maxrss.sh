#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The peak of memory of a child process, in Linux 6.18 with glibc 2.36 (Debian 12).
#
# One would guess: ru_maxrss, which wait4() tells of a child that posix_spawn() has started, is the peak of
#   the program that ran there: about 1 MiB for `true`.
# What happens: it is at least the peak that the parent has ever had. A parent that has touched 200 MiB is
#   told of 200 MiB for `true`, by posix_spawn() and by fork() and exec alike, and also after it has given
#   the memory back. Who compares programs by ru_maxrss from a large process sees no difference below
#   its own size. The metrics of a process outlive execve() (getrusage(2)), and the child's address
#   space before it is the parent's, or a copy of it.
# Source: the program below. GNU time, which is small, tells 1 MiB.
#
# Exit 0: seen as written above; 1: something changed; 77: another system, or no compiler.
set -u
[ "$(uname -s)" = Linux ] || { echo "needs Linux"; exit 77; }
command -v cc >/dev/null || { echo "needs cc"; exit 77; }
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
cat >"$folder/spawn.c" <<'END_OF_C'
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *arguments[] = {"true", NULL};

static void tell(const char *how, pid_t id)
{
    struct rusage used;
    wait4(id, NULL, 0, &used);
    printf("%s %s\n", how, used.ru_maxrss > 200 * 1024 ? "200 MiB" : "less");
}

int main(void)
{
    const size_t size = 200u << 20;
    char *block = malloc(size);
    pid_t id;
    if (block == NULL)
        return 77;
    memset(block, 1, size);
    posix_spawnp(&id, arguments[0], NULL, NULL, arguments, environ);
    tell("posix_spawn:", id);
    if ((id = fork()) == 0) {
        execvp(arguments[0], arguments);
        _exit(1);
    }
    tell("fork:", id);
    free(block);
    posix_spawnp(&id, arguments[0], NULL, NULL, arguments, environ);
    tell("posix_spawn after free:", id);
    return 0;
}
END_OF_C
cc -O1 -o "$folder/spawn" "$folder/spawn.c" || exit 77
seen=$("$folder/spawn") || exit 77
printf '%s\n' "$seen"
expected='posix_spawn: 200 MiB
fork: 200 MiB
posix_spawn after free: 200 MiB'
[ "$seen" = "$expected" ]
