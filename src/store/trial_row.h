/* SPDX-License-Identifier: MIT
 *
 * A row of the table `trial` as SQL sees it, and a row of the list of trials: both follow from the
 * columns (trial_columns.h). Included by nothing outside this folder.
 */
#ifndef DESCENT_STORE_TRIAL_ROW_H
#define DESCENT_STORE_TRIAL_ROW_H

#include "store/store_internal.h"
#include "store/trial_columns.h"

/* The statements that name every column. Free with memory_free(). */
char *trial_row_sql_create(void);
char *trial_row_sql_add(void);

/* The list of trials; NULL on error. What the store has no column for is read as NULL. */
char *trial_row_sql_read(struct store *store, struct error *error);

/* Writes a row, whose `features` are the number of its weights; *id is its number. */
bool trial_row_add(struct store *store, const struct stored_trial *row, int64_t *id,
                   struct error *error);

/* Reads the row at hand of STATEMENT_READ_TRIALS. `row->values` holds the defaults of what does not
 * apply to it. Texts are kept with the list; `before`, the row that came before or NULL, lends it
 * those that are the same. */
bool trial_row_read(struct store *store, sqlite3_stmt *statement, const struct stored_trial *before,
                    struct stored_trials *list, struct stored_trial *row, struct error *error);

/* A copy of a text that lives as long as the list. */
const char *stored_trials_keep(struct stored_trials *list, const char *text);

#endif
