/* SPDX-License-Identifier: MIT
 *
 * A process and those that it has started, and their threads, as Linux lists them in /proc: a
 * program may be a script that starts what trains.
 */
#ifndef DESCENT_PROGRAMS_PROCESS_THREADS_H
#define DESCENT_PROGRAMS_PROCESS_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process_thread {
    pid_t process, id; /* equal: the first thread of its process */
};

/* To be zero at first; filled in again and again. */
struct process_threads {
    size_t process_count, process_capacity;
    pid_t *processes; /* (process_count), the one that was asked for first */
    size_t count, capacity;
    struct process_thread *threads; /* (count), those of a process together */
};

/* Those that live. None where the process has gone, or the system does not tell. */
void process_threads_find(struct process_threads *found, pid_t process);
void process_threads_clear(struct process_threads *found);

/* Reads a short file of /proc, "/proc/12/stat", as a text. False: it is not there any more. */
bool process_file_read(const char *path, char *text, size_t size);

#endif
