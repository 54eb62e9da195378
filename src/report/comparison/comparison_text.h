/* SPDX-License-Identifier: MIT
 *
 * Phrases of a comparison that its parts share, and that the JSON has as well.
 */
#ifndef DESCENT_REPORT_COMPARISON_COMPARISON_TEXT_H
#define DESCENT_REPORT_COMPARISON_COMPARISON_TEXT_H

#include "report/comparison/comparison.h"

enum { COMPARISON_TEXT = 512 };

/* A target: "1e-03", or "99.9 %" of the way. */
char *comparison_mark(char text[static QUANTITY_TEXT], const struct problem *problem,
                      size_t target);

/* "blobs:rows=1000 (1000 rows, 20 features), lambda 0.01"; short: without the shape. */
char *comparison_title(char text[static COMPARISON_TEXT], const struct problem *problem);
char *comparison_short_title(char text[static COMPARISON_TEXT], const struct problem *problem);

/* How many times slower than the side ahead: "3.12 [2.90, 3.40]", with "too few rounds" where that
 * is so; of a ratio that is withheld, how many rounds nothing disturbed: "2 of 15 rounds quiet". */
char *comparison_ratio(char text[static QUANTITY_TEXT], const struct verdict *verdict,
                       const struct side_best *place);

/* The ratio alone, "3.12", or "1.02 to 1.47" where arrivals are known only between recorded epochs;
 * and its interval, "[2.90, 3.40]". */
char *comparison_times(char text[static QUANTITY_TEXT], const struct paired_ratio *ratio);
char *comparison_interval(char text[static QUANTITY_TEXT], const struct paired_ratio *ratio);

/* The side next after the one ahead: that of the least ratio; -1: there is none. */
int comparison_runner_up(const struct sides *sides, const struct verdict *verdict);

/* Epochs to the target, "64", or "64 to 94" where they are known only to lie between; "-": most
 * trials miss it. */
char *comparison_epochs(char text[static QUANTITY_TEXT], const struct side_best *place);

/* What the interval of a verdict covers: "clock", the noise of timing what one seed trains, or
 * "seeds", that as well; NULL: there is none. */
const char *comparison_covers(const struct verdict *verdict);

/* What a verdict is subject to, "for seed 3 only; another seed may differ"; NULL: to nothing. */
char *comparison_condition(char text[static COMPARISON_TEXT], const struct verdict *verdict);

/* One word for programs: "faster", "not significant", "only", "none", "untimed", "disturbed". */
const char *comparison_outcome(const struct verdict *verdict);

/* What the side ahead is: "faster", "faster (not significant)", "only one that reached it". */
const char *comparison_standing(const struct verdict *verdict);

/* "SGD is 3.1 times faster than batch [2.9, 3.4]", "no significant difference: SGD, batch", ...,
 * with what it is subject to. */
char *comparison_verdict(char text[static COMPARISON_TEXT], const struct sides *sides,
                         const struct verdict *verdict);

/* Who is ahead from the first target on: "SGD to 1e-02, batch from 1e-03". */
char *comparison_leaders(char text[static COMPARISON_TEXT], const struct comparison *comparison,
                         size_t problem, size_t budget);

/* Why there is nothing to tell of this problem; NULL: there is. */
const char *comparison_silence(const struct contenders *contenders, const struct problem *problem,
                               const struct match *match);

/* What the targets are distances to. */
void comparison_print_targets_kind(const struct contenders *contenders,
                                   const struct problem *problem, FILE *out);

/* What a store has, what is missing, and the command that brings it: a list. `name`: of the store,
 * as the user gave it. */
void comparison_print_progress(const struct results *results, const char *name, FILE *out);

#endif
