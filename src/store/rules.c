/* SPDX-License-Identifier: MIT
 *
 * SQLite holds any value in any column, whatever its type was declared to be, and a file can be
 * damaged or changed by another program. So each column has a row here, and rows that are read are
 * checked where they come in. Tables of few rows are checked whole when a store is opened, with
 * what rows refer to; trials, configurations and traces, which may be millions, as they are read.
 */
#include "store/rules.h"

#include "base/memory.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct rules rules_find(sqlite3_stmt *statement, const char *table)
{
    const int count = sqlite3_column_count(statement);
    struct rules found = {.count = count, .outer = -1};
    found.columns = memory_allocate((size_t)count + 1, sizeof *found.columns);
    for (int i = 0; i < count; i++) {
        char names[128];
        snprintf(names, sizeof names, "%s", sqlite3_column_name(statement, i));
        char *dot = strchr(names, '.');
        if (dot != NULL)
            *dot = '\0';
        if (dot != NULL || table != NULL)
            found.columns[i] =
                rules_of_column(dot != NULL ? names : table, dot != NULL ? dot + 1 : names);
        if (strcmp(sqlite3_column_name(statement, i), "trial.id") == 0)
            found.outer = i;
    }
    return found;
}

/* --- Checking -------------------------------------------------------------------------------- */

bool store_damaged(const struct store *store, struct error *error, const char *format, ...)
{
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_usage(error,
                       "%s/store.sqlite is damaged: %s; restore a copy, or use --fresh to start "
                       "over",
                       store->folder, what);
}

static bool number_is_allowed(const struct column_rule *rule, double number)
{
    const struct hyperparameter *row = rule->hyperparameter;
    struct value value;
    char reason[512];
    if (row == NULL || row->type == TYPE_CHOICE)
        return number >= rule->least && number <= rule->most;
    const double meant = hyperparameter_restored(row, number);
    if (row->keyword != NULL && meant == row->keyword_value())
        return true;
    return setting_from_real(&row->setting, meant, &value, reason, sizeof reason);
}

static bool value_is_allowed(const struct column_rule *rule, sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        return rule->optional;
    case SQLITE_INTEGER:
        return (rule->type == RULE_INTEGER || rule->type == RULE_REAL) &&
               number_is_allowed(rule, (double)sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return rule->type == RULE_REAL &&
               number_is_allowed(rule, sqlite3_column_double(statement, column));
    case SQLITE_TEXT:
        return rule->type == RULE_TEXT &&
               (rule->known == NULL || rule->known(column_text(statement, column)));
    default:
        return rule->type == RULE_BLOB;
    }
}

/* What may stand there, for a message. */
static char *describe(const struct column_rule *rule, char *text, size_t size)
{
    const char *what = rule->type == RULE_INTEGER ? "a whole number" : "a number";
    if (rule->hyperparameter != NULL)
        return setting_allowed(&rule->hyperparameter->setting, text, size);
    if (rule->type == RULE_TEXT || rule->type == RULE_BLOB)
        snprintf(text, size, "%s", rule->known != NULL ? "a text known to this program" : "text");
    else if (isinf(rule->least))
        snprintf(text, size, "%s", what);
    else
        snprintf(text, size, "%s from %.16g to %.16g", what, rule->least, rule->most);
    return text;
}

/* "configuration -1; a whole number from 1 to ... is expected". The number of a row goes by the
 * name of its table. */
static bool refuse(const struct column_rule *rule, sqlite3_stmt *statement, int column,
                   const struct store *store, struct error *error)
{
    char allowed[512], value[128];
    const bool is_text = sqlite3_column_type(statement, column) == SQLITE_TEXT;
    const bool is_id = strcmp(rule->column, "id") == 0;
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        snprintf(value, sizeof value, "is missing");
    else
        snprintf(value, sizeof value, is_text ? "'%.100s'" : "%.100s",
                 column_text(statement, column));
    return store_damaged(store, error, "%s%s%s %s; expected %s", rule->table, is_id ? "" : " ",
                         is_id ? "" : rule->column, value, describe(rule, allowed, sizeof allowed));
}

bool rules_check(const struct rules *rules, sqlite3_stmt *statement, struct store *store,
                 struct error *error)
{
    const bool no_row =
        rules->outer >= 0 && sqlite3_column_type(statement, rules->outer) == SQLITE_NULL;
    for (int i = 0; i < rules->count; i++) {
        const struct column_rule *rule = &rules->columns[i];
        if (rule->type == RULE_NONE || value_is_allowed(rule, statement, i) ||
            (no_row && strcmp(rule->table, "trial") == 0 &&
             sqlite3_column_type(statement, i) == SQLITE_NULL))
            continue;
        return refuse(rule, statement, i, store, error);
    }
    return true;
}

/* --- When a store is opened ------------------------------------------------------------------ */

/* Tables of few rows, or that are read in part only: by conditions of statements that read others.
 */
static const char *const small_tables[] = {"sweep",    "machine",  "data",      "plan",
                                           "optimum",  "finalist", "placement", "ceiling",
                                           "exchange", "remark"};

/* The smallest number of a row: what is large is found where it is read. */
static const char *const large_tables[] = {"configuration", "trial"};

static bool check_table(struct store *store, const char *table, const char *columns,
                        const char *which, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT %s FROM %s%s", columns, table, which);
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return store_failed(store, error);
    struct rules rules = rules_find(statement, table);
    while (store_next(store, statement, error) && rules_check(&rules, statement, store, error)) {
    }
    sqlite3_finalize(statement);
    memory_free(rules.columns);
    return error->kind == ERROR_NONE;
}

static bool check_references(struct store *store, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, "PRAGMA foreign_key_check", -1, &statement, NULL) !=
        SQLITE_OK)
        return store_failed(store, error);
    if (store_next(store, statement, error))
        store_damaged(store, error, "a row of the table %s refers to a row of %s that is not there",
                      column_text(statement, 0), column_text(statement, 2));
    sqlite3_finalize(statement);
    return error->kind == ERROR_NONE;
}

bool rules_check_facts(struct store *store, struct error *error)
{
    bool done = true;
    for (size_t i = 0; i < sizeof small_tables / sizeof *small_tables && done; i++)
        done = check_table(store, small_tables[i], "*", "", error);
    for (size_t i = 0; i < sizeof large_tables / sizeof *large_tables && done; i++)
        done = check_table(store, large_tables[i], "id", " ORDER BY id LIMIT 1", error);
    return done && check_references(store, error);
}
