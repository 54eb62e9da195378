/* SPDX-License-Identifier: MIT
 *
 * One-sample steps (kernels/stochastic/sgd.h), as several solvers take them.
 */
#ifndef DESCENT_SOLVERS_METHODS_SAMPLE_STEPS_H
#define DESCENT_SOLVERS_METHODS_SAMPLE_STEPS_H

#include "solvers/solver.h"

extern const struct solver_workspace sample_steps;

/* Over the samples order[begin .. begin + count) of a step, or rows begin .. begin + count where it
 * has no order. */
void sample_steps_take(const struct step *step, size_t begin, size_t count,
                       enum activation activation);

#endif
