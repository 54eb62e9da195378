/* SPDX-License-Identifier: MIT
 *
 * A store that a report is made from, opened and read.
 */
#include "report/sides.h"

bool exhibit_open(struct exhibit *exhibit, const char *name, struct error *error)
{
    *exhibit = (struct exhibit){.store = store_open(name, error), .name = name};
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
