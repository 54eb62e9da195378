/* SPDX-License-Identifier: MIT
 *
 * The ranking of one solver's configurations by a metric (store/metric.h), of which each has the
 * median over its trials. Where trials have none, as without held-out rows, they come last.
 */
#ifndef DESCENT_REPORT_RANKING_H
#define DESCENT_REPORT_RANKING_H

#include "report/results.h"
#include "store/metric.h"

#include <stddef.h>
#include <stdio.h>

/* Prints the `top` best configurations of `solver` in a section, and how many trials diverged,
 * failed or are missing; nothing where the solver has no configuration. One of which a trial
 * diverged or failed is never among the best. */
void ranking_print(const struct results *results, size_t section, const struct entry *solver,
                   const struct metric *metric, size_t top, FILE *out);

/* The best of a section, whatever its solver; NULL: no trial ended well. */
const struct outcome *ranking_best(const struct results *results, size_t section,
                                   const struct metric *metric);

/* May numbers of two sections be compared by the metric? Objectives of two are those of two
 * functions; losses on the same rows held out are not, however features were prepared. */
bool ranking_comparable(const struct results *results, size_t section, size_t other,
                        const struct metric *metric);

/* The best of the largest section and of all that may be compared with it; NULL: no trial ended
 * well. */
const struct outcome *ranking_best_of_all(const struct results *results,
                                          const struct metric *metric);

/* Why an outcome without a solo trial has no time of its own, in a word: "batched", "path". */
const char *ranking_untimed(const struct outcome *outcome);

/* What an outcome has of it; NaN: nothing. */
double ranking_value(const struct outcome *outcome, const struct metric *metric);

#endif
