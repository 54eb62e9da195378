/* SPDX-License-Identifier: MIT
 *
 * Comparisons on the page: what its switch offers, and each as JSON.
 */
#ifndef DESCENT_REPORT_PAGE_PAGE_COMPARISON_H
#define DESCENT_REPORT_PAGE_PAGE_COMPARISON_H

#include "report/comparison/comparison.h"
#include "report/plots/palette.h"

#include <jansson.h>

/* Every comparison reads all traces again, so there are few, and of a large store one. */
enum {
    PAGE_COMPARISONS = 5,
    PAGE_COMPARED_TRIALS = 2000, /* of a store with more, there is one */
};

/* What tells the sides of each apart; the page opens with the first. That is `by`, unless it is
 * NULL: then families or, where there is one family alone, the first axis that has sides. Others
 * are the axes with 2 to SIDES_MOST values: those that a method is chosen by before those that it
 * is tuned by. Lambda, which makes another problem, and the seed, which is luck, are taken only
 * where they are asked for. Fills `axes` and returns how many there are, at least 1. */
size_t page_axes(const struct opened_store *opened, const char *by,
                 const char *axes[static PAGE_COMPARISONS]);

/* A comparison as descent compare tells it, of the first SECTIONS_SHOWN problems, and:
 *   "colours"           of the sides;
 *   "left_out"          problems beyond them;
 *   "words"             the closing paragraph, if it can be read;
 *   "side_of"           the side of each row, -1: none;
 *   "problem_of"        the problem of each section of the results, -1: none that is here;
 *   a problem's "title" in words, and "spreads": for each target and side the quartiles of the
 *                       times to it, [25 %, 75 %]: what is drawn of its rounds. */
json_t *page_comparison(const struct opened_store *opened, const struct comparison *comparison);

/* {"name", "colour" on white, "dark" on dark paper, "dash"}. */
json_t *page_ink(const char *name, struct ink ink);

#endif
