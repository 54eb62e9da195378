/* SPDX-License-Identifier: MIT
 *
 * The share of noise: how many of the trials that were timed alone, and count, were disturbed by
 * other programs (measure/machine/evidence.h). Everything that tells of noise tells this share.
 */
#ifndef DESCENT_REPORT_NOISE_H
#define DESCENT_REPORT_NOISE_H

#include "report/results.h"

enum { NOISE_LIMITS = 16, NOISE_TEXT = 128 };

struct noise {
    size_t trials;               /* timed alone, in the sweep and the finals */
    size_t watched;              /* of them, those that the system told anything of */
    size_t disturbed;            /* of them, those over a limit, also when they were run again */
    size_t passed[NOISE_LIMITS]; /* (evidence_limit_table.count) of them, those over this limit */
};

/* Adds the trials of a store. */
void noise_add(struct noise *noise, const struct results *results);

/* disturbed / trials; 0 where none was timed alone. */
double noise_share(const struct noise *noise);

/* "66 % of the trials were disturbed by other programs", and whether that is none of them. */
char *noise_words(char text[static NOISE_TEXT], const struct noise *noise);

#endif
