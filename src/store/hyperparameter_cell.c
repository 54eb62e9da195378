/* SPDX-License-Identifier: MIT
 *
 * One row for each type of setting.
 */
#include "store/hyperparameter_cell.h"

static struct cell real_cell(const struct hyperparameter *row, struct value value)
{
    return cell_real(hyperparameter_stored(row, value.real));
}

static struct value real_value(const struct hyperparameter *row, sqlite3_stmt *statement,
                               int column)
{
    double stored = sqlite3_column_double(statement, column);
    return (struct value){.real = hyperparameter_restored(row, stored)};
}

static struct cell integer_cell(const struct hyperparameter *row, struct value value)
{
    (void)row;
    return cell_integer(value.integer);
}

static struct value integer_value(const struct hyperparameter *row, sqlite3_stmt *statement,
                                  int column)
{
    (void)row;
    return (struct value){.integer = sqlite3_column_int64(statement, column)};
}

static struct cell choice_cell(const struct hyperparameter *row, struct value value)
{
    (void)row;
    return cell_text(value.choice->name);
}

static struct value choice_value(const struct hyperparameter *row, sqlite3_stmt *statement,
                                 int column)
{
    return (struct value){.choice = table_find(row->choices, column_text(statement, column))};
}

static const struct {
    const char *sql;
    enum rule_type rule;
    struct cell (*cell)(const struct hyperparameter *row, struct value value);
    struct value (*value)(const struct hyperparameter *row, sqlite3_stmt *statement, int column);
} kinds[] = {
    [TYPE_REAL] = {"REAL", RULE_REAL, real_cell, real_value},
    [TYPE_INTEGER] = {"INTEGER", RULE_INTEGER, integer_cell, integer_value},
    [TYPE_CHOICE] = {"TEXT", RULE_TEXT, choice_cell, choice_value},
};

const char *hyperparameter_sql_type(const struct hyperparameter *row)
{
    return kinds[row->type].sql;
}

enum rule_type hyperparameter_rule_type(const struct hyperparameter *row)
{
    return kinds[row->type].rule;
}

struct cell hyperparameter_cell(const struct hyperparameter *row,
                                const struct configuration *configuration)
{
    if (!hyperparameter_applies(row, configuration))
        return (struct cell){.type = CELL_NULL};
    return kinds[row->type].cell(row, hyperparameter_get(row, configuration));
}

bool hyperparameter_from_cell(const struct hyperparameter *row, sqlite3_stmt *statement, int column,
                              struct configuration *configuration, char *reason, size_t size)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return true;
    struct value value = kinds[row->type].value(row, statement, column);
    if (row->type == TYPE_CHOICE && value.choice == NULL) {
        table_unknown(row->choices, column_text(statement, column), reason, size);
        return false;
    }
    hyperparameter_set(row, configuration, value);
    return true;
}
