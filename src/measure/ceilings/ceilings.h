/* SPDX-License-Identifier: MIT
 *
 * Ceilings: what this machine can do at most at a thread count. A part of a trial that moves so
 * many bytes, does so many operations, or enters so many regions cannot take less time than they
 * allow; how far it is from that is what is left to gain (Williams, Waterman and Patterson,
 * "Roofline: an insightful visual performance model for multicore architectures", Communications of
 * the ACM 2009).
 *
 *     reads      bytes per second, for working sets from the first cache to memory
 *     GEMM       operations per second of the library's matrix product
 *     fork/join  seconds of a parallel region with nothing in it
 *     barrier    seconds until all threads have met
 *
 * Reads, not STREAM's triad: a pass reads X and writes next to nothing.
 */
#ifndef DESCENT_MEASURE_CEILINGS_CEILINGS_H
#define DESCENT_MEASURE_CEILINGS_CEILINGS_H

#include "base/error.h"
#include "measure/machine/topology.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    CEILING_READS = 17,            /* 16 KiB to 1 GiB */
    CEILING_LEAST_SHARE = 1 << 14, /* bytes of a thread in the smallest working set */
};

struct read_ceiling {
    double bytes;    /* working set, all threads together */
    double rate;     /* bytes per second */
    int cache_level; /* that it fits, with what other threads of the team keep there; 0: memory */
};

/* Levels are those that the system reports. A virtual machine may see a cache that it shares with
 * others, and then is at the rate of memory long before that cache is full. */
struct ceilings {
    int threads;
    size_t read_count;
    struct read_ceiling reads[CEILING_READS]; /* (read_count), by ascending bytes */
    const char *bounded_by; /* why no working set is larger: "4 times the caches", "1 GiB", ... */
    int gemm_size;          /* of the matrices, square */
    double gemm_rate;       /* flop/s: each thread its own product, library on one thread in each */
    double fork_join_seconds; /* an empty parallel region, from the master's view */
    double barrier_seconds;
};

/* Measures for about `seconds` in all, but four rounds at least; these, and touching the memory,
 * take a few seconds where working sets are as large as 1 GiB. Threads are the team's: bound where
 * threads are (binding_begin()). False with an error when memory is short. To be called outside of
 * parallel regions, after kernels_initialise(). */
bool ceilings_measure(int threads, double seconds, struct ceilings *ceilings, struct error *error);

/* The same in two steps. First what is to be measured on a machine of that shape with so much
 * memory available: threads, reads without their rates, and what bounds them. Then, perhaps with
 * fewer of the reads, the rates and times. */
bool ceilings_plan(int threads, const struct topology *topology, double available_bytes,
                   struct ceilings *ceilings, struct error *error);
void ceilings_measure_planned(struct ceilings *ceilings, double seconds);

/* Bytes a second at a working set of so many bytes, all threads together: between two that were
 * measured on a straight line over the logarithm of the size, beyond the ends as at the end. */
double ceilings_read_rate(const struct ceilings *ceilings, double bytes);

/* Raises rates that were measured below those of fewer threads, list (count) by ascending threads:
 * more threads can do what fewer of them can, so something else ran while they were measured. */
void ceilings_raise(struct ceilings *list, size_t count);

#endif
