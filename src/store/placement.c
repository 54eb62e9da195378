/* SPDX-License-Identifier: MIT
 *
 * One row a machine: tuning again replaces it.
 */
#include "store/placement.h"

#include "store/machines.h"

#include <stdio.h>

bool store_set_placement(struct store *store, int64_t machine,
                         const struct placement_record *record, struct error *error)
{
    const struct placement *placement = &record->placement;
    const struct cell cells[] = {
        cell_integer(machine),
        cell_integer(placement->models),
        cell_integer(placement->threads),
        cell_integer(placement->side_by_side),
        cell_real(record->seconds),
        cell_text(record->digest),
    };
    return store_run(store, STATEMENT_SET_PLACEMENT, cells, sizeof cells / sizeof *cells, error);
}

/* Finds the row of the machine. */
static bool find_row(struct store *store, int64_t machine, struct placement_record *record,
                     bool *found, struct error *error)
{
    const struct cell cells[] = {cell_integer(machine)};
    sqlite3_stmt *statement = store_query(store, STATEMENT_FIND_PLACEMENT, cells, 1, error);
    if (statement == NULL)
        return false;
    if (store_next(store, statement, error)) {
        *found = true;
        record->placement.models = sqlite3_column_int64(statement, 0);
        record->placement.threads = sqlite3_column_int64(statement, 1);
        record->placement.side_by_side = sqlite3_column_int64(statement, 2);
        record->seconds = column_real(statement, 3);
        snprintf(record->digest, sizeof record->digest, "%s", column_text(statement, 4));
    }
    sqlite3_reset(statement);
    return error->kind == ERROR_NONE;
}

bool store_find_placement(struct store *store, const char *machine, struct placement_record *record,
                          bool *found, struct error *error)
{
    struct numbering rows = {0};
    *record = (struct placement_record){.seconds = 0.0};
    *found = false;
    bool done = store_list_machine(store, machine, &rows, error);
    for (size_t i = 0; i < rows.count && done && !*found; i++)
        done = find_row(store, rows.rows[i].number, record, found, error);
    numbering_clear(&rows);
    return done;
}
