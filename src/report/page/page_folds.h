/* SPDX-License-Identifier: MIT
 *
 * Cross-validation on the page.
 */
#ifndef DESCENT_REPORT_PAGE_PAGE_FOLDS_H
#define DESCENT_REPORT_PAGE_PAGE_FOLDS_H

#include "report/results.h"

#include <jansson.h>

/* What report/cross_validation.h tells as JSON, and "picture": its curves over a number "across"
 * (report/validation_curves.h), each with an ink, the numbers "at", "mean" and "error" (the
 * standard one), and the index of the "best" and of the "simplest" in them, where it has it; or
 * null where no number differs. null where nothing was trained without a fold. */
json_t *page_folds(const struct results *results);

#endif
