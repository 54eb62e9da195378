/* SPDX-License-Identifier: MIT
 *
 * How many rounds a race has. The first of them, the pilot, show how far runs of one side scatter;
 * from that alone follows the number of all: who looks at the difference after every round and
 * stops when it is significant finds differences where there are none. Where all of those rounds
 * show more noise than the pilot did, more follow, again from the noise alone.
 *
 * With a standard deviation s of the logarithm of a run's time, B's estimate against the k - 1
 * others scatters by s sqrt(k / (k - 1) / n) after n rounds, and a difference of the resolution r
 * is found with a probability of 1 - beta where
 *
 *     n >= (z(alpha / 2) + z(beta))^2 s^2 k / (k - 1) / log(1 + r)^2
 *
 * s is taken from the differences of sides within rounds, by their median, as one disturbed round
 * in ten is no more than that; it is told 1.25 times as large as it was found, since a pilot may
 * find it too small.
 */
#ifndef DESCENT_RACE_RACE_PLAN_H
#define DESCENT_RACE_RACE_PLAN_H

#include "race/race.h"

/* Rounds of the pilot: whole Latin squares, and enough for an interval of every verdict; every
 * order of links twice. */
size_t race_pilot(const struct race *race);

/* The least number of values of each side that every verdict has an interval from: of rounds, or of
 * orders of links. */
size_t race_values_least(const struct race *race);

/* From the rounds that there are, which took race->seconds. */
void race_plan_make(struct race *race);

/* "plan: 24 rounds in 38.0 s: runs of one side scatter by 1.4 %, ...": a line. */
void race_plan_tell(const struct race *race, FILE *out);

/* The values of a task, or of the geometric mean of all (task == race->tasks): logarithms (rounds,
 * race_columns()), and what they come to; free with memory_free(). */
double *race_logarithms(const struct race *race, size_t task);

/* Verdicts are as many as tasks, and one more of their mean where there are several. */
static inline size_t race_verdict_count(const struct race *race)
{
    return race->tasks > 1 ? race->tasks + 1 : 1;
}

#endif
