/* SPDX-License-Identifier: MIT
 *
 * Opening and closing what reports are made of: a store with the results in it.
 */
#ifndef DESCENT_REPORT_OPENED_STORE_H
#define DESCENT_REPORT_OPENED_STORE_H

#include "report/results.h"

/* A store, opened, with what it holds. */
struct opened_store {
    struct store *store;
    const char *name; /* the folder, as the user gave it */
    struct results results;
};

/* Opens the store in folder `name`, which must outlive it, and reads its results. Close
 * with opened_store_close() in any case. */
bool opened_store_open(struct opened_store *opened, const char *name, struct error *error);
void opened_store_close(struct opened_store *opened);

#endif
