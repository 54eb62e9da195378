/* SPDX-License-Identifier: MIT
 *
 * The page: one HTML file with everything in it, to be opened, filtered and sent to a colleague.
 * It loads nothing: style, scripts, Chart.js, D3 and the data are inside, and its policy forbids
 * the rest.
 *
 * The data are two JSON objects. One has the numbers of tables, exact: all of them, or with a count
 * of what was left out. The other has the curves, thinned for drawing and to six digits. The
 * scripts (page/) show them and compute no statistics of their own.
 */
#ifndef DESCENT_REPORT_PAGE_PAGE_H
#define DESCENT_REPORT_PAGE_PAGE_H

#include "report/opened_store.h"

#include <stdio.h>

/* Writes the page of a store. It opens with the comparison of the sides that `by` tells apart (an
 * axis, as in comparison_create()); NULL: with what the store has sides of (page_comparison.h).
 * False, with an error and nothing written, when the store cannot be read or there is no such
 * axis; the stream's own errors are left to who opened it. */
bool page_write(const struct opened_store *opened, const char *by, FILE *out, struct error *error);

#endif
