/* SPDX-License-Identifier: MIT
 *
 * How a store keeps a hyper-parameter: the type of its column, what may stand there, writing and
 * reading. A row that does not apply to a configuration is NULL.
 */
#ifndef DESCENT_STORE_HYPERPARAMETER_CELL_H
#define DESCENT_STORE_HYPERPARAMETER_CELL_H

#include "store/rules.h"

/* The type of the column in SQL, and in rules. */
const char *hyperparameter_sql_type(const struct hyperparameter *row);
enum rule_type hyperparameter_rule_type(const struct hyperparameter *row);

struct cell hyperparameter_cell(const struct hyperparameter *row,
                                const struct configuration *configuration);

/* Sets the hyper-parameter from a column of the current row; NULL leaves the default: it does not
 * apply, or did not exist yet. False, with why in `reason`, where this program does not know what
 * stands there. */
bool hyperparameter_from_cell(const struct hyperparameter *row, sqlite3_stmt *statement, int column,
                              struct configuration *configuration, char *reason, size_t size);

#endif
