/* SPDX-License-Identifier: MIT
 *
 * The ranking of one solver's configurations by the objective they ended with.
 */
#ifndef DESCENT_REPORT_RANKING_H
#define DESCENT_REPORT_RANKING_H

#include "report/results.h"

#include <stddef.h>
#include <stdio.h>

/* Prints the `top` best configurations of `solver` in a section, and how many trials diverged,
 * failed or are missing; nothing where the solver has no configuration. One of which a trial
 * diverged or failed is never among the best. */
void ranking_print(const struct results *results, size_t section, const struct entry *solver,
                   size_t top, FILE *out);

#endif
