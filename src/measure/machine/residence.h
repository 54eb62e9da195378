/* SPDX-License-Identifier: MIT
 *
 * Residence: on which NUMA nodes the pages of an array lie, and whether the threads that read them
 * are there. Memory of another node is farther away, and all threads that read from one node share
 * its bandwidth. Pages lie where the thread ran that first wrote to them.
 */
#ifndef DESCENT_MEASURE_MACHINE_RESIDENCE_H
#define DESCENT_MEASURE_MACHINE_RESIDENCE_H

#include <stdbool.h>
#include <stddef.h>

enum { RESIDENCE_SAMPLES = 4096, RESIDENCE_NODES = 256, RESIDENCE_REASON = 160 };

struct residence {
    bool known;
    char reason[RESIDENCE_REASON];  /* "one NUMA node: all memory is local", or why it is unknown */
    int nodes;                      /* of this machine; 0: unknown */
    size_t sampled;                 /* pages that were asked about */
    size_t found;                   /* those of them that lie in memory, and the node is known */
    double local;                   /* share of these on the node of their thread; NaN: unknown */
    double shares[RESIDENCE_NODES]; /* of these on each node, by the system's numbers */
};

/* Looks at no more than RESIDENCE_SAMPLES pages of an array, evenly spread, that is split evenly
 * over so many threads: thread t has the bytes from bytes t / threads on. Opens a parallel region
 * to see where the threads are, which tells only where they are now if they are not bound. On one
 * node nothing is looked at, and all of it is local. */
void residence_measure(const void *array, size_t bytes, int threads, struct residence *residence);

/* How it is found out; each node is the system's number. */
struct residence_lookup {
    int (*open)(void); /* how many nodes there are; 0: unknown, and the others are not called */
    void (*close)(void);
    int (*thread_node)(void);                         /* where this thread runs; -1: unknown */
    int (*page_node)(const void *page, size_t bytes); /* one of these: */
};
enum { RESIDENCE_NOWHERE = -1 /* never written to */, RESIDENCE_REFUSED = -2 };

/* hwloc's answers. */
extern const struct residence_lookup residence_lookup_hwloc;

/* Replaces them, for tests; NULL restores them. */
void residence_replace(const struct residence_lookup *lookup);

#endif
