/* SPDX-License-Identifier: MIT
 *
 * Statements of the table `checkpoint`.
 */
#include "store/checkpoint.h"

#include "base/memory.h"
#include "store/machines.h"

#include <string.h>

#define KEY_CELLS(key_)                                                                            \
    cell_integer((key_).configuration), cell_integer((key_).final), cell_integer((key_).repeat)

bool store_set_checkpoint(struct store *store, struct trial_key key,
                          const struct checkpoint *checkpoint, struct error *error)
{
    const struct cell cells[] = {
        KEY_CELLS(key),
        cell_integer(checkpoint->machine),
        cell_integer(checkpoint->epoch),
        cell_integer(checkpoint->continued),
        {.type = CELL_BLOB, .data = checkpoint->bytes, .bytes = checkpoint->size},
    };
    return store_run(store, STATEMENT_SET_CHECKPOINT, cells, sizeof cells / sizeof *cells, error);
}

static void read_bytes(sqlite3_stmt *statement, struct checkpoint *checkpoint)
{
    const void *bytes = sqlite3_column_blob(statement, 3);
    checkpoint->size = (size_t)sqlite3_column_bytes(statement, 3);
    checkpoint->bytes = memory_allocate_untouched(checkpoint->size + 1, 1);
    if (bytes != NULL)
        memcpy(checkpoint->bytes, bytes, checkpoint->size);
}

bool store_find_checkpoint(struct store *store, struct trial_key key, bool whole,
                           struct checkpoint *checkpoint, struct error *error)
{
    const struct cell cells[] = {KEY_CELLS(key)};
    *checkpoint = (struct checkpoint){0};
    sqlite3_stmt *statement =
        store_query(store, whole ? STATEMENT_READ_CHECKPOINT : STATEMENT_FIND_CHECKPOINT, cells,
                    sizeof cells / sizeof *cells, error);
    if (statement == NULL)
        return false;
    if (store_next(store, statement, error)) {
        checkpoint->machine = store_first_of_machine(store, sqlite3_column_int64(statement, 0));
        checkpoint->epoch = sqlite3_column_int64(statement, 1);
        checkpoint->continued = sqlite3_column_int64(statement, 2);
        if (whole)
            read_bytes(statement, checkpoint);
    }
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

bool store_forget_checkpoint(struct store *store, struct trial_key key, struct error *error)
{
    const struct cell cells[] = {KEY_CELLS(key)};
    return store_run(store, STATEMENT_FORGET_CHECKPOINT, cells, sizeof cells / sizeof *cells,
                     error);
}
