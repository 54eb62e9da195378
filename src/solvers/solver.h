/* SPDX-License-Identifier: MIT
 *
 * Solvers: one row each in solver_table. A solver takes steps of one epoch. It sees an objective
 * (objective.h), and the data only through loops of its own over them (kernels/stochastic/), for
 * which it has a workspace. Time, trace, stopping and divergence belong to training.h.
 */
#ifndef DESCENT_SOLVERS_SOLVER_H
#define DESCENT_SOLVERS_SOLVER_H

#include "solvers/configuration.h"
#include "solvers/objective.h"
#include "solvers/smoothness.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spare_work; /* kernels/shares.h */

/* One step: one epoch of the k models of `models`. */
struct step {
    struct objective *objective;
    struct models *models;
    const struct kernel_problem *problem; /* for loops of its own; after them: objective_moved() */
    void *workspace;                      /* what the solver's has opened, or NULL */
    const struct configuration *const *configurations; /* (k) */
    const double *rates;                               /* (k) learning rates of this epoch */
    const double *lambdas;                             /* (k) */
    const uint32_t *order;          /* (n) the order of samples, or NULL: as they lie */
    size_t batch;                   /* samples per mini-batch */
    double *state;                  /* (state rows, k) what the solver keeps from step to step */
    const struct spare_work *spare; /* for a thread that the step has nothing for; or NULL */
    int64_t epoch;                  /* from 1 */
};

/* What a solver works with beside the objective and its state. */
struct solver_workspace {
    void *(*open)(const struct kernel_problem *problem, const struct configuration *common);
    double (*size)(const struct kernel_problem *problem); /* bytes that it takes, at most */
    void (*close)(void *workspace);
};

/* What a step updates the models with, and how often: solvers of a family are one side of a
 * comparison, and have a colour. */
enum solver_family {
    FAMILY_SGD,       /* single samples, many times an epoch */
    FAMILY_MINIBATCH, /* a few samples, likewise */
    FAMILY_REDUCED,   /* single samples, corrected so that updates become exact at the optimum */
    FAMILY_BATCH,     /* all samples, once */
    FAMILY_PROGRAMS,  /* whatever another program does */
    FAMILIES
};
extern const char *const solver_family_names[FAMILIES];

struct solver {
    struct entry entry;
    unsigned uses; /* USES_... of configuration.h */
    enum solver_family family;
    bool by_sample; /* a step is an epoch of one-sample updates: it needs an SGD kernel */
    bool alone;     /* it cannot train several models side by side: k = 1, always */
    bool outside;   /* it has no steps: another program trains, once and to its own end, and may
                     * answer with other bits every time */
    bool racy;      /* threads race for the weights: not the same bits every time */
    bool begins_with_gradient; /* a step begins with objective_gradient() of where the models are,
                                * so that evaluating them before it costs no pass */
    bool spares_threads;       /* its step does spare work, if a thread comes to have time */
    bool reads_given; /* it looks at rows as they were given, and at none stored in fewer bits */
    bool reads_residuals;     /* it asks for objective_residuals() */
    bool reads_ranges;        /* its workspace begins with the ranges of the columns */
    bool factors;             /* a matrix: it needs LAPACK beside BLAS (cholesky.h) */
    bool minimises_objective; /* false: another rule; the trace only watches F */
    void (*step)(const struct step *step);

    /* The learning rate that `rate: auto` stands for. NULL: the solver has no rate. */
    double (*rate_auto)(const struct smoothness *smoothness,
                        const struct configuration *configuration);

    /* Rows of step.state for (n, d), zero before the first step. When models leave, the columns of
     * the others are packed: every number of a row belongs to its model. NULL: no state. */
    size_t (*state_rows)(size_t samples, size_t features, const struct configuration *common);

    /* Of those the first, so many, are what a step reads of the step before; the others it writes
     * before it reads them. NULL: it reads all. Nothing else is kept from step to step: a workspace
     * may be made anew between two of them. */
    size_t (*kept_rows)(size_t samples, size_t features, const struct configuration *common);

    const struct solver_workspace *workspace; /* NULL: none */
};

extern const struct table solver_table;
extern const struct solver solver_program;

/* Rows of state for one vector (d + 1), the bias last; for one number; and none. */
size_t state_rows_vector(size_t samples, size_t features, const struct configuration *common);
size_t state_rows_number(size_t samples, size_t features, const struct configuration *common);
size_t state_rows_none(size_t samples, size_t features, const struct configuration *common);

/* The solver of a table entry. */
const struct solver *solver_of(const struct entry *entry);

#endif
