/* SPDX-License-Identifier: MIT
 *
 * The variables that a process is started with beside our own. LD_LIBRARY_PATH, by which the loader
 * is given folders, is of both `environment` and `blas`: the folders of the library come first, and
 * those of the environment follow.
 */
#ifndef DESCENT_SWEEP_PROGRAMS_HOST_VARIABLES_H
#define DESCENT_SWEEP_PROGRAMS_HOST_VARIABLES_H

#include "sweep/file/sweep_file.h"

/* What LD_LIBRARY_PATH would be without a BLAS; NULL: unset. `environment` may be NULL: ours. */
const char *host_variables_folders(const struct environment *environment);

/* For struct process_command, with the variable of the BLAS in the place of that one; NULL: there
 * is no other BLAS. A descent that is not `tuned` runs the first variants of its kernels. Free with
 * memory_free(); the texts are not copied. */
const char **host_variables(const struct environment *environment, const char *blas, bool tuned);

#endif
