/* SPDX-License-Identifier: MIT
 *
 * The rows of machines: which are of one machine (measure/machine/machine.h says). Included by
 * nothing outside this folder.
 */
#ifndef DESCENT_STORE_MACHINES_H
#define DESCENT_STORE_MACHINES_H

#include "store/numbering.h"
#include "store/store_internal.h"

/* Finds out which rows are of one machine; for store_first_of_machine(). */
bool store_number_machines(struct store *store, struct error *error);

/* The first row of the machine that the row `number` is of. */
int64_t store_first_of_machine(const struct store *store, int64_t number);

/* All rows of a machine. Clear `rows`, zero before, with numbering_clear(). */
bool store_list_machine(struct store *store, const char *json, struct numbering *rows,
                        struct error *error);

#endif
