/* SPDX-License-Identifier: MIT
 *
 * Solvers: one row each in solver_table. A solver takes steps of one epoch; it sees an objective
 * (objective.h), never the data. Time, trace, stopping and divergence belong to training.h.
 */
#ifndef DESCENT_SOLVERS_SOLVER_H
#define DESCENT_SOLVERS_SOLVER_H

#include "base/table.h"
#include "solvers/objective.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One step: one epoch of the k models of `models`. */
struct step {
    struct objective *objective;
    struct models *models;
    const double *rates;   /* (k) learning rates of this epoch */
    const uint32_t *order; /* (n) the order of samples, or NULL: as they lie */
    size_t batch;          /* samples a mini-batch */
};

struct solver {
    struct entry entry;
    unsigned uses;            /* USES_... of hyperparameter.h */
    bool stochastic;          /* a step updates more than once an epoch, from samples */
    bool by_sample;           /* a step is an epoch of one-sample updates: it needs an SGD kernel */
    bool minimises_objective; /* false: another rule; the trace only watches F */
    void (*step)(const struct step *step);
};

extern const struct table solver_table;
extern const struct solver solver_perceptron, solver_sgd, solver_minibatch, solver_gd;

/* The solver of a table entry. */
const struct solver *solver_of(const struct entry *entry);

#endif
