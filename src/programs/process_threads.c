/* SPDX-License-Identifier: MIT
 *
 *     /proc/PID/task/                a folder for each thread
 *     /proc/PID/task/TID/children    "12 13 ": the processes that this thread has started
 *
 * The list of processes is its own list of work: those found last are looked at last. The kernel
 * makes the text of a short file for the first read. Reference: proc(5).
 */
#include "programs/process_threads.h"

#include "base/memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool process_file_read(const char *path, char *text, size_t size)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const ssize_t length = read(file, text, size - 1);
    close(file);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static void add_process(struct process_threads *found, pid_t id)
{
    found->processes = memory_grow(found->processes, &found->process_capacity,
                                   found->process_count + 1, sizeof *found->processes);
    found->processes[found->process_count++] = id;
}

static void add_thread(struct process_threads *found, pid_t process, pid_t id)
{
    found->threads =
        memory_grow(found->threads, &found->capacity, found->count + 1, sizeof *found->threads);
    found->threads[found->count++] = (struct process_thread){process, id};
}

/* Each number is followed by a blank: one that was cut off is not. */
static void add_children(struct process_threads *found, pid_t process, pid_t thread)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)process, (int)thread);
    if (!process_file_read(path, text, sizeof text))
        return;
    char *end;
    for (const char *p = text;; p = end + 1) {
        const long id = strtol(p, &end, 10);
        if (end == p || *end != ' ')
            break;
        add_process(found, (pid_t)id);
    }
}

static void add_threads(struct process_threads *found, pid_t process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
        if (thread <= 0) /* "." and ".." */
            continue;
        add_thread(found, process, thread);
        add_children(found, process, thread);
    }
    closedir(folder);
}

void process_threads_find(struct process_threads *found, pid_t process)
{
    found->count = found->process_count = 0;
    add_process(found, process);
    for (size_t i = 0; i < found->process_count; i++)
        add_threads(found, found->processes[i]);
}

void process_threads_clear(struct process_threads *found)
{
    memory_free(found->processes);
    memory_free(found->threads);
    *found = (struct process_threads){0};
}
