/* SPDX-License-Identifier: MIT
 *
 * Threads have one owner at a time. Every parallel region of this program names its number of
 * threads; the OpenMP default is 1, so that no library starts threads of its own beside ours.
 *
 * OpenMP ends and starts threads as teams shrink and grow, and one that is new has the processors
 * of the thread that started it. So each region that may run while something is timed opens with
 * threads_enter(), which puts a new thread in its place and counts those that have moved.
 */
#ifndef DESCENT_BASE_PARALLEL_THREADS_H
#define DESCENT_BASE_PARALLEL_THREADS_H

#include <stddef.h>
#include <stdint.h>

/* To be called once by each thread that opens parallel regions (side_by_side.h), before the first.
 */
void threads_initialise(void);

/* Lets a library that asks OpenMP start so many threads: for a process of its own that watches what
 * the library makes of them. */
void threads_lend(int threads);

/* What `threads: all` means: a thread for each processor that this process may run on, but no more
 * than its CPU quota (base/parallel/quota.h), rounded up, nor than OMP_THREAD_LIMIT. */
int threads_available(void);

/* From now on, at most so many. To be called before threads_default(). */
void threads_limit(int most);

/* What is taken where no number of threads is given: as many, but no more than OMP_NUM_THREADS says
 * (the first number of a list). */
int threads_default(void);
void threads_default_limit(int most);

/* What there is to say of OMP_NUM_THREADS, without a full stop, or NULL: it is not set. */
const char *threads_default_words(void);

/* The first number of a list as OMP_NUM_THREADS may be, "4,2"; 0: it is none. */
int threads_of_list(const char *list);

/* The number of processors this process may run on (taskset, cpusets). */
int threads_processors(void);

/* Which they are, where OpenMP has bound this thread to fewer (OMP_PROC_BIND, OMP_PLACES): fills in
 * the system's numbers of at most `most`, and returns how many there are. 0: it has bound none. */
int threads_places(int *processors, int most);

/* As many of `threads` as there are shares of work: the others would only be waited for. */
static inline int threads_for_shares(int threads, size_t shares)
{
    return (size_t)threads < shares ? threads : (int)shares;
}

/* Which thread of a parallel region this is, from 0. */
int threads_current(void);

/* How many there are in it. */
int threads_together(void);

/* Called by every thread of a region, first. A few nanoseconds unless there is something to do. */
void threads_enter(void);

/* Ends the threads that wait for the next region. Those of a larger team would spin beside a
 * smaller one, on the processors that it shares a core with. To be called outside of parallel
 * regions. */
void threads_release(void);

/* From now on each thread of a team calls place(its number) once, when it enters; NULL: none does.
 * To be called outside of parallel regions. */
void threads_place_with(void (*place)(int thread));

/* How often a thread was found on another processor than when it last entered, since the start. */
int64_t threads_migrations(void);

#endif
