/* SPDX-License-Identifier: MIT
 *
 * Opening and closing what reports are made of: a store with the results in it.
 */
#ifndef DESCENT_REPORT_OPENED_STORE_H
#define DESCENT_REPORT_OPENED_STORE_H

#include "report/results.h"

/* A store, opened, with what it holds. */
struct exhibit {
    struct store *store;
    const char *name; /* the folder, as the user gave it */
    struct results results;
};

/* Opens the store in folder `name`, which must outlive the exhibit, and reads its results. Close
 * with exhibit_close() in any case. */
bool exhibit_open(struct exhibit *exhibit, const char *name, struct error *error);
void exhibit_close(struct exhibit *exhibit);

#endif
