/* SPDX-License-Identifier: MIT
 *
 * What the page shows, as JSON. Long lists are columns: an object of arrays of the same length, for
 * a key in every row would be most of the page. A row is a configuration of the plan, in its order,
 * whatever the list is about names it by its number from 0.
 */
#ifndef DESCENT_REPORT_PAGE_PAGE_DATA_H
#define DESCENT_REPORT_PAGE_PAGE_DATA_H

#include "report/comparison/comparison.h"

#include <jansson.h>

/* How much of a store is drawn or listed; the rest is counted. */
enum {
    PAGE_CURVES = 200,       /* configurations with a curve */
    PAGE_CURVE_POINTS = 120, /* of each */
    PAGE_ENDS = 2000,        /* trials that diverged or failed */
};

/* All but the curves: heads, the comparisons (count, at least 1), the lists below, machines, noise
 * and profile. Each of the two is owned by the caller, NULL on an error. */
bool page_data(const struct opened_store *opened, const struct comparison *comparisons,
               size_t count, json_t **data, struct error *error);

/* The curves of at most PAGE_CURVES configurations, from the best to the worst of each solver. */
bool page_curves(const struct opened_store *opened, json_t **curves, struct error *error);

/* Puts into `data`: "axes" (the hyper-parameters that differ, with their values), "rows" (what
 * came of each configuration), "sections" (data set and lambda), "problems" and "entrants" (times
 * to targets, from a comparison; -1: the target is missed). */
void page_add_rows(json_t *data, const struct opened_store *opened,
                   const struct comparison *comparison);

/* Which points of a trace (count) are drawn: fills `chosen` (PAGE_CURVE_POINTS) with their indices,
 * ascending, and returns how many. */
size_t page_thin(size_t count, size_t chosen[static PAGE_CURVE_POINTS]);

#endif
