/* SPDX-License-Identifier: MIT
 *
 * A configuration: one choice of a solver and all its hyper-parameters. Here it is as data, for all
 * who look at a field; what each field may be, and what is done with whole configurations, is in
 * hyperparameter.h.
 */
#ifndef DESCENT_SOLVERS_CONFIGURATION_H
#define DESCENT_SOLVERS_CONFIGURATION_H

#include "base/table.h"

#include <stdint.h>

/* The order in which samples are visited: no order at all, one drawn once, one drawn every epoch.
 */
extern const struct table shuffle_table;
extern const struct entry shuffle_none, shuffle_once, shuffle_epoch;

/* Which epochs are recorded: all, or 0 1 2 3 4 6 9 13 ... (each about 1.5 times the last). */
extern const struct table record_table;
extern const struct entry record_every, record_geometric;

struct configuration {
    const struct entry *solver;   /* a row of solver_table */
    const struct entry *kernel;   /* a row of kernel_choice_table */
    double rate;                  /* learning rate, eta0; -INFINITY: `auto`, which no solver sees */
    const struct entry *schedule; /* a row of schedule_table */
    double decay;                /* of inverse, inverse-sqrt and exponential schedules, per epoch */
    int64_t period;              /* of the step schedule, epochs */
    double factor;               /* of the step schedule, by period */
    double floor;                /* of the cosine schedule: last rate as a share of the first */
    int64_t batch;               /* samples per mini-batch */
    double momentum;             /* share of the last step that the next one keeps; beta1 of Adam */
    double beta2;                /* of Adam: the same for squares of gradients */
    int64_t memory;              /* steps that L-BFGS remembers */
    int64_t workers;             /* of local SGD: parts of the rows */
    int64_t average_every;       /* of local SGD: samples of a worker */
    const struct entry *shuffle; /* a row of shuffle_table */
    double lambda;               /* L2 regularisation of the weights, not of the bias */
    int64_t seed;                /* of initial weights and sample order */
    int64_t folds; /* parts that rows are dealt into (data/preparation/folds.h); 0: they are not */
    int64_t fold;  /* trained without the rows of this one, from 1; 0: on all rows */
    int64_t fold_seed; /* of how they are dealt */
    int64_t threads;
    int64_t ranks;        /* processes that its rows are distributed over */
    int64_t epochs;       /* stop after so many */
    double seconds;       /* stop when training has taken so long; infinite: never */
    double gradient_norm; /* stop when ||gradient|| <= this; -INFINITY: never */
    double loss;          /* stop when the objective <= this; -INFINITY: never */
    double gap;           /* stop when the objective - F* <= this; -INFINITY: never */
    double divergence;    /* diverged when the objective > this times max(its start, 1) */
    const struct entry *record;
    const struct entry *program;    /* a word (base/words.h): which program of the sweep file trains
                                     * it;    "descent": this one */
    const struct entry *parameters; /* a word: of that program's own, those that are given
                                     * (sweep/file/program.h) */
    const struct entry
        *ladder; /* a word: the parameter whose loosest value that reaches a target is
                  * measured there (report/comparison/ladders.h); "": there is none */
    const struct entry *program_version; /* a word: what it said that it is, "scikit-learn 1.2.1" */
    const struct entry *program_command; /* a word: how it is started */
    uint64_t start; /* what it begins from: that of a path (sweep/workload/paths.h) is another
                     * configuration than one that begins as usual, 0 */
};

/* What a solver or a schedule makes use of. A hyper-parameter that needs what neither uses does not
 * apply to the configuration: it keeps its default and does not multiply runs. */
enum {
    USES_RATE = 1,
    USES_ORDER = 2,
    USES_BATCH = 4,
    USES_LAMBDA = 8,
    USES_THREADS = 16,
    USES_DECAY = 32,
    USES_STEPS = 64,
    USES_FLOOR = 128,
    USES_MOMENTUM = 256,
    USES_BETA2 = 512,
    USES_MEMORY = 1024,
    USES_WORKERS = 2048,
    USES_OPTIMUM = 4096,  /* it minimises the objective: there is a gap to close */
    USES_RANKS = 8192,    /* rows may be distributed over processes */
    USES_EPOCHS = 16384,  /* it is trained here, epoch by epoch */
    USES_PROGRAM = 32768, /* another program trains it */
};

#endif
