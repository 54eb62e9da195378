/* SPDX-License-Identifier: MIT
 *
 * The table of solvers. A new one is a file with its row, and a line here.
 */
#include "solvers/solver.h"

static const struct entry *const rows[] = {
    &solver_perceptron.entry,
    &solver_sgd.entry,
    &solver_sgd_averaged.entry,
    &solver_hogwild.entry,
    &solver_local_sgd.entry,
    &solver_minibatch.entry,
    &solver_minibatch_momentum.entry,
    &solver_minibatch_adagrad.entry,
    &solver_minibatch_adam.entry,
    &solver_gd.entry,
    &solver_gd_momentum.entry,
    &solver_gd_nesterov.entry,
    &solver_gd_backtracking.entry,
    &solver_svrg.entry,
    &solver_saga.entry,
    &solver_lbfgs.entry,
    &solver_newton.entry,
    &solver_null.entry,
};

const struct table solver_table = TABLE("solver", rows);
