/* SPDX-License-Identifier: MIT
 *
 * Ladders: a program that knows nothing but its own tolerance is run with several of them, and at
 * each target the loosest that reaches it is its measure there. The rule chooses, not the clock: of
 * several that reach a target the one that happened to be fastest would look faster than it is.
 *
 * A ladder is what differs in nothing but the parameter that `ladder` names; larger is looser.
 */
#ifndef DESCENT_REPORT_COMPARISON_LADDERS_H
#define DESCENT_REPORT_COMPARISON_LADDERS_H

#include "report/comparison/contenders.h"

/* Marks, at each target, the entrants that a looser rung of their ladder makes needless: one of
 * which at least half the trials reach it. */
void ladders_climb(struct problem *problem);

#endif
