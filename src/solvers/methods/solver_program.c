/* SPDX-License-Identifier: MIT
 *
 * Another program trains, by the trial protocol (docs/protocol.md).
 *
 * Problem:   the same objective; whether the program minimises it is what its weights are judged
 * by. Step:      none here: a trial is one message to the program and its answer
 *            (sweep/run/program_training.h).
 * Stopping:  the program's own.
 */
#include "solvers/solver.h"

static void step_program(const struct step *step)
{
    (void)step;
}

const struct solver solver_program = {
    .entry = {"program", "another program trains: {program: NAME} in a sweep file with programs"},
    .uses = USES_LAMBDA | USES_THREADS | USES_PROGRAM,
    .family = FAMILY_PROGRAMS,
    .alone = true,
    .outside = true,
    .minimises_objective = true,
    .step = step_program,
};
