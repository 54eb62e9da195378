/* SPDX-License-Identifier: MIT
 *
 * Items of work, numbered from 0, for the threads of a region: each has a contiguous share of them,
 * the same every time, and finds in its caches, and in its memory node, what it had before. It
 * takes the items of its share first, in order, and then those that are left in the shares of
 * others. So a thread that is slow, or that the system has stopped, keeps the others waiting for
 * one item at most, and not for all of its share.
 *
 *     stealing_begin(stealing, items, threads);            by the thread that opens the region
 *     ... in the region, by each thread:
 *     struct stealing_turn turn = stealing_enter(stealing, threads_current());
 *     for (size_t item; stealing_take(stealing, &turn, &item);)
 *         ...
 *
 * Which thread does an item is not told in advance; what depends on it is no item's result.
 *
 * (Blumofe and Leiserson, "Scheduling multithreaded computations by work stealing", JACM 1999; here
 * nothing is pushed, so that a counter a share is enough.)
 */
#ifndef DESCENT_BASE_PARALLEL_STEALING_H
#define DESCENT_BASE_PARALLEL_STEALING_H

#include <stdbool.h>
#include <stddef.h>

struct stealing;

/* For regions of at most so many threads. */
struct stealing *stealing_create(int threads);
void stealing_free(struct stealing *stealing); /* NULL is allowed */
double stealing_bytes(int threads);            /* that it takes */

/* Before each region, outside of it: all items are left. Also where the system gives fewer threads
 * than are named here, all of them are done. */
void stealing_begin(struct stealing *stealing, size_t items, int threads);

/* Where a thread is: looking at the shares from its own on, all around. */
struct stealing_turn {
    int share, seen; /* at hand; how many are known to be empty */
};

struct stealing_turn stealing_enter(const struct stealing *stealing, int thread);

/* The next item; false: none is left, though others may still be at work on theirs. */
bool stealing_take(struct stealing *stealing, struct stealing_turn *turn, size_t *item);

#endif
