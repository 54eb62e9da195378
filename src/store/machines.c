/* SPDX-License-Identifier: MIT
 *
 * Machines, of which one may have several rows: before its identity was told from what a probe
 * happened to find, a probe that failed once made it another. All rows of a machine are read as the
 * first of them.
 */
#include "store/machines.h"

#include "base/memory.h"
#include "measure/machine/machine_identity.h"
#include "store/rules.h"

#include <string.h>

/* What is known of the first row of each machine. */
struct known {
    int64_t number;
    struct machine_facts *facts;
};

bool store_number_machines(struct store *store, struct error *error)
{
    struct known *known = NULL;
    size_t count = 0, capacity = 0;
    numbering_clear(&store->machines);
    sqlite3_stmt *statement = store_query(store, STATEMENT_LIST_MACHINES, NULL, 0, error);
    while (statement != NULL && store_next(store, statement, error)) {
        const int64_t number = sqlite3_column_int64(statement, 0);
        struct machine_facts *facts = machine_facts_read(column_text(statement, 1));
        size_t same = 0;
        while (same < count && !machine_facts_same(known[same].facts, facts))
            same++;
        numbering_add(&store->machines, number, same < count ? known[same].number : number);
        if (same < count) {
            machine_facts_free(facts);
            continue;
        }
        known = memory_grow(known, &capacity, count + 1, sizeof *known);
        known[count++] = (struct known){number, facts};
    }
    for (size_t i = 0; i < count; i++)
        machine_facts_free(known[i].facts);
    memory_free(known);
    return error->kind == ERROR_NONE;
}

int64_t store_first_of_machine(const struct store *store, int64_t number)
{
    int64_t first = numbering_find(&store->machines, number);
    return first != 0 ? first : number;
}

/* The first row of that machine; 0: it has none. `*more`: what is known of it now beside what is
 * recorded, or NULL; free it with memory_free(). */
static bool find_machine(struct store *store, const char *json, int64_t *number, char **more,
                         struct error *error)
{
    struct machine_facts *facts = machine_facts_read(json);
    sqlite3_stmt *statement = store_query(store, STATEMENT_LIST_MACHINES, NULL, 0, error);
    *number = 0;
    while (statement != NULL && *number == 0 && store_next(store, statement, error)) {
        struct machine_facts *other = machine_facts_read(column_text(statement, 1));
        if (machine_facts_same(other, facts)) {
            *number = sqlite3_column_int64(statement, 0);
            *more = machine_facts_complete(other, facts);
        }
        machine_facts_free(other);
    }
    sqlite3_reset(statement);
    machine_facts_free(facts);
    return error->kind == ERROR_NONE;
}

bool store_add_machine(struct store *store, const char *json, int64_t *machine, struct error *error)
{
    char *more = NULL;
    bool done = find_machine(store, json, machine, &more, error);
    if (done && *machine == 0) {
        const struct cell cells[] = {cell_text(json)};
        done = store_run(store, STATEMENT_ADD_MACHINE, cells, 1, error);
        *machine = sqlite3_last_insert_rowid(store->db);
    } else if (done && more != NULL) {
        const struct cell cells[] = {cell_text(more), cell_integer(*machine)};
        done = store_run(store, STATEMENT_COMPLETE_MACHINE, cells, 2, error);
    }
    memory_free(more);
    return done;
}

bool store_find_machine(struct store *store, const char *json, int64_t *machine,
                        struct error *error)
{
    char *more = NULL;
    bool done = find_machine(store, json, machine, &more, error);
    memory_free(more);
    return done;
}

bool store_list_machine(struct store *store, const char *json, struct numbering *rows,
                        struct error *error)
{
    struct machine_facts *facts = machine_facts_read(json);
    sqlite3_stmt *statement = store_query(store, STATEMENT_LIST_MACHINES, NULL, 0, error);
    while (statement != NULL && store_next(store, statement, error)) {
        struct machine_facts *other = machine_facts_read(column_text(statement, 1));
        int64_t number = sqlite3_column_int64(statement, 0);
        if (machine_facts_same(other, facts))
            numbering_add(rows, number, number);
        machine_facts_free(other);
    }
    machine_facts_free(facts);
    return error->kind == ERROR_NONE;
}
