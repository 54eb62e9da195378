/* SPDX-License-Identifier: MIT
 *
 * The rungs of `method: halving` for the page.
 */
#ifndef DESCENT_REPORT_PAGE_PAGE_HALVING_H
#define DESCENT_REPORT_PAGE_PAGE_HALVING_H

#include "report/opened_store.h"

#include <jansson.h>
#include <stdbool.h>

/* Adds "halving": null where nothing was halved, else the criterion and, of each pool, its rungs,
 * its winner and what the baseline would have found (report/halved.h). Winners and choices are
 * rows of the page. */
bool page_add_halving(json_t *data, const struct opened_store *opened, struct error *error);

#endif
