/* SPDX-License-Identifier: MIT
 *
 * How many threads a call really uses: by the processor time that each thread of this process has
 * had, not by asking a library. Before the call all other threads sleep; those that have had
 * processor time after it were woken for it.
 *
 *     struct thread_use use;
 *     thread_use_begin(&use);
 *     cblas_dgemm(...);
 *     thread_use_end(&use);       use.threads, use.processors
 */
#ifndef DESCENT_MEASURE_BLAS_THREAD_USE_H
#define DESCENT_MEASURE_BLAS_THREAD_USE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { THREADS_WATCHED = 1024 };

struct thread_times {
    size_t count;
    pid_t threads[THREADS_WATCHED]; /* (count) */
    double seconds[THREADS_WATCHED];
    double caller, process; /* seconds of the thread that reads, and of all, those that ended too */
};

struct thread_use {
    bool quiet;        /* the other threads slept when the call began: `threads` is to be trusted */
    int threads;       /* that had processor time during the call, the caller among them */
    int running;       /* that there are in the process now */
    double seconds;    /* that the call took */
    double processors; /* processor time of all threads over that */
    double began;
    struct thread_times before;
};

/* Waits until other threads sleep, for at most half a second: runtimes spin for a while after a
 * call. False: they never did. */
bool threads_quiet(void);

void thread_use_begin(struct thread_use *use);
void thread_use_end(struct thread_use *use);

#endif
