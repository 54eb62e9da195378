/* SPDX-License-Identifier: MIT
 *
 * The step of momentum, for full batches and mini-batches alike:
 *
 *     v <- m v - rate g,  w <- w + v                     Polyak 1964
 */
#ifndef DESCENT_SOLVERS_METHODS_MOMENTUM_H
#define DESCENT_SOLVERS_METHODS_MOMENTUM_H

#include "solvers/solver.h"

/* Moves the models along `at`'s gradient and what step->state remembers of the steps before. */
void momentum_step(const struct step *step, const struct evaluation *at);

#endif
