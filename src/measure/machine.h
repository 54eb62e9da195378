/* SPDX-License-Identifier: MIT
 *
 * Facts about this machine and this build, as recorded with every result.
 */
#ifndef DESCENT_MEASURE_MACHINE_H
#define DESCENT_MEASURE_MACHINE_H

#include <stdio.h>

/* One JSON object with sorted keys and no changing values (no date, no load), so that equal text
 * means the same machine and build. Free with memory_free(). */
char *machine_json(void);

/* Version, commit, compiler, flags and BLAS, a line each: descent --version. */
void machine_print_version(FILE *out);

#endif
