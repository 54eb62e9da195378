/* SPDX-License-Identifier: MIT
 *
 * What formats of exports share.
 */
#include "store/export/export.h"

/* A transaction around all of it: trials and traces are of one instant, also while a sweep runs. */
bool export_write(struct store *store, const struct export_format *format,
                  struct export_options options, FILE *out, struct error *error)
{
    struct stored_trials list = {0};
    bool done = store_begin(store, error) &&
                store_read_trials(store, options.superseded, &list, error) &&
                format->write(store, &list, options, out, error);
    stored_trials_clear(&list);
    store_rollback(store);
    return done;
}
