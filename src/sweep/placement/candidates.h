/* SPDX-License-Identifier: MIT
 *
 * The placements that are tried for a sweep: how many models a pass has at most, how many threads,
 * and how many passes run at a time, as far as the processors reach. What cannot make a difference
 * is left out: more models than any group has, more threads where nothing uses them, more passes
 * than there are groups.
 *
 * Passes that should take the same time, epoch by epoch, are of one kind, whichever placement they
 * are of, so that each kind is trained once to see how long it takes.
 */
#ifndef DESCENT_SWEEP_PLACEMENT_CANDIDATES_H
#define DESCENT_SWEEP_PLACEMENT_CANDIDATES_H

#include "sweep/workload/workload.h"

/* Groups of so many configurations that are alike (workload_is_alike). */
struct kind {
    const struct planned *like; /* a member of one of them */
    size_t models;
    bool threaded; /* can have as many threads as one likes */
    size_t count, capacity;
    const size_t **examples; /* (count): the members (models) of each */
};

/* The sweep in groups of at most so many models. */
struct layout {
    size_t models;
    struct groups groups;
    size_t *kinds;      /* (groups.count): number of its kind */
    size_t most_groups; /* of one data set */
    bool threaded;      /* one of its kinds is */
};

struct candidate {
    size_t layout; /* its number */
    struct placement placement;
    double seconds; /* that the whole sweep is expected to take */
};

enum { LAYOUTS_MOST = 6 };

struct candidates {
    const struct workload *workload;
    size_t kind_count, kind_capacity;
    struct kind *kinds; /* (kind_count) */
    size_t layout_count;
    struct layout layouts[LAYOUTS_MOST];
    size_t count, capacity;
    struct candidate *items; /* (count) */
};

/* For so many processors. Those whose passes would not fit into `memory` bytes are left out, but
 * for one model and one thread. */
struct candidates candidates_create(const struct workload *workload, int processors, double memory);
void candidates_clear(struct candidates *candidates);

#endif
