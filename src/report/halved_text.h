/* SPDX-License-Identifier: MIT
 *
 * What `method: halving` did, as text for `descent show`.
 */
#ifndef DESCENT_REPORT_HALVED_TEXT_H
#define DESCENT_REPORT_HALVED_TEXT_H

#include "report/halved.h"

#include <stdio.h>

/* A line for each pool, of the first few: who won with how much work, and what the rival would have
 * found with as much. Nothing where nothing was halved. */
void halved_print_verdicts(const struct results *results, const struct halved *halved, FILE *out);

/* The rungs of each pool, of the first few, and the rivals. */
void halved_print(const struct results *results, const struct halved *halved, FILE *out);

#endif
