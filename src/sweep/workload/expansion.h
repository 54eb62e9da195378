/* SPDX-License-Identifier: MIT
 *
 * Expansion: from axes to configurations. Grids are Cartesian products in the order of the file (a
 * run's own axes before those of the top level), the last axis fastest. Configurations are made
 * canonical, so axes that a solver ignores do not multiply its runs, and duplicates are dropped.
 *
 * Random search draws without replacement, as many different ones as there are trials. Draw i is
 * from stream i, and every hyper-parameter has its own number in it: raising `trials` or adding an
 * axis leaves what was drawn before as it was. Where there are fewer combinations than trials, each
 * of them is a trial, and that is said.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_EXPANSION_H
#define DESCENT_SWEEP_WORKLOAD_EXPANSION_H

#include "sweep/file/sweep_file.h"
#include "sweep/workload/duplicates.h"

#include <stdio.h>

struct expansion {
    size_t count;
    struct planned {
        size_t source; /* index in sweep_file.sources */
        struct configuration configuration;
        bool masked; /* it leaves out the rows of its fold in a pass over all (training.h), and does
                      * not train on a copy of the others */
        int64_t zoom; /* 0: of the first grid; n: of the n-th around the best (sweep/zoom/) */
        /* Of a path (paths.h), else 0. */
        size_t head;  /* its first item, counted from 1 */
        size_t from;  /* the item whose solution this one begins with, counted from 1; 0: none */
        size_t depth; /* how many go before it */
    } * items;        /* (count), all of one source side by side */
    size_t paths;     /* of at least two items */
    size_t *taken;    /* (runs): different configurations of each, on the last source */
    struct duplicates duplicates; /* of one data set; they are the same on each */
};

/* Expands for these data sets (source_count), of which only the shape and the kind matter. Errors
 * are of the sort that only data reveal (a batch larger than they are, a kernel that does not take
 * them) and carry the place in the file. */
bool expansion_create(const struct sweep_file *file, const struct dataset *const *data,
                      struct expansion *expansion, struct error *error);
void expansion_clear(struct expansion *expansion);

/* Adds items (count) that are not there yet, in the order of their sources, each after those of its
 * source. */
void expansion_extend(struct expansion *expansion, const struct planned *more, size_t count);

/* Tells, a line each, of runs that have fewer configurations than random search was to draw. */
void expansion_tell_shortage(const struct sweep_file *file, const struct expansion *expansion,
                             FILE *out);

#endif
