/* SPDX-License-Identifier: MIT
 *
 * A trial and its trace must be of one instant, also while a sweep runs: all is read in one
 * transaction, which lasts until the store is closed.
 */
#include "report/opened_store.h"

bool opened_store_open(struct opened_store *opened, const char *name, struct error *error)
{
    *opened = (struct opened_store){.name = name};
    opened->store = store_open(name, error);
    return opened->store != NULL && store_begin(opened->store, error) &&
           results_read(opened->store, &opened->results, error);
}

void opened_store_close(struct opened_store *opened)
{
    results_clear(&opened->results);
    if (opened->store != NULL)
        store_rollback(opened->store);
    store_close(opened->store);
    *opened = (struct opened_store){0};
}
