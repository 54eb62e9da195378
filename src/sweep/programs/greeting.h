/* SPDX-License-Identifier: MIT
 *
 * Before a sweep: each of its programs is asked who it is, and what may be set. What the runs give
 * is checked against that, at its place in the file, and the name and version that it says are made
 * part of the runs' configurations. So is the version of each other descent (`binary`) and of each
 * BLAS library (`blas`).
 */
#ifndef DESCENT_SWEEP_PROGRAMS_GREETING_H
#define DESCENT_SWEEP_PROGRAMS_GREETING_H

#include "sweep/file/sweep_file.h"

/* Does nothing where no program trains. False, with an error, where one cannot be started or does
 * not answer, or where a run gives what its program does not take. */
bool programs_greet(struct sweep_file *file, struct error *error);

#endif
