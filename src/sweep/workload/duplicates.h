/* SPDX-License-Identifier: MIT
 *
 * Duplicates: combinations of an expansion that come to a configuration which is there already.
 * They are never trained again; they are counted, by what makes them, and told.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_DUPLICATES_H
#define DESCENT_SWEEP_WORKLOAD_DUPLICATES_H

#include "sweep/file/sweep_file.h"

#include <stdio.h>

enum duplicate_cause {
    DUPLICATE_UNUSED, /* differs only in an axis that does not apply */
    DUPLICATE_VALUE,  /* has a value, or values that go together, given twice */
    DUPLICATE_DRAW,   /* was drawn before */
    DUPLICATE_RUN,    /* is in an earlier run too */
    DUPLICATE_CAUSES
};

struct duplicates {
    size_t combinations; /* or draws, of one data set: these and all others */
    struct duplicate {
        size_t count;
        /* the first of them: */
        struct configuration example;      /* canonical */
        const struct hyperparameter *axis; /* that is not used, or has a value twice; or NULL */
        size_t line;                       /* of the earlier run */
    } causes[DUPLICATE_CAUSES];
};

/* Counts a combination of a grid, or a draw, that is there already: as given, and canonical. `line`
 * is that of another run that has it, or 0: it is of this one. */
void duplicates_add(struct duplicates *duplicates, const struct sweep_file *file,
                    const struct run *run, const struct configuration *given,
                    const struct configuration *canonical, size_t line);

/* Tells of them, in one line; nothing where there are none. */
void duplicates_tell(const struct duplicates *duplicates, const struct sweep_file *file, FILE *out);

#endif
