/* SPDX-License-Identifier: MIT
 *
 * SGD against batch descent: which side reaches a given objective first when each may choose the
 * best of its configurations for it. A first look, made from whatever a sweep has recorded.
 *
 * Sides.     Solvers that update from samples, and those that take one step an epoch along the full
 *            gradient (solver.stochastic); only those that minimise the objective
 *            (solver.minimises_objective), so not the perceptron. Within a section (results.h), for
 *            the objective is another function for another lambda.
 * Targets.   On the way from F_0, the least objective that any trial started with, down to F_1, the
 *            least that both sides reached at some point: F_0 - s (F_0 - F_1) for shares s of 50,
 *            90, 99 and 99.9 %. From the least F_0, so that none is reached before the first step;
 *            to F_1, so that each is reached by both sides, however briefly. These are losses and
 *            not gaps to F*, which need not be known.
 * Arrival.   A repeat arrives with its first recorded point at or below the target. One that does
 *            not is censored, not dropped: it arrives after all others, at infinity. A
 *            configuration's time is the median over its repeats, finite if most of them arrive,
 *            and a side's time that of its fastest configuration for this target.
 *
 * Configurations of which a trial diverged or failed, and times that several models shared, take no
 * part; they are counted.
 */
#ifndef DESCENT_REPORT_COMPARISON_H
#define DESCENT_REPORT_COMPARISON_H

#include "report/results.h"

#include <stdbool.h>
#include <stdio.h>

/* Prints it for every section that has configurations of both sides; nothing if there is none. */
bool comparison_print(const struct results *results, struct store *store, FILE *out,
                      struct error *error);

#endif
