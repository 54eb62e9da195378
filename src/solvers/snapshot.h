/* SPDX-License-Identifier: MIT
 *
 * A snapshot: one model in training, after some epoch, with all that training needs to go on as if
 * it had never stopped. Nothing in it depends on the models beside which it was trained, so that it
 * may go on in other company: the bits of a model do not depend on that either.
 *
 * What is not in it follows from the configuration: rates and orders of samples are functions of
 * seed and epoch, and what was known of the objective at this point is computed again.
 */
#ifndef DESCENT_SOLVERS_SNAPSHOT_H
#define DESCENT_SOLVERS_SNAPSHOT_H

#include "base/error.h"
#include "solvers/trial.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Seconds so far. `own`: on the training clock, each step shared out among the models in it. */
struct training_clocks {
    double train, evaluate, record, own;
};

struct snapshot {
    int64_t epoch;   /* done */
    size_t features; /* d */
    double *w;       /* (d) */
    double b;
    size_t kept;   /* rows of the solver's state that its next step reads (solver.h) */
    double *state; /* (kept) */
    bool refined;  /* training has gone over to the rows as they were given (training_refine.c) */
    double compare_below;          /* the gradient norm at which it compares again */
    double limit;                  /* objective beyond which the model has diverged */
    size_t targets_met;            /* of gap_targets */
    int64_t next_record;           /* the next epoch that is due for the trace */
    struct trace_point before;     /* the last that was looked at */
    struct trace_point point;      /* of this epoch; NaN: nobody has asked for it */
    struct training_clocks clocks; /* of all that went before */
    struct phase_totals *phases;   /* likewise; NULL: not asked for */
    struct trace trace;            /* so far */
};

void snapshot_free(struct snapshot *snapshot); /* NULL is allowed */

/* Bytes that a snapshot takes, but for its trace. */
double snapshot_bytes(size_t features, size_t kept);

/* What a snapshot is of: the program that made it, the data, and the configuration. */
struct snapshot_identity {
    const char *build, *data, *configuration;
};

/* As bytes, in the byte order of the machine, with a digest at the end. Whether all was written,
 * the caller asks the file. */
void snapshot_write(const struct snapshot *snapshot, const struct snapshot_identity *identity,
                    FILE *file);

/* A snapshot of those bytes. NULL, with an error to follow "the checkpoint ", where they are not
 * whole, or those of another identity. */
struct snapshot *snapshot_read(const void *bytes, size_t size,
                               const struct snapshot_identity *identity, struct error *error);

#endif
