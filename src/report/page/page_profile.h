/* SPDX-License-Identifier: MIT
 *
 * Profiles of the page: studies (report/scaling/study.h), ceilings and remarks as JSON.
 */
#ifndef DESCENT_REPORT_PAGE_PAGE_PROFILE_H
#define DESCENT_REPORT_PAGE_PAGE_PROFILE_H

#include "base/error.h"
#include "report/comparison/sides.h"

#include <jansson.h>

enum { PAGE_STUDIES = 100 }; /* shown; the rest is counted */

/* Puts "profile" into `data`: an object, or null where nothing was profiled. */
bool page_add_profile(json_t *data, const struct opened_store *opened, struct error *error);

#endif
