/* SPDX-License-Identifier: MIT
 *
 * The summary of a sweep: how far it is, and for each data set and solver the configurations that
 * ended with the least objective. What is missing is said, with the command that goes on.
 */
#ifndef DESCENT_REPORT_SUMMARY_H
#define DESCENT_REPORT_SUMMARY_H

#include "report/results.h"

#include <stddef.h>
#include <stdio.h>

/* Prints it with at most `top` configurations of each solver. `folder`: of the store, as the user
 * gave it. */
void summary_print(const struct results *results, const char *folder, size_t top, FILE *out);

#endif
