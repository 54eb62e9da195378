/* SPDX-License-Identifier: MIT
 *
 * What the loops over the data have in common: the data, the kernels that were chosen for them, how
 * many models are trained side by side, and the threads and ranks that share the work. It is made
 * once, before the first loop, and outlives them all: a loop keeps a pointer to it, and beside that
 * only what is its own.
 */
#ifndef DESCENT_KERNELS_KERNEL_PROBLEM_H
#define DESCENT_KERNELS_KERNEL_PROBLEM_H

#include "kernels/kernel.h"

struct agreement; /* kernels/pass.h */
struct ranges;    /* data/ranges.h */

/* Rows that do not count for a model: `row_parts` (n of the data) and `parts` (k), as passes are
 * told them (models.h). The latter is packed when models leave. */
struct parts_left {
    const uint16_t *row_parts;
    double *parts;
};

struct kernel_problem {
    const struct dataset *data;
    const struct kernel *pass;  /* of passes over the data */
    const struct kernel *sgd;   /* of epochs of one-sample steps, or NULL: there are none */
    const struct kernel *given; /* of passes over rows as they were given: those held out, and all
                                 * where those trained on are stored in fewer bits */
    size_t models;              /* k, at most */
    size_t workers;             /* that rows are shared out among, in parts; 0: they are one part */
    const struct parts_left *left; /* where models are trained without parts of the rows, or NULL */
    const struct ranges *ranges;   /* of the columns, where they are known already, or NULL */
    bool residuals;                /* those of the last pass over all rows are asked for; k = 1 */
    int threads;
    struct agreement *agreement; /* of ranks, where rows are distributed, or NULL */
};

#endif
