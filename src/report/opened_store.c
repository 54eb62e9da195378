/* SPDX-License-Identifier: MIT
 *
 * A trial and its trace must be of one instant, also while a sweep runs: all is read in one
 * transaction, which lasts until the exhibit is closed.
 */
#include "report/opened_store.h"

bool exhibit_open(struct exhibit *exhibit, const char *name, struct error *error)
{
    *exhibit = (struct exhibit){.name = name};
    exhibit->store = store_open(name, error);
    return exhibit->store != NULL && store_begin(exhibit->store, error) &&
           results_read(exhibit->store, &exhibit->results, error);
}

void exhibit_close(struct exhibit *exhibit)
{
    results_clear(&exhibit->results);
    if (exhibit->store != NULL)
        store_rollback(exhibit->store);
    store_close(exhibit->store);
    *exhibit = (struct exhibit){0};
}
