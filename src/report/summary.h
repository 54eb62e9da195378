/* SPDX-License-Identifier: MIT
 *
 * The summary of a sweep: the best of all, how far it is, and for each data set and solver the best
 * configurations. What is missing is said, with the command that goes on.
 */
#ifndef DESCENT_REPORT_SUMMARY_H
#define DESCENT_REPORT_SUMMARY_H

#include "report/results.h"
#include "store/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Prints it with at most `top` configurations of each solver, by a metric; the best of the largest
 * data set in the first line. `folder`: of the store, as the user gave it. Where there are folds,
 * configurations are told by cross-validation, unless `each_fold`. */
void summary_print(const struct results *results, const char *folder, const struct metric *metric,
                   size_t top, bool each_fold, FILE *out);

#endif
