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

/* Prints it with at most `top` configurations of each solver. A configuration of which a trial
 * diverged or failed is never among them; it is counted. */
void summary_print(const struct results *results, size_t top, FILE *out);

/* The title of a section, as reports begin it: data set, its shape, and lambda where it varies. */
void summary_print_section(const struct results *results, const struct section *section, FILE *out);

#endif
