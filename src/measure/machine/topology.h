/* SPDX-License-Identifier: MIT
 *
 * The shape of the machine, as hwloc sees it: packages, NUMA nodes, cores, the processing units of
 * each core, and caches. It does not change while the machine runs.
 */
#ifndef DESCENT_MEASURE_MACHINE_TOPOLOGY_H
#define DESCENT_MEASURE_MACHINE_TOPOLOGY_H

#include <stddef.h>

enum { TOPOLOGY_CACHES = 5 }; /* the levels that hwloc knows */

/* Caches of one level that hold data; all are taken to be as large as the first. */
struct cache_level {
    int level;      /* 1, 2, ... */
    size_t bytes;   /* of each */
    int count;      /* on this machine */
    int shared_by;  /* processing units below each */
    int line_bytes; /* 0: unknown */
};

/* Counts are 0 where they are unknown. */
struct topology {
    int packages;
    int numa_nodes;
    int cores;
    int processing_units;
    int units_per_core; /* of the core that has most; more than 1: SMT */
    int cache_count;
    struct cache_level caches[TOPOLOGY_CACHES]; /* (cache_count), from level 1 on */
};

/* Looks at this machine, without what a control group forbids. All zeros when hwloc cannot. */
void topology_read(struct topology *topology);

/* The version of hwloc that the program was built with. */
const char *topology_library_version(void);

#endif
