/* SPDX-License-Identifier: MIT
 *
 * Threads have one owner at a time. Every parallel region of this program names its number of
 * threads; the OpenMP default is 1, so that no library starts threads of its own beside ours.
 */
#ifndef DESCENT_BASE_THREADS_H
#define DESCENT_BASE_THREADS_H

/* To be called once, before any parallel region. */
void threads_initialise(void);

/* Lets a library that asks OpenMP start so many threads: for a process of its own that watches what
 * the library makes of them. */
void threads_lend(int threads);

/* The number of processors this process may run on: what `threads: all` means. */
int threads_available(void);

/* Which thread of a parallel region this is, from 0. */
int threads_current(void);

#endif
