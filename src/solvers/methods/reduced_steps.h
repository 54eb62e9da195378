/* SPDX-License-Identifier: MIT
 *
 * One-sample steps whose variance a table of residuals reduces
 * (kernels/stochastic/reduced_epoch.h), as SVRG and SAGA take them.
 */
#ifndef DESCENT_SOLVERS_METHODS_REDUCED_STEPS_H
#define DESCENT_SOLVERS_METHODS_REDUCED_STEPS_H

#include "solvers/solver.h"

extern const struct solver_workspace reduced_steps;

/* The table is the state: n + d + 1 rows. */
size_t reduced_steps_rows(size_t samples, size_t features, const struct configuration *common);

/* An epoch. `fill`: the table is made anew at the models first; `update`: it follows each step. */
void reduced_steps_take(const struct step *step, bool fill, bool update);

#endif
