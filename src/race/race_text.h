/* SPDX-License-Identifier: MIT
 *
 * A race for people: one line that is the answer, and a table of what it rests on.
 */
#ifndef DESCENT_RACE_RACE_TEXT_H
#define DESCENT_RACE_RACE_TEXT_H

#include "race/race_verdict.h"
#include "race/racers.h"

#include <stdio.h>

/* The answer: "B is 1.7 % slower (1.2 to 2.2 %), which is allowed (up to 5 %)". Free with
 * memory_free(). */
char *race_answer(const struct race *race, const struct race_verdicts *verdicts);

void race_print_text(const struct race *race, const struct race_verdicts *verdicts,
                     const struct racers *racers, FILE *out);

/* Of a race that came to no end: the times of its complete rounds, without a verdict. */
void race_print_times(const struct race *race, FILE *out);

#endif
