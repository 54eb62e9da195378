/* SPDX-License-Identifier: MIT
 *
 * Work side by side: the same function on several threads at once, each of which may open parallel
 * regions of its own. A region inside a region would be given new threads every time it is entered;
 * so each of these threads is a root of its own for OpenMP, and keeps its team as long as it lives.
 */
#ifndef DESCENT_BASE_PARALLEL_SIDE_BY_SIDE_H
#define DESCENT_BASE_PARALLEL_SIDE_BY_SIDE_H

/* Calls work(context, index) for each index from 0 to count - 1, all at the same time, and returns
 * when all have. Index 0 is the calling thread, which must not be in a parallel region. Where the
 * system has no more threads to give, fewer are called: `work` is to take what it does from a queue
 * that all share. */
void side_by_side(int count, void (*work)(void *context, int index), void *context);

#endif
