/* SPDX-License-Identifier: MIT
 *
 * No solver: what is left of a trial when its steps are taken away.
 *
 * Problem:   what does the harness itself cost? Clock, loop, evaluations and trace are not free,
 *            and a solver that does nothing is charged for them alone.
 * Step:      none: w and b stay as they are, and so does the objective.
 * Stopping:  the training loop's; the trace is a level line.
 * Reference: the null engine of fio, which does everything but the I/O.
 */
#include "solvers/solver.h"

static void step_null(const struct step *step)
{
    (void)step;
}

const struct solver solver_null = {
    .entry = {"null", "does nothing: what remains is the cost of the harness itself"},
    .uses = USES_RANKS,
    .family = FAMILY_BATCH,
    .step = step_null,
};
